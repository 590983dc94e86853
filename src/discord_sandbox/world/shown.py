"""Embeds and components as Discord answers them, made from what a client sent."""

import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, cast

from discord_sandbox.world.models import Attachment, Json

_ATTACHMENT_SCHEME = "attachment://"
# What Discord fills in where a client left it out, by component type.
_SELECT: Json = {"min_values": 1, "max_values": 1, "disabled": False}
_DEFAULTS: dict[int, Json] = {
    3: _SELECT,
    5: _SELECT,
    6: _SELECT,
    7: _SELECT,
    8: _SELECT,
    11: {"description": None, "spoiler": False},
    13: {"spoiler": False},
    14: {"spacing": 1, "divider": True},
    17: {"accent_color": None, "spoiler": False},
}


def shown_embeds(embeds: Sequence[Json], attachments: Sequence[Attachment]) -> list[Json]:
    """Return sent embeds as Discord answers them: typed, attachments resolved, extras dropped."""
    urls = {each.filename: each.url for each in attachments}
    return [_shown_embed(embed, urls) for embed in embeds]


def _shown_embed(embed: Json, urls: dict[str, str]) -> Json:
    shown: Json = {"type": "rich"}
    for key in ("title", "description", "url", "timestamp", "color"):
        if embed.get(key) is not None:
            shown[key] = embed[key]
    for key in ("image", "thumbnail", "video"):
        media = cast("Json | None", embed.get(key))
        if media and media.get("url"):
            url = _resolved(str(media["url"]), urls)
            shown[key] = {"url": url, "proxy_url": url, "width": 0, "height": 0}
    for key, text in (("footer", "text"), ("author", "name")):
        part = cast("Json | None", embed.get(key))
        if part and part.get(text):
            shown[key] = {text: part[text]}
            if part.get("url"):
                shown[key]["url"] = part["url"]
            if part.get("icon_url"):
                icon = _resolved(str(part["icon_url"]), urls)
                shown[key] |= {"icon_url": icon, "proxy_icon_url": icon}
    if embed.get("fields"):
        shown["fields"] = [
            {"name": each["name"], "value": each["value"], "inline": bool(each.get("inline"))}
            for each in embed["fields"]
        ]
    return shown


def _resolved(url: str, urls: dict[str, str]) -> str:
    if url.startswith(_ATTACHMENT_SCHEME):
        return urls.get(url.removeprefix(_ATTACHMENT_SCHEME), url)
    return url


def shown_components(components: Sequence[Json], attachments: Sequence[Attachment]) -> list[Json]:
    """Return sent components as Discord answers them: numbered from 1, media resolved.

    Discord numbers components that carry no ``id`` in the order they appear (docs: components,
    "Anatomy of a Component").
    """
    taken = {each["id"] for each in _walk(components) if isinstance(each.get("id"), int)}
    numbers = (number for number in range(1, 10_000) if number not in taken)
    files = {each.filename: each for each in attachments}
    return [_shown_component(each, numbers, files) for each in components]


def _walk(components: Iterable[Json]) -> Iterator[Json]:
    for component in components:
        yield component
        yield from _walk(cast("list[Json]", component.get("components") or []))
        accessory = component.get("accessory")
        if isinstance(accessory, dict):
            yield from _walk([cast("Json", accessory)])


def _shown_component(component: Json, numbers: Iterator[int], files: dict[str, Attachment]) -> Json:
    shown: Json = dict(_DEFAULTS.get(component["type"], {}))
    shown.update((key, value) for key, value in component.items() if value is not None)
    if not shown.get("id"):
        shown["id"] = next(numbers)
    if "components" in shown:
        shown["components"] = [
            _shown_component(each, numbers, files) for each in component["components"]
        ]
    if "accessory" in shown:
        shown["accessory"] = _shown_component(component["accessory"], numbers, files)
    for key in ("media", "file"):
        if isinstance(shown.get(key), dict):
            shown[key] = _shown_media(shown[key], files)
            if key == "file":
                _name_file(shown, files, component)
    if isinstance(shown.get("items"), list):
        shown["items"] = [
            {
                "media": _shown_media(item["media"], files),
                "description": item.get("description"),
                "spoiler": bool(item.get("spoiler", False)),
            }
            for item in shown["items"]
        ]
    return shown


def _name_file(shown: Json, files: dict[str, Attachment], sent: Json) -> None:
    attachment = files.get(str(sent["file"].get("url", "")).removeprefix(_ATTACHMENT_SCHEME))
    if attachment is not None:
        shown["name"] = attachment.filename
        shown["size"] = attachment.size


def _shown_media(media: dict[str, Any], files: dict[str, Attachment]) -> Json:
    url = str(media.get("url", ""))
    attachment = files.get(url.removeprefix(_ATTACHMENT_SCHEME))
    if attachment is None:
        return {
            "id": str(zlib.crc32(url.encode())),
            "url": url,
            "proxy_url": url,
            "width": 0,
            "height": 0,
            "content_type": None,
        }
    return {
        "id": str(attachment.id),
        "url": attachment.url,
        "proxy_url": attachment.url,
        "width": attachment.width or 0,
        "height": attachment.height or 0,
        "content_type": attachment.content_type,
        "attachment_id": str(attachment.id),
    }
