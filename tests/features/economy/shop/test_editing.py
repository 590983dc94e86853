"""Administrators' work on the shop: checked, audited, and taken back."""

from dataclasses import replace

import pytest
from tests.features.economy.shop.shops import ALICE, BOB, GUILD, ROLE, House, buyer

from seraphim.features.economy.rules.items import (
    EFFECTS,
    MAX_ITEMS,
    Terms,
    check_emoji,
    custom_emoji_id,
    fits_menus,
    parse_duration,
    show_duration,
)
from seraphim.features.economy.rules.shop import (
    ItemChanged,
    ItemUnknown,
    NameTaken,
    OutOfStock,
    ShopFull,
    purchase_choice,
    read_choice,
)
from seraphim.kernel.audit import list_entries
from seraphim.kernel.errors import InvalidInput
from seraphim.kernel.ids import RoleId, UserId

ADA = UserId(1)
GEM = Terms("Gem", "collectible", 100)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": " "},
        {"name": "x" * 61},
        {"name": "a\nb\u202e"},
        {"description": "x" * 301},
        {"price": 0},
        {"price": -5},
        {"price": 10**12 + 1},
        {"member_limit": 0},
        {"required_level": 0},
        {"kind": "role"},
        {"kind": "effect"},
        {"role_id": RoleId(1)},
        {"effect": "shield"},
        {"kind": "effect", "effect": "immortality"},
        {"duration_seconds": 3600},
        {"kind": "role", "role_id": RoleId(1), "duration_seconds": 59},
        {"kind": "role", "role_id": RoleId(1), "duration_seconds": 367 * 86_400},
        {"emoji": "gem"},
        {"emoji": "💎💎"},
    ],
)
async def test_terms_that_make_no_sense_are_refused(house: House, wrong: dict[str, object]) -> None:
    terms = replace(GEM, **wrong)  # pyright: ignore[reportArgumentType]  # values by computed names
    with pytest.raises(InvalidInput):
        await house.editing.add(GUILD, terms, None, ADA)
    assert await house.shop.list_items(GUILD) == []


async def test_names_are_trimmed_and_unique_in_any_case(house: House) -> None:
    added = await house.editing.add(GUILD, replace(GEM, name="  Big   Gem "), None, ADA)
    assert added.item.terms.name == "Big Gem"
    with pytest.raises(NameTaken):
        await house.editing.add(GUILD, replace(GEM, name="BIG gem"), None, ADA)
    await house.editing.add(type(GUILD)(2), replace(GEM, name="Big Gem"), None, ADA)
    await house.editing.remove(GUILD, "big gem", ADA)
    await house.editing.add(GUILD, replace(GEM, name="Big Gem"), None, ADA)


async def test_a_stock_has_bounds(house: House) -> None:
    for stock in (-1, 10**9 + 1):
        with pytest.raises(InvalidInput):
            await house.editing.add(GUILD, GEM, stock, ADA)
    await house.add(GEM, 5)
    with pytest.raises(InvalidInput):
        await house.editing.restock(GUILD, "Gem", 10**9, ADA)
    with pytest.raises(OutOfStock):
        await house.editing.restock(GUILD, "Gem", -6, ADA)


async def test_a_shop_is_bounded(house: House) -> None:
    for number in range(MAX_ITEMS):
        await house.add(replace(GEM, name=f"Gem {number}"))
    with pytest.raises(ShopFull):
        await house.add(replace(GEM, name="One more"))


async def test_an_edit_tells_before_and_after_and_is_audited(house: House) -> None:
    gem = await house.add(GEM, 5)
    done = await house.editing.edit(GUILD, "Gem", {"price": 40, "name": "Ruby"}, ADA)
    assert done.before == {"name": "Gem", "price": 100}
    assert done.after == {"name": "Ruby", "price": 40}
    assert done.item.version == gem.version + 1
    newest = (await house.db.read(list_entries, GUILD))[0]
    assert (newest.action, newest.actor_id, newest.subject) == (
        "shop.edit",
        ADA,
        f"shop item {gem.item_id}",
    )
    assert newest.before == {"name": "Gem", "price": 100}


async def test_a_form_that_was_open_too_long_changes_nothing(house: House) -> None:
    gem = await house.add(GEM)
    await house.editing.edit(GUILD, "Gem", {"price": 40}, ADA)
    with pytest.raises(ItemChanged):
        await house.editing.edit_seen(GUILD, gem.item_id, gem.version, {"price": 1}, BOB)
    assert (await house.item(gem)).terms.price == 40


async def test_every_change_can_be_taken_back(house: House) -> None:
    gem = (await house.editing.add(GUILD, GEM, 5, ADA)).item

    async def undo(version: int) -> None:
        await house.editing.take_back(GUILD, gem.item_id, version, ADA)

    edited = await house.editing.edit(GUILD, "Gem", {"price": 40, "member_limit": 2}, ADA)
    await undo(edited.item.version)
    assert (await house.item(gem)).terms == GEM
    stocked = await house.editing.restock(GUILD, "Gem", 10, ADA)
    assert stocked.item.stock == 15
    await undo(stocked.item.version)
    assert (await house.item(gem)).stock == 5
    endless = await house.editing.restock(GUILD, "Gem", None, ADA)
    assert endless.item.stock is None
    await undo(endless.item.version)
    assert (await house.item(gem)).stock == 5
    removed = await house.editing.remove(GUILD, "Gem", ADA)
    assert await house.shop.list_items(GUILD) == []
    await undo(removed.item.version)
    assert [item.terms.name for item in await house.shop.list_items(GUILD)] == ["Gem"]
    with pytest.raises(ItemChanged):  # pressed twice
        await undo(removed.item.version)


