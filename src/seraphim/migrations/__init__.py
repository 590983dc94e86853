"""One linear sequence of schema changes."""
