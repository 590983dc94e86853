"""Pictures of games, as SVG from the surface's pieces; nothing in here knows Discord."""
