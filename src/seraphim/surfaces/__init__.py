"""How Seraphim speaks to the world: Discord and the web."""
