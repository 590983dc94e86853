"""Texts: gettext catalogs, Discord's locales, personas.

English is the source and needs no catalog. A persona changes the manner, not the meaning: its
wordings are catalog entries with the persona as context, in every language (English too); what a
persona has no wording for is said plainly.
"""

import gettext
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from string import Formatter
from typing import Any, override

from seraphim.kernel.marks import N_

__all__ = ["LOCALES_DIR", "N_", "PERSONAS", "Texts", "Translator", "fill"]

DOMAIN = "seraphim"
LOCALES_DIR = Path(__file__).parent.parent / "locales"
PERSONAS = ("plain", "seraphim", "dry")
_LOCALE = re.compile(r"^[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*$")


class Translator:
    """Says texts in one language and one persona's manner."""

    def __init__(self, locale: str, persona: str, catalog: gettext.NullTranslations) -> None:
        self.locale = locale
        self.persona = persona
        self._catalog = catalog
        self._context = None if persona == "plain" else persona

    def __call__(self, message: str, **parameters: object) -> str:
        """Return ``message`` translated, with its ``{placeholders}`` filled in.

        A placeholder without a value stays visible; it never raises.
        """
        return fill(self._find(message), parameters)

    def plural(self, one: str, many: str, n: int, **parameters: object) -> str:
        """Return the form of the language for the number ``n``, which is also ``{n}``."""
        text = None
        if self._context is not None:
            found = self._catalog.npgettext(self._context, one, many, n)
            text = found if found not in {one, many} else None
        return fill(text or self._catalog.ngettext(one, many, n), {"n": n, **parameters})

    def _find(self, message: str) -> str:
        if not message:
            return message  # the empty id is the catalog's header
        if self._context is not None:
            worded = self._catalog.pgettext(self._context, message)
            if worded != message:
                return worded
        return self._catalog.gettext(message)


class Texts:
    """All catalogs below one folder: ``<locale>/LC_MESSAGES/seraphim.mo``."""

    def __init__(self, locales_dir: Path = LOCALES_DIR) -> None:
        self._dir = locales_dir
        self.locales: tuple[str, ...] = tuple(
            sorted(
                {"en", *(path.parts[-3] for path in locales_dir.glob(f"*/LC_MESSAGES/{DOMAIN}.mo"))}
            )
        )
        self._translator = lru_cache(maxsize=256)(self._make)

    def translator(self, locale: str | None = None, persona: str = "plain") -> Translator:
        """Return the translator for a Discord locale (``de``, ``en-GB``, ``pt-BR``) or English."""
        return self._translator(self.match(locale), persona if persona in PERSONAS else "plain")

    def match(self, locale: str | None) -> str:
        """Return the catalog that fits best: the very locale, its language, or ``en``."""
        if locale is None or not _LOCALE.match(locale):
            return "en"
        wanted = locale.replace("-", "_")
        language = wanted.partition("_")[0].lower()
        known = {name.lower(): name for name in self.locales}
        return known.get(wanted.lower()) or known.get(language) or "en"

    def _make(self, locale: str, persona: str) -> Translator:
        catalog = gettext.translation(DOMAIN, self._dir, languages=[locale], fallback=True)
        return Translator(locale, persona, catalog)


class _Forgiving(Formatter):
    """Fills in what it can; never raises for a placeholder, and reads no attributes."""

    @override
    def get_field(self, field_name: str, args: Any, kwargs: Mapping[str, Any]) -> Any:
        if not field_name.isidentifier() or field_name not in kwargs:
            return _Missing(field_name), field_name
        return kwargs[field_name], field_name

    @override
    def format_field(self, value: Any, format_spec: str) -> Any:
        try:
            return super().format_field(value, format_spec)
        except (ValueError, TypeError):
            return str(value)


class _Missing:
    """A placeholder nobody gave a value for: it stands for itself."""

    def __init__(self, name: str) -> None:
        self._name = name

    @override
    def __format__(self, format_spec: str) -> str:
        return "{" + self._name + "}"

    @override
    def __str__(self) -> str:
        return "{" + self._name + "}"

    __repr__ = __str__


_formatter = _Forgiving()


def fill(text: str, parameters: Mapping[str, object]) -> str:
    """Fill ``{placeholders}``; text whose braces make no sense comes back as it is."""
    if "{" not in text and "}" not in text:
        return text
    try:
        return _formatter.vformat(text, (), parameters)
    except (ValueError, IndexError, KeyError):
        return text
