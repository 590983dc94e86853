"""A running sandbox and raw clients of its bot."""

from tests.sandbox.gateway.conftest import clients, sandbox, seeded
from tests.sandbox.voice.conftest import bot, dial, enter, lounge, music, new_bot

__all__ = ["bot", "clients", "dial", "enter", "lounge", "music", "new_bot", "sandbox", "seeded"]
