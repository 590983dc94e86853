"""Faults on demand: everything that goes wrong with Discord now and then, at will.

`sandbox.faults` is the object for Python; `/sandbox/control/faults` the same over JSON.
"""
