"""Which of several forms of the same thing is heard."""

from typing import Final

from seraphim.adapters.direct_http.hls.playlist import MasterPlaylist, Rendition, Variant

BEST_BITS: Final = 512_000
"""Bits a second beyond which sound only gets larger: Discord is sent 384,000 at most."""
_SOUND: Final = ("mp4a", "opus", "flac", "alac", "ac-3", "ec-3", "vorbis", "mp3")
"""What the names of sound begin with in ``CODECS`` (RFC 6381)."""
_STEREO: Final = ("mp4a", "opus", "flac")


def choose(master: MasterPlaylist) -> str:
    """Return the address of the media playlist to be heard; it may be relative.

    A variant without pictures comes first, in the best sound; then the sound beside the pictures;
    then the variant whose pictures cost least.
    """
    sounds = [one for one in master.variants if _is_sound(one, master.variants)]
    if sounds:
        fitting = [one for one in sounds if one.bandwidth <= BEST_BITS]
        if fitting:
            return max(fitting, key=lambda one: one.bandwidth).uri
        return min(sounds, key=lambda one: one.bandwidth).uri
    if (beside := _find_rendition(master)) is not None:
        return beside.uri
    heard = [one for one in master.variants if not one.codecs or _has_sound(one)]
    return min(heard or master.variants, key=lambda one: one.bandwidth).uri


def _is_sound(variant: Variant, all_of_them: tuple[Variant, ...]) -> bool:
    if variant.codecs:
        return not variant.has_picture and all(one.startswith(_SOUND) for one in variant.codecs)
    # Radio stations often name no codecs; then nothing in the list may speak of pictures.
    return not any(one.has_picture or one.codecs or one.group for one in all_of_them)


def _has_sound(variant: Variant) -> bool:
    return any(one.startswith(_SOUND) for one in variant.codecs)


def _find_rendition(master: MasterPlaylist) -> Rendition | None:
    """Return the default sound of the best variant whose sound is not for many loudspeakers."""
    order = sorted(
        master.variants,
        key=lambda one: (any(c.startswith(_STEREO) for c in one.codecs), one.bandwidth),
        reverse=True,
    )
    for variant in order:
        group = [one for one in master.renditions if one.group == variant.group]
        if group:
            return max(group, key=lambda one: (one.is_default, one.is_chosen))
    return None
