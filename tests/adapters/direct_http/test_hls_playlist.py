"""Reading playlists: RFC 8216's own examples, what stations write, and nonsense."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seraphim.adapters.direct_http.hls.choice import choose
from seraphim.adapters.direct_http.hls.playlist import (
    Key,
    MasterPlaylist,
    MediaPlaylist,
    PlaylistBroken,
    Span,
    read_playlist,
)


def media(*lines: str) -> MediaPlaylist:
    playlist = read_playlist("\n".join(["#EXTM3U", "#EXT-X-TARGETDURATION:10", *lines]))
    assert isinstance(playlist, MediaPlaylist)
    return playlist


def master(*lines: str) -> MasterPlaylist:
    playlist = read_playlist("\r\n".join(["#EXTM3U", *lines]))
    assert isinstance(playlist, MasterPlaylist)
    return playlist


def test_pieces_are_numbered_from_the_media_sequence() -> None:
    """RFC 8216, section 8.2."""
    playlist = media(
        "#EXT-X-VERSION:3",
        "#EXT-X-MEDIA-SEQUENCE:2680",
        "",
        "#EXTINF:7.975,",
        "https://priv.example.com/fileSequence2680.ts",
        "#EXTINF:7.941,a title, with a comma",
        "https://priv.example.com/fileSequence2681.ts",
    )
    assert [segment.number for segment in playlist.segments] == [2680, 2681]
    assert [segment.seconds for segment in playlist.segments] == [7.975, 7.941]
    assert (playlist.target_seconds, playlist.is_ended) == (10, False)
    assert media("#EXT-X-ENDLIST").is_ended


def test_a_key_holds_until_the_next_and_numbers_stand_for_a_missing_iv() -> None:
    """RFC 8216, section 8.3, and section 4.3.2.4 for METHOD=NONE."""
    playlist = media(
        "#EXTINF:1,\nplain",
        '#EXT-X-KEY:METHOD=AES-128,URI="https://priv.example.com/key.php?r=52,53"',
        "#EXTINF:1,\none\n#EXTINF:1,\ntwo",
        '#EXT-X-KEY:METHOD=AES-128,URI="k",IV=0x000000000000000000000000000000fF',
        "#EXTINF:1,\nthree",
        "#EXT-X-KEY:METHOD=NONE",
        "#EXTINF:1,\nfour",
    )
    first = Key("AES-128", "https://priv.example.com/key.php?r=52,53", None, "identity")
    second = Key("AES-128", "k", 255, "identity")
    assert [segment.key for segment in playlist.segments] == [None, first, first, second, None]


def test_parts_of_one_file_follow_each_other() -> None:
    playlist = media(
        "#EXT-X-BYTERANGE:100@50\n#EXTINF:1,\na",
        "#EXTINF:1,\n#EXT-X-BYTERANGE:10\na",
        "#EXTINF:1,\n#EXT-X-BYTERANGE:7@0\nb",
    )
    assert [one.span for one in playlist.segments] == [Span(50, 100), Span(150, 10), Span(0, 7)]
    with pytest.raises(PlaylistBroken):
        media("#EXT-X-BYTERANGE:100@50\n#EXTINF:1,\na", "#EXT-X-BYTERANGE:10\n#EXTINF:1,\nb")


def test_maps_breaks_and_gaps_belong_to_their_pieces() -> None:
    playlist = media(
        '#EXT-X-MAP:URI="head.mp4",BYTERANGE="600@20"',
        "#EXTINF:1,\na",
        "#EXT-X-DISCONTINUITY",
        '#EXT-X-MAP:URI="other.mp4"',
        "#EXT-X-GAP",
        "#EXTINF:1,\nb",
        "#EXTINF:1,\nc",
    )
    maps = [segment.map for segment in playlist.segments]
    assert [one and (one.uri, one.span) for one in maps] == [
        ("head.mp4", Span(20, 600)),
        ("other.mp4", None),
        ("other.mp4", None),
    ]
    assert [segment.is_break for segment in playlist.segments] == [False, True, False]
    assert [segment.is_gap for segment in playlist.segments] == [False, True, False]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a.ts",
        "#EXTM3U\n#EXTINF:1,\na.ts",  # no target duration
        "#EXTM3U\n#EXT-X-TARGETDURATION:10\na.ts",  # a piece without a length
        "#EXTM3U\n#EXT-X-TARGETDURATION:ten",
        "#EXTM3U\n#EXT-X-TARGETDURATION:1e9",
        "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:-1,\na",
        "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXT-X-MEDIA-SEQUENCE:" + "9" * 5000,
        "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXT-X-BYTERANGE:0\n",
        "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXT-X-MAP:BYTERANGE=1",
        "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXT-X-KEY:METHOD=AES-128,IV=12",
        "#EXTM3U\n#EXT-X-TARGETDURATION:1\n" + "#EXTINF:1,\na\n" * 50_001,
        "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n",
        "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=many\na",
        "#EXTM3U\n" + "#EXT-X-STREAM-INF:BANDWIDTH=1\na\n" * 501,
    ],
    ids=lambda text: text[:50],
)
def test_nonsense_is_refused(text: str) -> None:
    with pytest.raises(PlaylistBroken):
        read_playlist(text)


_TAGS = st.sampled_from(
    [
        *("#EXTINF:", "#EXT-X-KEY:", "#EXT-X-MAP:", "#EXT-X-BYTERANGE:", "#EXT-X-STREAM-INF:"),
        *("#EXT-X-MEDIA:", "#EXT-X-MEDIA-SEQUENCE:", "#EXT-X-TARGETDURATION:", "#EXT-X-GAP", ""),
    ]
)
_VALUES = st.text(alphabet='0123456789.@,="x-ABCUIRVT\u0663\u2028 ', max_size=30)


@given(st.lists(st.tuples(_TAGS, _VALUES), max_size=12))
def test_whatever_a_stranger_writes_is_read_or_refused(lines: list[tuple[str, str]]) -> None:
    text = "\n".join(["#EXTM3U", "#EXT-X-TARGETDURATION:1", *(tag + rest for tag, rest in lines)])
    with contextlib.suppress(PlaylistBroken):
        read_playlist(text)


def test_sound_beside_pictures_is_chosen() -> None:
    """RFC 8216, section 8.6: the default rendition of the variant's group."""
    playlist = master(
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="aac",NAME="German",AUTOSELECT=YES,URI="de.m3u8"',
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="aac",NAME="English",DEFAULT=YES,URI="en.m3u8"',
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="surround",NAME="English",DEFAULT=YES,URI="51.m3u8"',
        '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="aac",NAME="x",DEFAULT=YES,URI="subs.m3u8"',
        '#EXT-X-STREAM-INF:BANDWIDTH=1280000,CODECS="avc1.4d401e,mp4a.40.2",AUDIO="aac"',
        "low/video.m3u8",
        '#EXT-X-STREAM-INF:BANDWIDTH=7680000,CODECS="avc1.4d401e,ec-3",AUDIO="surround"',
        "hi/video.m3u8",
    )
    assert choose(playlist) == "en.m3u8"


