"""People in a line of test.

Play persons on a running sandbox, from the same process or another::

    async with Driver.connect("http://127.0.0.1:5000") as driver:
        guild = await driver.guild()
        alice = await guild.member("alice")
        voice = await alice.join("Music")
        reply = await alice.slash("play", query="hymn.opus")
        await reply.click("Skip")
        sound = (await voice.hear(seconds=2)).pcm()

Nothing here sleeps: every call waits for the events it needs, and an expectation that is not met
in time raises `ExpectationFailed` with the sandbox's recent REST and gateway traffic.
"""

from discord_sandbox.driver.driver import Driver, Guild
from discord_sandbox.driver.errors import ExpectationFailed, InteractionFailed, OperationRefused
from discord_sandbox.driver.members import Channel, Member
from discord_sandbox.driver.messages import MessageView
from discord_sandbox.driver.replies import Modal, Reply
from discord_sandbox.driver.voice import Voice, VoiceFrames
from discord_sandbox.people.frames import HeardFrame

__all__ = [
    "Channel",
    "Driver",
    "ExpectationFailed",
    "Guild",
    "HeardFrame",
    "InteractionFailed",
    "Member",
    "MessageView",
    "Modal",
    "OperationRefused",
    "Reply",
    "Voice",
    "VoiceFrames",
]
