"""The games' rules."""
