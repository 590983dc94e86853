"""The way in: a driver of one sandbox, and its guilds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, Self

from discord_sandbox.driver.connection import DEFAULT_TIMEOUT, PersonConnection, Wire
from discord_sandbox.driver.errors import ExpectationFailed
from discord_sandbox.driver.members import Channel, Member
from discord_sandbox.driver.messages import Json
from discord_sandbox.driver.replies import plain

_TEXT, _VOICE = 0, 2


class HasUrl(Protocol):
    """Something that says where it answers, such as a `Sandbox` of this process."""

    @property
    def url(self) -> str:
        """``http://127.0.0.1:1234``."""
        ...


class Driver:
    """Plays people on one sandbox; use it as an async context manager.

    Args:
        sandbox: A started `Sandbox` of this process, or the address of one elsewhere.
        timeout: Seconds that expectations wait unless told otherwise.
    """

    def __init__(self, sandbox: HasUrl | str, *, timeout: float = DEFAULT_TIMEOUT) -> None:
        self._url = sandbox if isinstance(sandbox, str) else sandbox.url
        self._timeout = timeout
        self._wire: Wire | None = None
        self._guilds: dict[str, Guild] = {}

    @classmethod
    def connect(cls, url: str, *, timeout: float = DEFAULT_TIMEOUT) -> Driver:
        """A driver of the sandbox at this address."""
        return cls(url, timeout=timeout)

    async def __aenter__(self) -> Self:
        self._wire = Wire(self._url, self._timeout)
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self.close()

    @property
    def wire(self) -> Wire:
        """The HTTP session; raises RuntimeError before the driver was entered."""
        if self._wire is None:
            raise RuntimeError("use the driver as `async with Driver(...) as driver`")
        return self._wire

    async def close(self) -> None:
        """Close every person's client."""
        for guild in self._guilds.values():
            await guild.close()
        if self._wire is not None:
            await self._wire.close()

    async def control(self, method: str, path: str, body: object = None) -> Any:
        """Call the control API below ``/sandbox/control``; returns its JSON.

        Raises:
            OperationRefused: With the HTTP status and what was wrong.
        """
        return await self.wire.request(method, f"/sandbox/control{path}", body)

    async def transcript(self) -> list[Json]:
        """The recent REST exchanges and dispatches, oldest first."""
        return await self.wire.transcript()

    async def guild(self, name: str | None = None) -> Guild:
        """A guild by name or id; without one the seeded guild.

        Raises:
            LookupError: There is none.
        """
        for data in await self.control("GET", "/guilds"):
            if name in (None, data["name"], data["id"]):
                return self._guilds.setdefault(data["id"], Guild(self, data))
        raise LookupError(f"there is no guild {name!r}")

    async def create_guild(
        self,
        name: str,
        *,
        application: object = None,
        channels: Sequence[tuple[str, int]] = (("general", _TEXT), ("Voice", _VOICE)),
    ) -> Guild:
        """Make a guild.

        Args:
            name: Its name.
            application: An application (its JSON or id) whose bot joins with all permissions.
            channels: Names and types (0 text, 2 voice, 4 category, 15 forum ...).
        """
        body: Json = {
            "name": name,
            "channels": [{"name": one, "type": kind} for one, kind in channels],
        }
        if application is not None:
            body["application_id"] = _id_of(application)
        data = await self.control("POST", "/guilds", body)
        return self._guilds.setdefault(data["id"], Guild(self, data))

    async def create_application(self, name: str, redirect_uris: Sequence[str] = ()) -> Json:
        """Make an application; its ``token`` and ``client_secret`` are in the answer."""
        body = {"name": name, "redirect_uris": list(redirect_uris)}
        return await self.control("POST", "/applications", body)

    async def application(self, name: str | None = None) -> Json:
        """An application with its token, by name; without one the first (the seeded one).

        Raises:
            LookupError: There is none.
        """
        for data in await self.control("GET", "/applications"):
            if name in (None, data["name"]):
                return data
        raise LookupError(f"there is no application {name!r}")

    async def fail(self, sentence: str) -> ExpectationFailed:
        """An error with this sentence and the transcript, to be raised by a test's own waits."""
        return await self.wire.fail(sentence)


