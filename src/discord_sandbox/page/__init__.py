"""The page at ``/``: a person's client in the browser.

``static/`` is built from ``frontend/sandbox-page`` by ``make assets`` and committed, so that nobody
needs Node to run the sandbox.
"""

from discord_sandbox.page.routes import attach

__all__ = ["attach"]
