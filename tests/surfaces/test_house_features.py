"""Status, settings and the command limit as members use them."""

import pytest
from tests.surfaces.conftest import House

from seraphim.kernel.audit import list_entries
from seraphim.kernel.ids import GuildId
from seraphim.surfaces.discord.commands import faults


class TestPingAndAbout:
    async def test_ping_measures_both_ways(self, house: House) -> None:
        alice = await house.alice()
        answer = await alice.slash("ping")
        await answer.until(lambda message: "measuring" not in message.text)
        fields = {field["name"]: field["value"] for field in answer.embeds[0]["fields"]}
        assert fields["Round trip"].endswith(" ms**")
        assert set(fields) == {"Gateway", "Round trip"}

    async def test_about_tells_version_uptime_and_size(self, house: House) -> None:
        alice = await house.alice()
        text = (await alice.slash("about")).text
        for expected in ("0.1.0", "<t:", "Python 3.", "discord.py 2.7.1", "</help:"):
            assert expected in text


class TestHelp:
    async def test_the_overview_has_every_feature_and_leads_to_its_commands(
        self, house: House
    ) -> None:
        alice = await house.alice()
        answer = await alice.slash("help")
        assert answer.ephemeral
        for expected in ("Trying", "Settings", "Rate limit", "Status"):
            assert expected in answer.text
        await answer.select("Trying")
        await answer.until(lambda message: message.embeds[0]["title"] == "Trying")
        assert "</panel:" in answer.text
        await answer.click("▶")
        await answer.until(lambda message: "</deferred:" in message.text)
        await answer.select("Overview")
        await answer.until(lambda message: message.embeds[0]["title"] == "What I can do")

    async def test_a_command_is_shown_in_full(self, house: House) -> None:
        alice = await house.alice()
        shown = await alice.slash("help", query="/settings change")
        text = shown.text
        for expected in ("Change one setting.", "`setting`", "The new value", "Manage Guild"):
            assert expected in text

    async def test_words_find_commands(self, house: House) -> None:
        alice = await house.alice()
        found = await alice.slash("help", query="greet")
        assert "hello" not in found.text
        found = await alice.slash("help", query="how fast")
        assert "</ping:" in found.text

    async def test_nothing_found_is_said(self, house: House) -> None:
        alice = await house.alice()
        answer = await alice.slash("help", query="qqqqqqqq")
        assert "I could not find a command for" in answer.text

    async def test_a_query_of_5000_characters_is_answered(self, house: House) -> None:
        alice = await house.alice()
        answer = await alice.slash("help", query="x" * 5000)
        assert answer.ephemeral
        assert "I could not find" in answer.text

    async def test_suggestions_begin_with_the_command_that_is_typed(self, house: House) -> None:
        alice = await house.alice()
        choices = await alice.autocomplete("help", query="set")
        assert choices[0]["value"].startswith("settings")
        assert len(await alice.autocomplete("help", query="")) > 10


