"""Fixed choices are shown in the member's language, whatever the code calls them."""

from pathlib import Path

import discord
from babel.messages.catalog import Catalog
from discord import app_commands
from tests.kernel.test_texts import write

from seraphim.kernel import catalogs
from seraphim.kernel.texts import Texts
from seraphim.surfaces.discord.commands import slash, worded
from seraphim.surfaces.discord.tree import CatalogTranslator


async def test_choices_carry_their_translations_and_the_codes_own_value(tmp_path: Path) -> None:
    german = Catalog(locale="de")
    german.add("two ones", "zwei Einsen")
    write(tmp_path, "de", german)
    catalogs.compile_all(tmp_path)

    @slash("dice", "Throw dice.")
    @app_commands.describe(guess="What they show")
    @app_commands.choices(guess=worded({"snake_eyes": "two ones", "odd": "an odd sum"}))
    async def dice(interaction: discord.Interaction, guess: str) -> None:
        _ = interaction, guess

    tree = app_commands.CommandTree(discord.Client(intents=discord.Intents.none()))
    payload = await dice.get_translated_payload(tree, CatalogTranslator(Texts(tmp_path)))
    assert payload["options"][0]["choices"] == [
        {"name": "two ones", "value": "snake_eyes", "name_localizations": {"de": "zwei Einsen"}},
        {"name": "an odd sum", "value": "odd"},
    ]
