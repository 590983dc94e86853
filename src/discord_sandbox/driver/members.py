"""People and channels in a line of test."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from discord_sandbox.driver.connection import PersonConnection
from discord_sandbox.driver.messages import Json, MessageView
from discord_sandbox.driver.options import autocomplete_options, slash_options
from discord_sandbox.driver.replies import Modal, Reply, click, plain, select, wait_for_answer
from discord_sandbox.driver.voice import Voice

_TEXT_TYPES = (0, 5)


class Channel:
    """A channel as one person sees it."""

    def __init__(self, connection: PersonConnection, channel_id: str) -> None:
        self._connection = connection
        self.id = channel_id

    @property
    def name(self) -> str:
        """Its name."""
        return self._connection.channels[self.id].get("name") or ""

    async def messages(self, limit: int = 50) -> list[MessageView]:
        """The newest messages this person sees, oldest first."""
        answer = await self._connection.ask("history", channel_id=self.id, limit=limit)
        found = [MessageView(one) for one in answer["messages"]]
        for message in found:
            self._connection.messages.setdefault(message.id, message)
        return found

    async def send(
        self, content: str, *, reply_to: MessageView | None = None, files: tuple[str, ...] = ()
    ) -> MessageView:
        """Write a message.

        Args:
            content: Up to 2000 characters.
            reply_to: A message to answer.
            files: Ids of uploads (`Member.upload`).

        Raises:
            OperationRefused: For example without the permission to write here.
        """
        data: Json = {"channel_id": self.id, "content": content, "attachment_ids": list(files)}
        if reply_to is not None:
            data["reply_to"] = reply_to.id
        return MessageView((await self._connection.ask("send_message", **data))["message"])

    async def wait_for(
        self, expected: Callable[[MessageView], bool], timeout: float | None = None
    ) -> MessageView:
        """Wait for a message here that looks as expected, one known already or a new state."""

        def matching() -> MessageView | None:
            known = self._connection.messages.values()
            return next((one for one in known if one.channel_id == self.id and expected(one)), None)

        await self.messages()
        await self._connection.until(
            lambda: matching() is not None, f"an expected message in #{self.name}", timeout
        )
        found = matching()
        if found is None:
            raise await self._connection.wire.fail("the expected message vanished again")
        return found

    async def wait_for_typing(self, timeout: float | None = None) -> None:
        """Wait until somebody starts typing here from now on."""
        connection, seen = self._connection, self._connection.event_count
        await connection.until(
            lambda: any(
                name == "TYPING_START" and data["channel_id"] == self.id
                for name, data in islice(reversed(connection.events), connection.event_count - seen)
            ),
            f"typing in #{self.name}",
            timeout,
        )

    async def click(self, message: MessageView, button: str, timeout: float | None = None) -> Reply:
        """Press a button of a message here."""
        return await click(self._connection, message, button, timeout)

    async def select(
        self,
        message: MessageView,
        *values: object,
        menu: str | None = None,
        timeout: float | None = None,
    ) -> Reply:
        """Choose from a menu of a message here."""
        return await select(self._connection, message, values, menu, timeout)


class Member:
    """A person of a guild, with a client of their own.

    Attributes:
        id: The user's snowflake.
        name: The username.
        connection: The person's client: its `events`, `messages` and `commands`.
    """

    def __init__(self, connection: PersonConnection, name: str) -> None:
        self.connection = connection
        self.id = connection.user_id
        self.name = name
        self._voice: Voice | None = None
        self._default_channel: str | None = None

    def __repr__(self) -> str:
        return f"<Member {self.name}>"

    def channel(self, name: str) -> Channel:
        """A channel this person sees, by name or id.

        Raises:
            LookupError: They see none of this name.
        """
        for key, data in self.connection.channels.items():
            if name in (key, data.get("name")):
                return Channel(self.connection, key)
        raise LookupError(f"{self.name} sees no channel {name!r}")

    def use(self, channel: str) -> Channel:
        """Make a channel the one that commands without `channel=` are used in."""
        chosen = self.channel(channel)
        self._default_channel = chosen.id
        return chosen

    async def dm(self, user: object) -> Channel:
        """Open the direct messages with a user (an id, or anything with an `id`)."""
        answer = await self.connection.ask("open_dm", user_id=str(plain(user)))
        channel: Json = answer["channel"]
        self.connection.channels[channel["id"]] = channel
        return Channel(self.connection, channel["id"])

    async def upload(self, source: Path | bytes, filename: str | None = None) -> str:
        """Upload a file for a command's file option or a message; returns its id."""
        content = (
            source if isinstance(source, bytes) else await asyncio.to_thread(source.read_bytes)
        )
        name = filename or (source.name if isinstance(source, Path) else "file.bin")
        answer = await self.connection.ask(
            "upload", filename=name, data=base64.b64encode(content).decode()
        )
        return answer["attachment"]["id"]

    async def slash(
        self,
        command: str,
        options: Mapping[str, Any] | None = None,
        *,
        channel: str | Channel | None = None,
        timeout: float | None = None,
        **more: Any,
    ) -> Reply:
        """Use a slash command and wait for the answer.

        Args:
            command: Its name; subcommands after a space: ``"settings volume"``.
            options: Values by option name; ids, or members, roles and channels for such options.
            channel: Where (name, id or Channel); the first text channel otherwise.
            timeout: Seconds.
            more: The same as `options`, as keywords.

        Raises:
            OperationRefused: The command cannot be used here or the options are wrong.
            InteractionFailed: The application did not respond.
        """
        where = self._where(channel)
        found = await self.command(command.split(" ", 1)[0], 1)
        result = await self.connection.ask(
            "slash",
            channel_id=where.id,
            command_id=found["id"],
            options=slash_options(found, command, {**(options or {}), **more}),
        )
        return await wait_for_answer(
            self.connection, result["interaction_id"], f"/{command}", timeout
        )

    async def autocomplete(
        self,
        command: str,
        options: Mapping[str, Any] | None = None,
        *,
        focus: str | None = None,
        channel: str | Channel | None = None,
        **more: Any,
    ) -> list[Json]:
        """Type into an option and get the choices, ``[{"name", "value"}]``.

        Args:
            command: As for `slash`.
            options: What has been typed, by option name.
            focus: The option being typed; the last one given otherwise.
            channel: As for `slash`.
            more: The same as `options`, as keywords.
        """
        found = await self.command(command.split(" ", 1)[0], 1)
        values = {**(options or {}), **more}
        result = await self.connection.ask(
            "autocomplete",
            channel_id=self._where(channel).id,
            command_id=found["id"],
            options=autocomplete_options(found, command, values, focus or list(values)[-1]),
        )
        return result["choices"]

    async def context(
        self,
        command: str,
        target: object,
        *,
        channel: str | Channel | None = None,
        timeout: float | None = None,
    ) -> Reply:
        """Use a user command on a member or a message command on a message."""
        kind = 3 if isinstance(target, MessageView) else 2
        found = await self.command(command, kind)
        where = self.channel(target.channel_id) if isinstance(target, MessageView) else None
        result = await self.connection.ask(
            "context",
            channel_id=(where or self._where(channel)).id,
            command_id=found["id"],
            target_id=str(plain(target)),
        )
        return await wait_for_answer(
            self.connection, result["interaction_id"], f"{command!r}", timeout
        )

    async def command(self, name: str, kind: int = 1, timeout: float | None = None) -> Json:
        """The command offered to this person; waits for an application that still registers.

        Args:
            name: Without subcommands.
            kind: 1 chat input, 2 user, 3 message.
            timeout: Seconds.

        Raises:
            ExpectationFailed: It is not offered.
        """

        def find() -> Json | None:
            for one in self.connection.commands:
                if (one["name"], one["type"]) == (name, kind):
                    return one
            return None

        offered = sorted(one["name"] for one in self.connection.commands)
        await self.connection.until(
            lambda: find() is not None,
            f"the command {name!r} to be offered to {self.name} (there are {offered})",
            timeout,
        )
        found = find()
        if found is None:
            raise await self.connection.wire.fail(f"the command {name!r} vanished again")
        return found

    def offers(self, name: str) -> bool:
        """Whether this person is offered a command of this name now."""
        return any(one["name"] == name for one in self.connection.commands)

    async def modal(self, timeout: float | None = None) -> Modal:
        """The newest modal that was opened to this person; waits for one."""

        def newest() -> Json | None:
            events = reversed(self.connection.events)
            return next((data for name, data in events if name == "MODAL_OPEN"), None)

        await self.connection.until(
            lambda: newest() is not None, f"a modal for {self.name}", timeout
        )
        return Modal(self.connection, newest() or {})

    async def join(self, channel: str | Channel) -> Voice:
        """Join a voice channel; the returned ears hear everything from here on.

        Raises:
            OperationRefused: Without the permission to connect, or the channel is full.
        """
        where = channel if isinstance(channel, Channel) else self.channel(channel)
        if self._voice is None:
            self._voice = Voice(self.connection, where.id)
            await self._voice.open()
        self._voice.channel_id = where.id
        await self.connection.ask("voice_join", channel_id=where.id)
        return self._voice

    async def leave(self) -> None:
        """Leave voice."""
        await self.connection.ask("voice_leave")
        if self._voice is not None:
            await self._voice.close()
            self._voice = None

    async def sees_in_voice(
        self, user: object, channel: str | Channel | None, timeout: float | None = None
    ) -> None:
        """Wait until a user (id or member) is in this voice channel; None: in no channel."""
        where = self.channel(channel) if isinstance(channel, str) else channel
        expected = None if where is None else where.id
        key = str(plain(user))

        def holds() -> bool:
            return self.connection.voice_states.get(key, {}).get("channel_id") == expected

        await self.connection.until(holds, f"user {key} to be in {channel!r}", timeout)

    async def set_locale(self, locale: str) -> None:
        """Change the language of this person's client, such as ``de``."""
        await self.connection.ask("set_locale", locale=locale)

    async def close(self) -> None:
        """Close this person's client; they leave voice."""
        if self._voice is not None:
            await self._voice.close()
            self._voice = None
        await self.connection.close()

    def _where(self, channel: str | Channel | None) -> Channel:
        if isinstance(channel, Channel):
            return channel
        if channel is not None:
            return self.channel(channel)
        if self._default_channel is not None:
            return Channel(self.connection, self._default_channel)
        texts = [one for one in self.connection.channels.values() if one["type"] in _TEXT_TYPES]
        first = min(texts, key=lambda one: (one.get("position", 0), int(one["id"])))
        return Channel(self.connection, first["id"])
