"""OAuth2: the authorize page, codes, tokens, and what a bearer token may ask.

Source: discord-api-docs, "OAuth2".
"""

from discord_sandbox.oauth2.grants import Grant, OAuth2
from discord_sandbox.oauth2.page import attach
from discord_sandbox.oauth2.routes import ROUTES

__all__ = ["ROUTES", "Grant", "OAuth2", "attach"]