class Guild:
    """A guild, its people and what its owner can change."""

    def __init__(self, driver: Driver, data: Json) -> None:
        self._driver = driver
        self.id: str = data["id"]
        self.name: str = data["name"]
        self.owner_id: str = data["owner_id"]
        self._members: dict[str, Member] = {}

    async def close(self) -> None:
        """Close the clients of everybody played here."""
        for member in self._members.values():
            await member.close()
        self._members.clear()

    async def member(self, name: str) -> Member:
        """A person by username, nick or id, with a client that stays connected.

        Raises:
            LookupError: No such person.
        """
        for data in await self._driver.control("GET", f"/guilds/{self.id}/members"):
            user = data["user"]
            if name in (user["username"], user["id"], data["nick"]):
                return await self._connect(user)
        raise LookupError(f"there is no member {name!r} in {self.name!r}")

    async def owner(self) -> Member:
        """The guild's owner."""
        return await self.member(self.owner_id)

    async def create_member(
        self, name: str, *, roles: Sequence[str] = (), locale: str = "en-US"
    ) -> Member:
        """Let a new person join.

        Args:
            name: Username.
            roles: Role names or ids.
            locale: The language of their client.
        """
        body = {
            "username": name,
            "role_ids": [await self.role(role) for role in roles],
            "locale": locale,
        }
        data = await self._driver.control("POST", f"/guilds/{self.id}/members", body)
        return await self._connect(data["user"])

    async def add_bot(self, application: object, permissions: int | None = None) -> str:
        """Add an application's bot; returns its user id.

        Args:
            application: Its JSON or id.
            permissions: Bits of its managed role; all when None.
        """
        body: Json = {"application_id": _id_of(application)}
        if permissions is not None:
            body["permissions"] = str(permissions)
        data = await self._driver.control("POST", f"/guilds/{self.id}/members", body)
        return data["user"]["id"]

    async def edit_member(self, member: object, **changes: Any) -> None:
        """Change ``role_ids``, ``nick``, ``locale`` or ``timeout_until`` of a member (or id)."""
        path = f"/guilds/{self.id}/members/{plain(member)}"
        await self._driver.control("PATCH", path, changes)

    async def kick(self, member: object) -> None:
        """Take a member (or id) out."""
        await self._driver.control("DELETE", f"/guilds/{self.id}/members/{plain(member)}")

    async def channel(self, name: str) -> Channel:
        """A channel by name or id, as the owner sees it."""
        return (await self.owner()).channel(name)

    async def create_channel(self, name: str, kind: int = _TEXT, **more: Any) -> str:
        """Make a channel; returns its id. `more`: ``parent_id``, ``topic``, ``user_limit``."""
        body = {"name": name, "type": kind, **more}
        data = await self._driver.control("POST", f"/guilds/{self.id}/channels", body)
        return data["id"]

    async def edit_channel(self, channel: object, **changes: Any) -> None:
        """Change ``name``, ``user_limit``, ``topic`` or ``nsfw`` of a channel (or id)."""
        await self._driver.control("PATCH", f"/channels/{plain(channel)}", changes)

    async def delete_channel(self, channel: object) -> None:
        """Delete a channel (or id)."""
        await self._driver.control("DELETE", f"/channels/{plain(channel)}")

    async def overwrite(
        self, channel: object, target: object, *, allow: int = 0, deny: int = 0, member: bool = True
    ) -> None:
        """Set a channel's permission overwrite for a member (or a role: ``member=False``)."""
        body = {
            "id": str(plain(target)),
            "type": int(member),
            "allow": str(allow),
            "deny": str(deny),
        }
        await self._driver.control("PUT", f"/channels/{plain(channel)}/overwrites", body)

    async def role(self, name: str) -> str:
        """The id of a role by name (or id).

        Raises:
            LookupError: There is none.
        """
        for data in await self._driver.control("GET", f"/guilds/{self.id}/roles"):
            if name in (data["name"], data["id"]):
                return data["id"]
        raise LookupError(f"there is no role {name!r} in {self.name!r}")

    async def create_role(self, name: str, permissions: int = 0) -> str:
        """Make a role; returns its id."""
        body = {"name": name, "permissions": str(permissions)}
        data = await self._driver.control("POST", f"/guilds/{self.id}/roles", body)
        return data["id"]

    async def _connect(self, user: Json) -> Member:
        known = self._members.get(user["id"])
        if known is not None and not known.connection.closed:
            return known
        connection = PersonConnection(self._driver.wire, user["id"], self.id)
        await connection.open()
        member = Member(connection, user["username"])
        self._members[member.id] = member
        return member


def _id_of(application: object) -> str:
    if isinstance(application, dict):
        return str(application["id"])  # pyright: ignore[reportUnknownArgumentType] - JSON
    return str(plain(application))
