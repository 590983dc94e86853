"""Hold what the sandbox says against Discord's own descriptions.

Every REST answer is validated against the response schema of its operation in the OpenAPI
description, every dispatch against its own ``*DispatchData`` definition in the gateway schema.
What differs is collected as a violation; a test that has any fails.
"""

import functools
import json
import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, cast

import jsonschema_rs

SPECS = Path(__file__).parents[1] / "specs"
type Json = Any

KNOWN_FAULTS: Final[dict[str, str]] = {
    r'accepted a body at (\S+/)?(allow|deny|permissions): "\d+" is not of types': (
        "requests want a number; the prose (Permissions) sends bit sets as strings"
    ),
    r"guild_scheduled_event_id: null is not of type": (
        "the gateway schema makes it a string; the prose (Stage Instance Object) says ?snowflake"
    ),
    r"POST /users/@me/channels accepted a body at recipient_id: \d+ is not valid": (
        "it wants a string; Discord takes snowflakes as numbers too, and discord.py sends one here"
    ),
    r" -> 400 at errors: ": (
        'ErrorDetails wants integer codes; the prose (Reference, "Error Messages") shows strings '
        "such as BASE_TYPE_REQUIRED at every nested error"
    ),
}
"""Pattern of a violation -> why the description is wrong there (the prose documentation wins)."""

_INTERACTIONS: Final[defaultdict[tuple[int, int], str]] = defaultdict(
    lambda: "APIMessageComponentInteraction",
    {
        (2, 1): "APIChatInputApplicationCommandInteraction",
        (2, 2): "APIUserApplicationCommandInteraction",
        (2, 3): "APIMessageApplicationCommandInteraction",
        (4, 1): "APIApplicationCommandAutocompleteInteraction",
        (5, 0): "APIModalSubmitInteraction",
    },
)
"""Kind of interaction and of command -> its definition: a violation of the right one is readable,
one of the union of all five is not."""

_COMPONENT = 3
_STAGE, _FORUM, _MEDIA = 13, 15, 16
_FLAGS = re.compile(r"^(\w*[Ff]lags|[Pp]ermissions)$")
_NUMBER_FLAGS = {"type": "integer"}


@functools.cache
def _openapi() -> dict[str, Json]:
    document = json.loads((SPECS / "discord-openapi.json").read_text())
    document["components"]["schemas"]["ChannelTypes"]["oneOf"].append({"const": _MEDIA})
    _let_media_in(document)
    return document


def _let_media_in(schema: Json) -> None:
    """GUILD_MEDIA is missing from the description; the prose (Channel Types) has it as 16."""
    if isinstance(schema, list):
        for item in cast("list[Json]", schema):
            _let_media_in(item)
    elif isinstance(schema, dict):
        allowed = cast("dict[str, Json]", schema).get("enum")
        if isinstance(allowed, list) and _FORUM in allowed and _STAGE in allowed:
            cast("list[int]", allowed).append(_MEDIA)
        for item in cast("dict[str, Json]", schema).values():
            _let_media_in(item)


@functools.cache
def _gateway_definitions() -> dict[str, Json]:
    document = json.loads((SPECS / "discord-gateway-schema.json").read_text())
    return {name: _open_flags(name, schema) for name, schema in document["definitions"].items()}


def _open_flags(name: str, schema: Json) -> Json:
    """Bit fields came out as closed enumerations of single bits: accept any integer."""
    if isinstance(schema, list):
        return [_open_flags("", item) for item in cast("list[Json]", schema)]
    if not isinstance(schema, dict):
        return schema
    schema = cast("dict[str, Json]", schema)
    closed = "enum" in schema or "const" in schema  # flags with one known bit became a const
    if _FLAGS.match(name) and closed and schema.get("type") in {"number", None}:
        return _NUMBER_FLAGS
    return {key: _open_flags(key, value) for key, value in schema.items()}


@functools.cache
def _dispatch_validator(definition: str) -> jsonschema_rs.Draft7Validator:
    return jsonschema_rs.Draft7Validator(
        {
            "allOf": [{"$ref": f"#/definitions/{definition}"}],
            "definitions": _gateway_definitions(),
        }
    )


@functools.cache
def _dispatch_definitions() -> dict[str, str]:
    """``MESSAGE_CREATE`` -> ``GatewayMessageCreateDispatchData``."""
    found: dict[str, str] = {}
    for name in _gateway_definitions():
        if match := re.fullmatch(r"Gateway(\w+)DispatchData", name):
            event = re.sub(r"(?<!^)(?=[A-Z])", "_", match[1]).upper()
            found[event] = name
    found["MESSAGE_POLL_VOTE_ADD"] = found["MESSAGE_POLL_VOTE"]
    found["MESSAGE_POLL_VOTE_REMOVE"] = found["MESSAGE_POLL_VOTE"]
    return found


@functools.cache
def _operations() -> list[tuple[re.Pattern[str], str, dict[str, Json]]]:
    """Path patterns, the ones with the fewest parameters first, so that ``@me`` wins."""
    rows: list[tuple[re.Pattern[str], str, dict[str, Json]]] = []
    for template, item in _openapi()["paths"].items():
        pattern = re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(template))
        rows.append((re.compile(f"^{pattern}$"), template, item))
    return sorted(rows, key=lambda row: (row[1].count("{"), row[1]))