class TestSettings:
    async def test_they_are_shown_with_a_menu_of_features(self, house: House) -> None:
        ada = await house.ada()
        answer = await ada.slash("settings view", feature="trying")
        assert answer.ephemeral
        assert "How loud it is." in answer.text
        assert "`100`" in answer.text
        await answer.select("Settings")
        await answer.until(lambda message: "Features switched off" in message.text)

    async def test_one_is_changed_audited_and_taken_back(self, house: House) -> None:
        ada = await house.ada()
        await ada.slash("settings change", feature="trying", setting="volume", value="80")
        done = await ada.slash("settings change", feature="trying", setting="volume", value="50")
        assert "`80` → **`50`**" in done.text
        await done.click("Undo")
        await done.until(lambda message: "Taken back" in message.text)
        assert "`80`" in done.text
        guild_id = GuildId(int(house.guild.id))
        written = await house.kernel.db.read(list_entries, guild_id)
        assert [entry.after for entry in reversed(written)] == [
            {"volume": 80},
            {"volume": 50},
            {"volume": 80},
        ]
        assert {entry.actor_id for entry in written} == {int(ada.id)}

    async def test_an_undo_after_another_change_is_refused(self, house: House) -> None:
        ada = await house.ada()
        done = await ada.slash("settings change", feature="trying", setting="volume", value="50")
        await ada.slash("settings change", feature="trying", setting="enabled", value="off")
        refused = await done.click("Undo")
        assert "Somebody else changed these settings" in refused.text

    @pytest.mark.parametrize(
        ("setting", "value", "sentence"),
        [
            ("volume", "500", "less than or equal to 200"),
            ("volume", "loud", "“loud” is not a number."),
            ("enabled", "maybe", "“maybe” is neither on nor off."),
            ("colour", "red", "I could not find “trying colour”."),
        ],
    )
    async def test_what_does_not_fit_is_said(
        self, house: House, setting: str, value: str, sentence: str
    ) -> None:
        ada = await house.ada()
        refused = await ada.slash("settings change", feature="trying", setting=setting, value=value)
        assert sentence in refused.text
        assert refused.ephemeral

    async def test_a_setting_goes_back_to_its_default(self, house: House) -> None:
        ada = await house.ada()
        await ada.slash("settings change", feature="trying", setting="volume", value="50")
        done = await ada.slash("settings reset", feature="trying", setting="volume")
        assert "`50` → **`100`**" in done.text

    async def test_feature_setting_and_value_are_suggested(self, house: House) -> None:
        ada = await house.ada()
        command = "settings change"

        async def values(**options: str) -> list[str]:
            return [choice["value"] for choice in await ada.autocomplete(command, options)]

        assert await values(feature="try") == ["trying"]
        assert await values(feature="trying", setting="") == ["volume", "enabled"]
        assert await values(feature="trying", setting="enabled", value="") == ["on", "off"]
        found = await values(feature="settings", setting="disabled_features", value="status, tr")
        assert found == ["status, trying"]
        assert await values(feature="nothing", setting="x", value="") == []

    async def test_a_feature_that_is_switched_off_says_so(self, house: House) -> None:
        ada = await house.ada()
        chosen = {"feature": "settings", "setting": "disabled_features"}
        panel = await ada.slash("panel")
        await ada.slash("settings change", chosen, value="trying, settings")
        assert "trying is switched off" in (await ada.slash("hello", name="you")).text
        assert "trying is switched off" in (await panel.click("Press")).text
        assert house.trying.calls == []
        await ada.slash("settings reset", chosen)
        assert (await ada.slash("hello", name="you")).content == "Hello you!"

    async def test_members_may_not(self, house: House) -> None:
        alice, ada = await house.alice(), await house.ada()
        await ada.command("settings")
        assert not alice.offers("settings")


async def test_the_catalogue_is_complete(house: House) -> None:
    assert faults(house.client.features) == []


class TestGerman:
    async def test_a_member_with_a_german_client_reads_german(self, house: House) -> None:
        alice = await house.alice()
        await alice.set_locale("de")
        refused = await alice.slash("refuse")
        assert refused.embeds[0]["description"] == "Ich konnte that song nicht finden."
        answer = await alice.slash("help")
        assert answer.embeds[0]["title"] == "Was ich kann"
        assert "3 Befehle" in answer.text
        assert "Einstellungen" in answer.text

    async def test_what_everybody_sees_stays_in_the_servers_language(self, house: House) -> None:
        alice = await house.alice()
        await alice.set_locale("de")
        answer = await alice.slash("ping")
        assert {field["name"] for field in answer.embeds[0]["fields"]} == {"Gateway", "Round trip"}

    async def test_discord_is_told_german_descriptions_and_no_other_names(
        self, house: House
    ) -> None:
        payload = {command["name"]: command for command in await house.client.tree.payload()}
        told = payload["ping"]
        assert told["description_localizations"] == {"de": "Prüft, wie schnell der Bot antwortet."}
        assert told["name_localizations"] == {}
        option = payload["help"]["options"][0]
        assert "de" in option["description_localizations"]

    async def test_german_words_switch_a_setting(self, house: House) -> None:
        ada = await house.ada()
        await ada.set_locale("de")
        done = await ada.slash("settings change", feature="trying", setting="enabled", value="aus")
        assert "✅ → **❌**" in done.text
