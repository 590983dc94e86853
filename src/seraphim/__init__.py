"""Seraphim: a self-hosted Discord community bot that proves every claim by running it."""
