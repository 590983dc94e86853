"""The composition root: the only place that knows every room of the house; nothing imports it."""
