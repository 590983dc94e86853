"""Filters: what a member may choose, and what it means to a backend."""

import msgspec
import pytest

from seraphim.features.music.ports import (
    BANDS_HZ,
    FLAT_DB,
    NO_FILTERS,
    PRESETS,
    Filters,
    FiltersInvalid,
    Recipe,
)


def test_the_default_changes_nothing_and_every_other_preset_something() -> None:
    assert NO_FILTERS.neutral
    assert NO_FILTERS.recipe() == Recipe()
    assert [preset for preset in PRESETS if Filters(preset).neutral] == ["flat"]


def test_there_is_a_gain_for_each_band() -> None:
    assert len(BANDS_HZ) == len(FLAT_DB) == 15
    for preset in PRESETS:
        assert len(Filters(preset).recipe().equalizer_db) == 15


def test_own_values_come_on_top_of_the_presets_and_stay_within_the_limits() -> None:
    recipe = Filters("nightcore", speed=1.5, pitch=0.5).recipe()
    assert (recipe.speed, recipe.pitch) == pytest.approx((1.8, 0.6))
    most = Filters("nightcore", equalizer_db=(12.0,) * 15, speed=3.0, pitch=2.0).recipe()
    assert (most.speed, most.pitch) == (3.0, 2.0)
    assert max(Filters("bassboost", equalizer_db=(12.0,) * 15).recipe().equalizer_db) == 12.0


def test_values_that_cancel_a_preset_are_neutral() -> None:
    assert Filters("nightcore", speed=1 / 1.2, pitch=1 / 1.2).neutral


@pytest.mark.parametrize(
    "values",
    [
        {"preset": "nonsense"},
        {"speed": 0.24},
        {"speed": 3.01},
        {"speed": float("nan")},
        {"pitch": 0.49},
        {"pitch": 2.01},
        {"equalizer_db": (0.0,) * 14},
        {"equalizer_db": (12.5, *FLAT_DB[1:])},
        {"equalizer_db": (float("nan"), *FLAT_DB[1:])},
    ],
)
def test_what_is_out_of_range_is_refused_in_a_sentence(values: dict[str, object]) -> None:
    with pytest.raises(FiltersInvalid) as caught:
        Filters(**values)  # pyright: ignore[reportArgumentType]  # wrong on purpose
    assert str(caught.value).endswith(".")


def test_filters_survive_json() -> None:
    filters = Filters("8d", equalizer_db=(1.5, *FLAT_DB[1:]), speed=1.25, pitch=0.9)
    assert msgspec.json.decode(msgspec.json.encode(filters), type=Filters) == filters
