"""Seraphim: a self-hosted Discord community bot that proves every claim by running it."""

__version__ = "0.1.0"
