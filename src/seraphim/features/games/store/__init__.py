"""The games' store."""
