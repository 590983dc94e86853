"""When two services mean the same recording."""

import pytest

from seraphim.features.music.rules.matching import best, score, versions_of, words_for
from seraphim.features.music.rules.track import Track


def track(
    title: str, artist: str | None = None, seconds: float | None = None, isrc: str | None = None
) -> Track:
    length = None if seconds is None else round(seconds * 1000)
    return Track("x", f"{title}{artist}{seconds}", title, artist, None, length, isrc=isrc)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Bohemian Rhapsody", "Queen", 354), ("Bohemian Rhapsody", "Queen", 360)),
        (
            ("Bohemian Rhapsody - Remastered 2011", "Queen", 354),
            ("Queen \u2013 Bohemian Rhapsody (Official Video Remastered)", "Queen Official", 360),
        ),
        (
            ("Get Lucky (feat. Pharrell Williams)", "Daft Punk", 248),
            ("Get Lucky", "Daft Punk", 248),
        ),
        (
            ("Under Pressure", "Queen, David Bowie", 248),
            ("Under Pressure", "Queen & David Bowie", 246),
        ),
        (("Déjà Vu", "Beyoncé", 240), ("Deja Vu (Official Audio)", "beyonceVEVO", 241)),
        (("Mr. Brightside", "The Killers", 222), ("The Killers - Mr Brightside [HD]", None, 224)),
        (
            ("Thunderstruck", "AC/DC", 292),
            ("AC/DC - Thunderstruck (Official Video)", "acdcVEVO", 293),
        ),
        (("Live and Let Die", "Wings", 190), ("Wings - Live And Let Die", "SomeFan", 192)),
        (("Song 2", "Blur", 121), ("Blur - Song 2 (Official Music Video)", "Blur", 122)),
        (("Blue (Da Ba Dee)", "Eiffel 65", 219), ("Eiffel 65 - Blue (Da Ba Dee)", "BlissCo", 220)),
        (
            ("Levels (Skrillex Remix)", "Avicii", 280),
            ("Avicii - Levels (Skrillex Remix)", "X", 281),
        ),
        (
            ("Creep (Live at Reading)", "Radiohead", 250),
            ("Radiohead - Creep live at Reading", "r", 255),
        ),
        (("Пачка сигарет", "Кино", 268), ("Кино - Пачка сигарет", "Moroz", 268)),
        (
            ("夜に駆ける", "YOASOBI", 261),
            ("YOASOBI「夜に駆ける」 Official Music Video", "Ayase", 261),
        ),
    ],
    ids=lambda it: it[0],
)
def test_the_same_recording_is_known(
    one: tuple[str, str, float], other: tuple[str, str, float]
) -> None:
    assert score(track(*one), track(*other)) is not None
    assert score(track(*other), track(*one)) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Creep", "Radiohead", 238), ("Creep (Live)", "Radiohead", 238)),
        (("Creep", "Radiohead", 238), ("Radiohead - Creep - Live at Glastonbury", "BBC", 240)),
        (("Creep", "Radiohead", 238), ("Creep (Acoustic)", "Radiohead", 238)),
        (("Creep", "Radiohead", 238), ("Creep - Radiohead (Karaoke Version)", "Sing King", 238)),
        (("Creep", "Radiohead", 238), ("Creep", "Sing King Karaoke", 238)),
        (("Creep", "Radiohead", 238), ("Creep (Radiohead cover)", "Postmodern Jukebox", 238)),
        (("Creep", "Radiohead", 238), ("Creep", "Vitamin String Quartet", 238)),
        (("Creep", "Radiohead", 238), ("Radiohead - Creep (sped up)", "x", 230)),
        (("Creep", "Radiohead", 238), ("Radiohead - Creep (slowed + reverb)", "x", 245)),
        (("Creep", "Radiohead", 238), ("Radiohead - Creep (Instrumental)", "x", 238)),
        (("Creep", "Radiohead", 238), ("Radiohead - Creep (Remix)", "x", 238)),
        (("Creep", "Radiohead", 238), ("Radiohead - Creep 8D", "x", 238)),
        (("Creep", "Radiohead", 238), ("Radiohead - Creep", "Radiohead", 251)),
        (("Creep", "Radiohead", 238), ("Radiohead - Creep [1 hour loop]", "x", 3600)),
        (("Creep", "Radiohead", 238), ("Karma Police", "Radiohead", 238)),
        (("Creep", "Radiohead", 238), ("Creep", "TLC", 240)),
        (("Creep", "Radiohead", None), ("Creep", None, None)),
        (("Levels", "Avicii", 200), ("Levels (Skrillex Remix)", "Avicii", 200)),
        (("Levels (Skrillex Remix)", "Avicii", 280), ("Levels (Cazzette Remix)", "Avicii", 280)),
        (("Symphony No. 5", "Beethoven", 400), ("Symphony No. 9", "Beethoven", 400)),
        (("One", "U2", 276), ("One", "Metallica", 276)),
    ],
    ids=lambda it: it[0],
)
def test_another_recording_is_another(
    one: tuple[str, str, float], other: tuple[str, str, float]
) -> None:
    assert score(track(*one), track(*other)) is None
    assert score(track(*other), track(*one)) is None


def test_the_number_of_the_recording_beats_every_name() -> None:
    wanted = track("Hoppípolla", "Sigur Rós", 260, isrc="GBAYE0500001")
    numbered = track("Jumping into puddles", "S. R.", 300, isrc="gbaye0500001")
    named = track("Hoppípolla", "Sigur Rós", 260)
    assert best(wanted, [named, numbered]) == numbered
    assert best(wanted, [track("Other", "Sigur Rós", 260, isrc="XX")]) is None
    live = track("Hoppípolla (Live)", "Sigur Rós", 260, isrc="GBAYE0500001")
    assert best(wanted, [live]) is None, "some distributors give a live recording the same number"


def test_the_closest_in_length_wins_and_what_failed_is_never_chosen() -> None:
    wanted = track("Creep", "Radiohead", 238)
    far, near = track("Creep", "Radiohead", 248), track("Creep", "Radiohead", 239)
    assert best(wanted, [far, near]) == near
    assert best(wanted, [far, near], refused={(near.source, near.identifier)}) == far
    assert best(wanted, []) is None


def test_words_to_search_for_are_plain() -> None:
    said = track("Levels (Skrillex Remix) [Official Video]", "Avicii, Skrillex")
    assert words_for(said) == "avicii levels skrillex remix"
    assert words_for(track("Get Lucky (feat. Pharrell Williams)", "Daft Punk")) == (
        "daft punk get lucky"
    )
    assert words_for(track("(Official Video)")) == "official video"


def test_a_megabyte_of_title_is_judged_quickly() -> None:
    long = track("(((" * 300_000 + " - live", "x", 10)
    assert score(long, track("x", "x", 10)) is None
    assert versions_of(track("a - " * 200_000)) == frozenset()
