"""What people type into settings, and what it means."""

from enum import Enum
from typing import Annotated, Literal

import pytest

from seraphim.features.settings.rules import Shape, nearest, read, shape_of, show
from seraphim.kernel.errors import InvalidInput
from seraphim.kernel.ids import ChannelId, RoleId, UserId


class Mode(Enum):
    FAST = "fast"
    SLOW = "slow"


type Percent = Annotated[int, "0 to 100"]


@pytest.mark.parametrize(
    ("annotation", "shape"),
    [
        (bool, Shape("switch", ("on", "off"))),
        (int, Shape("whole")),
        (Percent, Shape("whole")),
        (float, Shape("number")),
        (str, Shape("text")),
        (Literal["off", "all"], Shape("choice", ("off", "all"))),
        (Mode, Shape("choice", ("fast", "slow"))),
        (ChannelId, Shape("channel")),
        (UserId, Shape("member")),
        (RoleId | None, Shape("role", is_optional=True)),
        (tuple[RoleId, ...], Shape("role", is_list=True)),
        (list[str], Shape("text", is_list=True)),
        (frozenset[Literal["a", "b"]], Shape("choice", ("a", "b"), is_list=True)),
    ],
)
def test_a_field_knows_what_it_takes(annotation: object, shape: Shape) -> None:
    assert shape_of(annotation) == shape


@pytest.mark.parametrize(
    ("typed", "annotation", "value"),
    [
        ("on", bool, True),
        ("AUS", bool, False),
        (" 15 ", int, 15),
        ("50%", int, 50),
        ("1,5", float, 1.5),
        ("ALL", Literal["off", "all"], "all"),
        ("<#123456789012345678>", ChannelId, 123456789012345678),
        ("<@&123456789012345678>", RoleId, 123456789012345678),
        ("123456789012345678", RoleId | None, 123456789012345678),
        ("none", RoleId | None, None),
        ("a, b;c", list[str], ["a", "b", "c"]),
        ("-", list[str], []),
        ("  words  ", str, "words"),
    ],
)
def test_what_a_person_types_becomes_a_value(typed: str, annotation: object, value: object) -> None:
    assert read(typed, shape_of(annotation)) == value


@pytest.mark.parametrize(
    ("typed", "annotation", "code"),
    [
        ("maybe", bool, "settings.not_a_switch"),
        ("many", int, "settings.not_a_number"),
        ("1.5", int, "settings.not_a_number"),
        ("some", Literal["off", "all"], "settings.not_a_choice"),
        ("general", ChannelId, "settings.not_a_mention"),
        ("12", ChannelId, "settings.not_a_mention"),
        ("none", ChannelId, "settings.not_a_mention"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_a_sentence(
    typed: str, annotation: object, code: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        read(typed, shape_of(annotation))
    assert refused.value.code == code
    assert typed in str(refused.value)


@pytest.mark.parametrize(
    ("value", "annotation", "shown"),
    [
        (True, bool, "✅"),
        (None, RoleId | None, "—"),
        ((), tuple[str, ...], "—"),
        (5, ChannelId, "<#5>"),
        ((5, 6), tuple[RoleId, ...], "<@&5>, <@&6>"),
        (Mode.FAST, Mode, "`fast`"),
        ("`@everyone`", str, "`'@everyone'`"),
    ],
)
def test_a_value_is_shown_as_discord_shows_it(
    value: object, annotation: object, shown: str
) -> None:
    assert show(value, shape_of(annotation)) == shown


def test_suggestions_that_begin_with_what_is_typed_come_first() -> None:
    options = [("Background", "b"), ("Ground", "g"), ("Other", "o")]
    assert nearest("ground", options, 5) == [("Ground", "g"), ("Background", "b")]
    assert len(nearest("", options, 2)) == 2
