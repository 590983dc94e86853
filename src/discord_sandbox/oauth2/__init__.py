"""OAuth2: the authorize page, codes, tokens, and what a bearer token may ask."""
