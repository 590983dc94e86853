"""The economy's commands."""
