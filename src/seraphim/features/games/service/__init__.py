"""The games' service."""
