"""A local Discord: the public protocols on loopback, for newcomers, tests and benchmarks."""
