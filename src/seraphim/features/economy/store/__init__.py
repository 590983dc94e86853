"""The economy's store."""
