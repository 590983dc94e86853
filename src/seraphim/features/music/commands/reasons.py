"""Why a song plays (who asked, or why autoplay chose it), and what is skipped in it."""

from typing import TYPE_CHECKING

from seraphim.features.music.rules.choosing import Why, read_reason
from seraphim.features.music.rules.queue import Entry
from seraphim.features.music.rules.segments import SegmentCategory
from seraphim.features.music.rules.text import escape
from seraphim.kernel.texts import N_

if TYPE_CHECKING:
    from seraphim.kernel.texts import Translator

_WORDS: dict[Why, str] = {
    "similar": N_("similar to {detail}"),
    "artist": N_("more by {detail}"),
    "album": N_("from the same album: {detail}"),
    "genre": N_("of the same genre: {detail}"),
    "together": N_("goes well with {detail} here"),
    "liked": N_("often heard to the end here"),
}

CATEGORY_WORDS: dict[SegmentCategory, tuple[str, str]] = {
    "sponsor": ("💰", N_("Sponsors")),
    "selfpromo": ("📣", N_("Self-promotion")),
    "interaction": ("👍", N_("Calls to like and subscribe")),
    "intro": ("🎬", N_("Intros")),
    "outro": ("🔚", N_("Endings and credits")),
    "preview": ("⏪", N_("Previews and recaps")),
    "music_offtopic": ("🔇", N_("Parts of a music video without music")),
    "filler": ("💬", N_("Jokes and asides")),
}


def reason_words(stored: str | None, say: "Translator") -> str:
    """Return the reason of an automatic choice in words; empty when somebody asked for the song."""
    reason = read_reason(stored)
    return "" if reason is None else say(_WORDS[reason[0]], detail=escape(reason[1]))


def asked_by(entry: Entry, say: "Translator") -> str:
    """Return the end of a line about an entry: who asked for it, or why it was chosen."""
    if entry.requested_by is not None:
        return f" · <@{entry.requested_by}>"
    words = reason_words(entry.reason, say)
    return f" · ♾ {words}" if words else ""
