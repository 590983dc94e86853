"""What the benchmarks share: a local Discord and the bots that compete on it."""
