"""Images that clients send as data URIs (docs: reference, "Image Data")."""

import base64
import binascii
import hashlib
import re

from discord_sandbox.rest.errors import invalid
from discord_sandbox.world.state import StoredFile
from discord_sandbox.world.world import World

_DATA_URI = re.compile(r"data:(image/(?:png|jpeg|jpg|gif|webp|avif));base64,(.+)", re.DOTALL)


def read_image(value: object, field: str) -> tuple[str, bytes]:
    """Return content type and bytes of a data URI; 50035 if it is none."""
    match = _DATA_URI.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise invalid(field, "BASE_TYPE_BAD_DATA_URI", "Invalid image data.")
    try:
        content = base64.b64decode(match.group(2), validate=True)
    except binascii.Error:
        raise invalid(field, "BASE_TYPE_BAD_DATA_URI", "Invalid image data.") from None
    return match.group(1), content


def take_image(world: World, value: object, field: str) -> str | None:
    """Store an image and return its hash (``a_`` in front when it moves); None removes it."""
    if value is None:
        return None
    content_type, content = read_image(value, field)
    prefix = "a_" if content_type == "image/gif" else ""
    name = prefix + hashlib.md5(content, usedforsecurity=False).hexdigest()
    world.avatars[name] = StoredFile(content, content_type, name)
    return name
