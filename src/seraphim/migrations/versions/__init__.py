"""The migrations, one file a version, in one line."""
