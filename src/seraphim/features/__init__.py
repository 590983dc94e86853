"""One folder a feature, named with the word a user would use."""
