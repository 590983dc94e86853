"""Games for coins, each provably fair."""