@pytest.mark.parametrize(
    ("variants", "chosen"),
    [
        # Sound alone, in the best quality that Discord can carry.
        ([(2_000_000, "avc1,mp4a.40.2"), (64_000, "mp4a.40.5"), (130_000, "mp4a.40.2")], 2),
        ([(64_000, ""), (320_000, ""), (1_411_000, "")], 1),
        ([(1_411_000, "flac"), (900_000, "flac")], 1),
        # Pictures: as few as possible, but not those without sound.
        ([(2_000_000, "avc1,mp4a.40.2"), (200_000, "avc1,mp4a.40.5"), (90_000, "avc1")], 1),
        ([(2_000_000, "avc1"), (200_000, "avc1")], 1),
    ],
)
def test_the_variant_that_costs_least_for_good_sound_is_chosen(
    variants: list[tuple[int, str]], chosen: int
) -> None:
    lines: list[str] = []
    for number, (bits, codecs) in enumerate(variants):
        said = f',CODECS="{codecs}"' if codecs else ""
        lines += [f"#EXT-X-STREAM-INF:BANDWIDTH={bits}{said}", f"{number}"]
    assert choose(master(*lines)) == str(chosen)


def test_a_variant_with_pictures_is_not_taken_for_sound_when_it_names_no_codecs() -> None:
    playlist = master(
        "#EXT-X-STREAM-INF:BANDWIDTH=900000,RESOLUTION=640x360\nlarge",
        "#EXT-X-STREAM-INF:BANDWIDTH=300000,RESOLUTION=256x144\nsmall",
    )
    assert choose(playlist) == "small"