async def test_only_the_newest_change_can_be_taken_back(house: House) -> None:
    gem = await house.add(GEM)
    first = await house.editing.edit(GUILD, "Gem", {"price": 40}, ADA)
    await house.editing.edit(GUILD, "Gem", {"price": 50}, BOB)
    with pytest.raises(ItemChanged):
        await house.editing.take_back(GUILD, gem.item_id, first.item.version, ADA)
    assert (await house.item(gem)).terms.price == 50


async def test_a_new_item_can_be_taken_back(house: House) -> None:
    added = await house.editing.add(GUILD, GEM, 5, ADA)
    await house.editing.take_back(GUILD, added.item.item_id, added.item.version, ADA)
    with pytest.raises(ItemUnknown):
        await house.shop.get_item(GUILD, "Gem")


async def test_taking_a_restock_back_keeps_what_was_sold_meanwhile(house: House) -> None:
    gem = await house.add(GEM, 1)
    stocked = await house.editing.restock(GUILD, "Gem", 10, ADA)
    await house.pay(ALICE, 1000)
    await house.shop.buy(buyer(ALICE), "Gem", 1, key="a")
    await house.editing.take_back(GUILD, gem.item_id, stocked.item.version, ADA)
    assert (await house.item(gem)).stock == 0
    again = await house.editing.restock(GUILD, "Gem", 2, ADA)
    await house.shop.buy(buyer(ALICE), "Gem", 1, key="b")
    with pytest.raises(OutOfStock):
        await house.editing.take_back(GUILD, gem.item_id, again.item.version, ADA)


async def test_a_removed_item_cannot_come_back_under_a_taken_name(house: House) -> None:
    gem = await house.add(GEM)
    removed = await house.editing.remove(GUILD, "Gem", ADA)
    await house.add(replace(GEM, price=7))
    with pytest.raises(NameTaken):
        await house.editing.take_back(GUILD, gem.item_id, removed.item.version, ADA)


async def test_another_guild_changes_nothing(house: House) -> None:
    gem = await house.add(GEM)
    other = type(GUILD)(2)
    with pytest.raises(ItemUnknown):
        await house.editing.edit(other, purchase_choice(gem), {"price": 1}, ADA)
    with pytest.raises(ItemChanged):
        await house.editing.take_back(other, gem.item_id, gem.version, ADA)


async def test_a_role_item_keeps_its_role(house: House) -> None:
    await house.add(Terms("Knight", "role", 100, role_id=ROLE))
    with pytest.raises(InvalidInput):
        await house.editing.edit(GUILD, "Knight", {"role_id": None}, ADA)


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        ("90m", 5400),
        ("2h", 7200),
        ("7d", 604_800),
        ("1w 3d", 864_000),
        ("1d, 12h", 129_600),
        ("never", None),
        ("", None),
    ],
)
def test_durations_are_read(typed: str, seconds: int | None) -> None:
    assert parse_duration(typed) == seconds


@pytest.mark.parametrize("typed", ["5", "tomorrow", "30s", "2y", "-1h", "400d", "٣h", "1e9d"])
def test_other_durations_are_refused(typed: str) -> None:
    with pytest.raises(InvalidInput):
        parse_duration(typed)


def test_durations_are_shown_in_two_units() -> None:
    shown = [show_duration(seconds) for seconds in (60, 5400, 604_800, 700_000)]
    assert shown == ["1m", "1h 30m", "1w", "1w 1d"]


@pytest.mark.parametrize(
    "emoji", ["💎", "🏳️‍🌈", "👩🏽‍🚀", "🇩🇪", "1️⃣", "⚔️", "<:gem:123456789012345678>"]
)
def test_an_emoji_is_one_emoji(emoji: str) -> None:
    assert check_emoji(f" {emoji} ") == emoji


@pytest.mark.parametrize("text", ["a", "A💎", "💎💎", ":gem:", "<:gem:1>", "1", "→→", "<script>"])
def test_text_is_no_emoji(text: str) -> None:
    with pytest.raises(InvalidInput):
        check_emoji(text)


def test_only_sure_emoji_go_into_menus() -> None:
    assert [fits_menus(each) for each in ("💎", "👩🏽‍🚀", "🛡", "☈", "⚔️")] == [
        True,
        True,
        True,
        False,
        False,
    ]
    assert custom_emoji_id("<a:gem:123456789012345678>") == 123456789012345678
    assert custom_emoji_id("💎") is None


@pytest.mark.parametrize("text", ["", "@", "1@", "@1", "a@1", "1@-1", "\uff11@1", "1" * 40 + "@1"])
def test_what_is_no_choice_is_a_name(text: str) -> None:
    assert read_choice(text) is None


def test_effects_are_whole_data() -> None:
    assert {"shield", "work", "daily"} <= set(EFFECTS)
    for effect in EFFECTS.values():
        assert effect.uses >= 1
        assert effect.seconds >= 60
        assert effect.percent >= 100
