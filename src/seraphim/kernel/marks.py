"""A mark for texts that are translated later; pure, so that rules may use it."""


def N_(message: str) -> str:  # noqa: N802 - the name gettext's tools know
    """Mark a text for the catalogs without translating it here."""
    return message
