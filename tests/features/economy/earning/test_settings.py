"""What a guild can set: the promised defaults, bounds, and values that fit together."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from seraphim.features.economy.service.settings import EconomySettings
from seraphim.features.settings.rules import shape_of

PROMISED = {
    "daily_reward": 100,
    "work_min": 50,
    "work_max": 150,
    "work_minutes": 60,
    "beg_min": 10,
    "beg_max": 50,
    "beg_minutes": 30,
    "crime_percent": 60,
    "crime_win_min": 100,
    "crime_win_max": 300,
    "crime_fine_min": 50,
    "crime_fine_max": 150,
    "crime_minutes": 120,
    "rob_enabled": True,
    "rob_percent": 50,
    "rob_take_min_percent": 5,
    "rob_take_max_percent": 15,
    "rob_fine_percent": 10,
    "rob_target_min": 100,
    "rob_self_min": 50,
    "rob_minutes": 180,
    "rob_target_hours": 24,
    "fish_minutes": 30,
    "fish_min": 5,
    "fish_max": 500,
    "mine_minutes": 45,
    "mine_min": 10,
    "mine_max": 400,
    "hunt_minutes": 60,
    "hunt_percent": 70,
    "hunt_min": 30,
    "hunt_max": 750,
}


def test_the_defaults_are_the_promised_numbers() -> None:
    settings = EconomySettings()
    assert {name: getattr(settings, name) for name in PROMISED} == PROMISED


def test_every_field_explains_itself_and_can_be_typed() -> None:
    titles = [info.title for info in EconomySettings.model_fields.values()]
    assert all(titles)
    assert len(set(titles)) == len(titles)
    for name, info in EconomySettings.model_fields.items():
        assert info.description, name
        assert shape_of(info.annotation).kind != "text" or name.startswith("currency"), name


@pytest.mark.parametrize(
    ("low", "high"),
    [
        ("work_min", "work_max"),
        ("beg_min", "beg_max"),
        ("crime_win_min", "crime_win_max"),
        ("crime_fine_min", "crime_fine_max"),
        ("rob_take_min_percent", "rob_take_max_percent"),
        ("fish_min", "fish_max"),
        ("mine_min", "mine_max"),
        ("hunt_min", "hunt_max"),
    ],
)
def test_the_least_is_not_above_the_most(low: str, high: str) -> None:
    most = PROMISED[high]
    assert EconomySettings.model_validate({low: most})
    with pytest.raises(ValidationError, match=f"{low} must not be above {high}"):
        EconomySettings.model_validate({low: most + 1})


def test_a_streak_can_grow_at_all() -> None:
    with pytest.raises(ValidationError, match="daily_streak_hours must be above daily_hours"):
        EconomySettings(daily_hours=48)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("daily_reward", -1),
        ("work_max", 10**9 + 1),
        ("crime_percent", 101),
        ("work_minutes", 0),
        ("work_minutes", 30 * 24 * 60 + 1),
        ("currency_symbol", ""),
        ("currency_symbol", "\x00"),
        ("currency_symbol", "\N{RIGHT-TO-LEFT OVERRIDE}c"),
        ("currency_name", "  \n "),
        ("currency_name", "c" * 33),
    ],
)
def test_what_makes_no_sense_is_refused(field: str, value: object) -> None:
    with pytest.raises(ValidationError):
        EconomySettings.model_validate({field: value})


@pytest.mark.parametrize("symbol", ["✨", "<:coin:123456789012345678>", "👩‍🚀", "G$", "❤️"])
def test_a_symbol_is_an_emoji_or_letters(symbol: str) -> None:
    assert EconomySettings(currency_symbol=symbol).currency_symbol == symbol


def test_a_name_over_two_lines_becomes_one() -> None:
    assert EconomySettings(currency_name=" gold \n pieces ").currency_name == "gold pieces"


def test_the_guide_tells_every_setting_with_its_default() -> None:
    page = (Path(__file__).parents[4] / "docs" / "guide" / "economy.md").read_text(encoding="utf-8")
    told: dict[str, str] = {}
    for row in re.findall(r"^\| (`[a-z_`, ]+`) \| ([^|]+) \|", page, re.MULTILINE):
        names = re.findall(r"`(\w+)`", row[0])
        told.update(zip(names, row[1].strip().split(", "), strict=True))
    assert told == {
        name: _shown(getattr(EconomySettings(), name)) for name in EconomySettings.model_fields
    }


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return "none" if value is None else str(value)
