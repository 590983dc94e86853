"""One package an outside thing; each implements a port of a feature."""
