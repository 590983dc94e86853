"""The economy's rules."""
