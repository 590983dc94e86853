"""Six short pieces the project made itself, so that a fresh installation has something to play.

``python -m discord_sandbox.demo_tracks.compose`` writes them anew from the scores in
:mod:`discord_sandbox.demo_tracks.pieces`. They are in the public domain (CC0).
"""

from pathlib import Path

FOLDER = Path(__file__).parent / "tracks"
"""Where the sound files lie."""
