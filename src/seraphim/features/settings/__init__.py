"""Every feature's settings of one server: see them, change one, take it back."""