def _find_operation(method: str, path: str) -> tuple[str, dict[str, Json]] | None:
    bare = re.sub(r"^/api(/v\d+)?", "", path.partition("?")[0])
    for pattern, template, item in _operations():
        if pattern.match(bare) and method.lower() in item:
            return template, item[method.lower()]
    return None


@functools.cache
def _response_validator(
    method: str, template: str, status: str
) -> jsonschema_rs.Draft202012Validator | None:
    responses = _openapi()["paths"][template][method.lower()]["responses"]
    response = responses.get(status) or responses.get(f"{status[0]}XX")
    if response is None:
        return None
    while "$ref" in response:
        response = _openapi()["components"]["responses"][response["$ref"].rsplit("/", 1)[1]]
    schema = response.get("content", {}).get("application/json", {}).get("schema")
    if schema is None:
        return None
    return jsonschema_rs.Draft202012Validator(
        {"allOf": [schema], "components": {"schemas": _openapi()["components"]["schemas"]}}
    )


def _without_component_id(interaction: dict[str, Json]) -> dict[str, Json]:
    """Without ``data.id`` of a component's interaction.

    The prose ("Component Reference") gives it, the schema forgot it.
    """
    if interaction["type"] != _COMPONENT:
        return interaction
    inner = {key: value for key, value in interaction["data"].items() if key != "id"}
    return {**interaction, "data": inner}


def _with_textual_upload_ids(body: dict[str, Json]) -> dict[str, Json]:
    """With the numbers of uploads as text.

    The schema wants a string; the prose ("Uploading Files") counts uploads with numbers. Inside a
    union of bodies the violation would only say that none of them fits.
    """
    changed = dict(body)
    if isinstance(body.get("data"), dict):
        changed["data"] = _with_textual_upload_ids(body["data"])
    attachments: list[dict[str, Json]] | None = body.get("attachments")
    if attachments is not None:
        changed["attachments"] = [{**each, "id": str(each["id"])} for each in attachments]
    return changed


@functools.cache
def _request_validator(method: str, template: str) -> jsonschema_rs.Draft202012Validator | None:
    operation = _openapi()["paths"][template][method.lower()]
    content = operation.get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema")
    if schema is None:
        return None
    return jsonschema_rs.Draft202012Validator(
        {"allOf": [schema], "components": {"schemas": _openapi()["components"]["schemas"]}}
    )


def _explain(error: jsonschema_rs.ValidationError) -> str:
    where = "/".join(str(part) for part in error.instance_path)
    return f"at {where or 'the top'}: {error.message[:400]}"


@dataclass(slots=True)
class SpecCheck:
    """Collects what differs; hand its methods to the sandbox as observers."""

    violations: list[str] = field(default_factory=list[str])
    checked_answers: int = 0
    checked_requests: int = 0
    checked_dispatches: int = 0
    unknown: set[str] = field(default_factory=set[str])
    """Routes and events neither description knows, for the reader."""

    def exchange(
        self,
        method: str,
        path: str,
        status: int,
        body: bytes | None,
        request: bytes | None = None,
    ) -> None:
        """Check one REST answer, and the request's JSON when it was accepted."""
        found = _find_operation(method, path)
        if found is None:
            self.unknown.add(f"{method} {path}")
            return
        template, _ = found
        if request is not None and status < 300:
            self._accepted(method, template, request)
        name = f"{method} {template} -> {status}"
        validator = _response_validator(method, template, str(status))
        if validator is None:
            known = _openapi()["paths"][template][method.lower()]["responses"]
            if str(status) not in known and f"{status // 100}XX" not in known:
                self._report(f"{name}: the description knows no such status")
            return
        self.checked_answers += 1
        for error in validator.iter_errors(json.loads(body or b"null")):
            self._report(f"{name} {_explain(error)}")

    def _accepted(self, method: str, template: str, request: bytes) -> None:
        validator = _request_validator(method, template)
        if validator is None:
            return
        self.checked_requests += 1
        body = json.loads(request)
        if isinstance(body, dict):
            body = _with_textual_upload_ids(cast("dict[str, Json]", body))
        for error in validator.iter_errors(body):
            self._report(f"{method} {template} accepted a body {_explain(error)}")

    def dispatch(self, name: str, data: Json) -> None:
        """Check one dispatch's data."""
        definition = _dispatch_definitions().get(name)
        if name == "INTERACTION_CREATE":
            data = _without_component_id(data)
            definition = _INTERACTIONS[data["type"], data.get("data", {}).get("type", 0)]
            data = _without_component_id(data)
        if definition is None:
            self.unknown.add(name)
            return
        self.checked_dispatches += 1
        for error in _dispatch_validator(definition).iter_errors(data):
            self._report(f"{name} {_explain(error)}")

    def _report(self, violation: str) -> None:
        if not any(re.search(pattern, violation) for pattern in KNOWN_FAULTS):
            self.violations.append(violation)

    def verdict(self) -> None:
        """Fail with the violations, each once."""
        assert not self.violations, "the sandbox speaks differently from Discord:\n" + "\n".join(
            dict.fromkeys(self.violations)
        )
