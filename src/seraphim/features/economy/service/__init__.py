"""The economy's service."""
