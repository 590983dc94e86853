"""What Discord would refuse is made to fit before it is sent."""

from seraphim.surfaces.discord.components import custom_id
from seraphim.surfaces.discord.layout import MAX_LABEL, button


def test_a_label_is_cut_to_what_a_button_holds() -> None:
    price = f"Buy for 1,000,000,000,000 {'x' * 64}"
    label = button(price, custom_id("economy", "shop-buy")).label
    assert label is not None
    assert len(label) == MAX_LABEL
    assert label.startswith("Buy for 1,000,000,000,000 x")
    assert button(None, "a:b", emoji="🎲").label is None
