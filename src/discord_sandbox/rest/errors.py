"""Discord's errors, in Discord's shape (docs: reference "Error Messages", opcodes "JSON")."""

from typing import Any

from discord_sandbox.world.models import Json


class ApiError(Exception):
    """A request that Discord refuses.

    Attributes:
        status: The HTTP status.
        code: Discord's JSON error code, 0 for a plain HTTP error.
        message: The text beside it.
        errors: The nested ``errors`` object of code 50035.
        extra: More top-level fields (``retry_after``).
    """

    def __init__(
        self,
        status: int,
        code: int,
        message: str,
        errors: Json | None = None,
        *,
        extra: Json | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(f"{status} {code} {message}")
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors
        self.extra = extra or {}
        self.headers = headers or {}

    def body(self) -> Json:
        """Return the response's JSON."""
        data: Json = {"message": self.message, "code": self.code, **self.extra}
        if self.errors is not None:
            data["errors"] = self.errors
        return data


class FormErrors:
    """Collects what is wrong with a body; each at the path of its field.

    ``add("embeds.0.title", "BASE_TYPE_MAX_LENGTH", "Must be 256 or fewer in length.")`` becomes
    ``{"embeds": {"0": {"title": {"_errors": [{"code": ..., "message": ...}]}}}}``.
    """

    def __init__(self) -> None:
        self._tree: Json = {}

    def __bool__(self) -> bool:
        return bool(self._tree)

    def add(self, path: str, code: str, message: str) -> None:
        """Note one problem."""
        node: dict[str, Any] = self._tree
        for part in path.split("."):
            if part:
                node = node.setdefault(part, {})
        node.setdefault("_errors", []).append({"code": code, "message": message})

    def merge(self, tree: Json, path: str = "") -> None:
        """Take over a ready tree of problems at ``path``."""
        if not tree:
            return
        node: dict[str, Any] = self._tree
        for part in path.split("."):
            if part:
                node = node.setdefault(part, {})
        _merge(node, tree)

    def raise_if_any(self) -> None:
        """Raise 50035 when something was noted."""
        if self._tree:
            raise ApiError(400, 50035, "Invalid Form Body", self._tree)


def _merge(into: dict[str, Any], tree: dict[str, Any]) -> None:
    for key, value in tree.items():
        if key == "_errors":
            into.setdefault("_errors", []).extend(value)
        else:
            _merge(into.setdefault(key, {}), value)


def invalid(path: str, code: str, message: str) -> ApiError:
    """Return a 50035 with one problem."""
    errors = FormErrors()
    errors.add(path, code, message)
    try:
        errors.raise_if_any()
    except ApiError as error:
        return error
    raise AssertionError("one problem was added")


def unauthorized() -> ApiError:
    """Return what a bad token gets."""
    return ApiError(401, 0, "401: Unauthorized")


def not_found() -> ApiError:
    """Return what an unknown route gets."""
    return ApiError(404, 0, "404: Not Found")


def method_not_allowed() -> ApiError:
    """Return what a known path with an unknown method gets."""
    return ApiError(405, 0, "405: Method Not Allowed")


_UNKNOWN = {
    10001: "Unknown account",
    10002: "Unknown Application",
    10003: "Unknown Channel",
    10004: "Unknown Guild",
    10006: "Unknown Invite",
    10007: "Unknown Member",
    10008: "Unknown Message",
    10009: "Unknown permission overwrite",
    10011: "Unknown Role",
    10012: "Unknown token",
    10013: "Unknown User",
    10014: "Unknown Emoji",
    10015: "Unknown Webhook",
    10026: "Unknown Ban",
    10029: "Unknown interaction",
    10057: "Unknown Guild Template",
    10060: "Unknown sticker",
    10062: "Unknown interaction",
    10063: "Unknown application command",
    10065: "Unknown Voice State",
    10066: "Unknown application command permissions",
    10067: "Unknown Stage Instance",
    10070: "Unknown Guild Scheduled Event",
    10087: "Unknown tag",
}


def unknown(code: int) -> ApiError:
    """Return the 404 of an unknown thing by its code (10003 channel, 10004 guild, ...)."""
    return ApiError(404, code, _UNKNOWN[code])


def missing_access() -> ApiError:
    """Return 50001: the bot cannot see the thing."""
    return ApiError(403, 50001, "Missing Access")


def missing_permissions() -> ApiError:
    """Return 50013: the bot sees the thing but may not do this."""
    return ApiError(403, 50013, "Missing Permissions")
