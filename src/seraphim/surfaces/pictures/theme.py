"""Colours and sizes of every picture.

A picture brings its own dark panel with round corners, so that it looks the same on Discord's dark
(#1a1a1e to #323339) and light (#ffffff) backgrounds; nothing may be drawn outside of a panel.
"""

FONT = "Inter"

GROUND_TOP = "#2b2742"
GROUND_BOTTOM = "#1c1b2a"
GROUND_EDGE = "#4a4470"
PANEL = "#35314f"
LINE = "#48436a"
TEXT = "#f4f2ff"
MUTED = "#aca6cf"
VIOLET = "#7c6cf0"
GOOD = "#3fb883"
WARN = "#e8a93c"
BAD = "#e5534b"
GOLD = "#f3c54b"
GOLD_DEEP = "#b9821b"
FELT_TOP = "#1d6b52"
FELT_BOTTOM = "#114234"
FELT_EDGE = "#2f8f70"
CARD = "#fbfaff"
CARD_EDGE = "#cfcbe4"
CARD_RED = "#d8343c"
CARD_BLACK = "#23213a"

SERIES = ("#8f81ff", "#3fc28b", "#f3b44b", "#ef6a63", "#4cb4e8", "#e07bd0", "#a5c94c", "#b9b3d9")
"""Colours of a chart's series, told apart by people with red-green blindness by their lightness."""
