"""An unmodified discord.py bot with an app_commands tree, used by people."""

import io
from typing import Any

import discord
import pytest
from discord import app_commands
from tests.sandbox.interactions.conftest import Start

from discord_sandbox.driver import Guild, InteractionFailed, Member, OperationRefused
from discord_sandbox.server import Sandbox

SONGS = ("hymn.opus", "hyena.mp3", "waltz.opus")


class PickView(discord.ui.View):
    """A button and three menus."""

    @discord.ui.button(label="Skip", custom_id="skip")
    async def skip(self, interaction: discord.Interaction, _: object) -> None:
        await interaction.response.edit_message(content="skipped")

    @discord.ui.button(label="Later", custom_id="later")
    async def later(self, interaction: discord.Interaction, _: object) -> None:
        await interaction.response.defer()
        await interaction.edit_original_response(content="edited after a deferral")

    @discord.ui.button(label="Ask", custom_id="ask")
    async def ask(self, interaction: discord.Interaction, _: object) -> None:
        await interaction.response.send_modal(NameModal())

    @discord.ui.button(label="Gone", custom_id="gone", disabled=True)
    async def gone(self, interaction: discord.Interaction, _: object) -> None:
        await interaction.response.defer()

    @discord.ui.select(
        custom_id="color",
        max_values=2,
        options=[discord.SelectOption(label=one.title(), value=one) for one in ("red", "green")],
    )
    async def color(
        self, interaction: discord.Interaction, select: "discord.ui.Select[PickView]"
    ) -> None:
        await interaction.response.send_message(f"chose {', '.join(select.values)}", ephemeral=True)

    @discord.ui.select(cls=discord.ui.UserSelect, custom_id="who")
    async def who(
        self, interaction: discord.Interaction, select: "discord.ui.UserSelect[PickView]"
    ) -> None:
        await interaction.response.send_message(f"chose {select.values[0].display_name}")

    @discord.ui.select(cls=discord.ui.MentionableSelect, custom_id="whom")
    async def whom(
        self, interaction: discord.Interaction, select: "discord.ui.MentionableSelect[PickView]"
    ) -> None:
        await interaction.response.send_message(f"chose {type(select.values[0]).__name__}")


class NameModal(discord.ui.Modal, title="Who are you?"):
    """One text and one menu, both in labels."""

    name: "discord.ui.Label[NameModal]" = discord.ui.Label(
        text="Your name", component=discord.ui.TextInput(custom_id="name", max_length=10)
    )
    kind: "discord.ui.Label[NameModal]" = discord.ui.Label(
        text="Your kind",
        component=discord.ui.Select(
            custom_id="kind",
            options=[discord.SelectOption(label="Cat"), discord.SelectOption(label="Dog")],
        ),
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        name, kind = self.name.component, self.kind.component
        assert isinstance(name, discord.ui.TextInput)
        assert isinstance(kind, discord.ui.Select)
        await interaction.response.send_message(f"{name.value} the {kind.values[0]}")


Tree = app_commands.CommandTree[discord.Client]


def make_bot() -> discord.Client:
    client = discord.Client(intents=discord.Intents.default(), guild_ready_timeout=0.1)
    tree = app_commands.CommandTree(client)
    add_simple_commands(tree)
    add_components(tree)
    add_menus(tree)

    async def setup() -> None:
        await tree.sync()

    client.setup_hook = setup
    return client


def add_simple_commands(tree: Tree) -> None:
    @tree.command(description="Play a song")
    @app_commands.describe(query="Its name", volume="In percent")
    async def play(
        interaction: discord.Interaction,
        query: str,
        volume: app_commands.Range[int, 0, 100] = 100,
    ) -> None:
        await interaction.response.defer()
        await interaction.followup.send(f"playing {query} at {volume}")

    @play.autocomplete("query")
    async def complete(_: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=one, value=one) for one in SONGS if current in one]

    @tree.command(description="A secret")
    async def secret(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("only you", ephemeral=True)
        await interaction.followup.send("and this", ephemeral=True)
        await interaction.edit_original_response(content="only you, edited")

    @tree.command(description="Takes its time")
    async def slow(interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        await interaction.edit_original_response(
            content="done", embed=discord.Embed(title="An embed", description="with text")
        )

    @tree.command(description="Never answers")
    async def silent(_: discord.Interaction) -> None:
        pass


def add_components(tree: Tree) -> None:
    @tree.command(description="Components")
    async def pick(interaction: discord.Interaction) -> None:
        response = await interaction.response.send_message("pick", view=PickView(timeout=None))
        assert response.message_id is not None

    @tree.command(description="A form")
    async def form(interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(NameModal())

    @tree.command(description="Everything typed")
    async def typed(
        interaction: discord.Interaction,
        member: discord.Member,
        channel: discord.TextChannel,
        role: discord.Role,
        file: discord.Attachment,
        number: float,
        yes: bool,  # noqa: FBT001 - the option's type, read by discord.py
    ) -> None:
        text = (await file.read()).decode()
        words = f"{member.name} {channel.name} {role.name} {text} {number} {yes}"
        reply = discord.File(io.BytesIO(words.encode()), "words.txt")
        await interaction.response.send_message(words, file=reply)

    @tree.command(description="Somebody, here or not")
    async def about(interaction: discord.Interaction, who: discord.User) -> None:
        await interaction.response.send_message(f"{type(who).__name__} {who.name}")

    @tree.command(description="Second system")
    async def layout(interaction: discord.Interaction) -> None:
        view = discord.ui.LayoutView(timeout=None)
        link: discord.ui.Button[Any] = discord.ui.Button(label="Open", url="https://example.com")
        box: discord.ui.Container[Any] = discord.ui.Container(accent_color=0x5865F2)
        box.add_item(discord.ui.TextDisplay[Any]("# Now playing"))
        box.add_item(discord.ui.Separator[Any]())
        box.add_item(discord.ui.Section[Any]("a song", accessory=link))
        view.add_item(box)
        await interaction.response.send_message(view=view)


def add_menus(tree: Tree) -> None:
    settings = app_commands.Group(
        name="settings",
        description="Settings",
        default_permissions=discord.Permissions(manage_guild=True),
    )

    @settings.command(name="volume", description="Set the volume")
    async def set_volume(interaction: discord.Interaction, percent: int) -> None:
        await interaction.response.send_message(f"volume is {percent}")

    tree.add_command(settings)

    @tree.context_menu(name="Shout")
    async def shout(interaction: discord.Interaction, message: discord.Message) -> None:
        await interaction.response.send_message(message.content.upper())

    @tree.context_menu(name="Wave")
    async def wave(interaction: discord.Interaction, member: discord.Member) -> None:
        await interaction.response.send_message(f"hello {member.name}")


@pytest.fixture(autouse=True)
async def _bot(start: Start) -> None:
    await start(make_bot())


async def test_a_command_with_autocomplete_is_deferred_and_followed_up(alice: Member) -> None:
    choices = await alice.autocomplete("play", query="hy")
    assert [choice["value"] for choice in choices] == ["hymn.opus", "hyena.mp3"]
    reply = await alice.slash("play", query=choices[0]["value"], volume=50)
    assert reply.content == "playing hymn.opus at 50"
    assert not reply.message.loading


async def test_ephemeral_answers_reach_only_their_person(alice: Member, guild: Guild) -> None:
    bob = await guild.member("bob")
    reply = await alice.slash("secret")
    assert reply.ephemeral
    followup = await reply.followup()
    assert followup.content == "and this"
    await reply.until(lambda message: message.content == "only you, edited")
    await bob.channel("general").send("a later message, so that bob has seen everything before")
    await bob.channel("general").wait_for(lambda message: message.author == "bob")
    assert {one.author for one in bob.connection.messages.values()} == {"bob"}
    assert [one.author for one in await bob.channel("general").messages()].count("Seraphim") == 0


async def test_a_deferred_ephemeral_answer_is_completed_by_an_edit(alice: Member) -> None:
    reply = await alice.slash("slow")
    assert reply.ephemeral
    assert reply.embeds[0]["title"] == "An embed"
    states = [
        data["state"] for name, data in alice.connection.events if name == "INTERACTION_STATE"
    ]
    assert states == ["created", "deferred", "answered"]


async def test_a_person_sees_that_the_application_did_not_respond(
    alice: Member, sandbox: Sandbox
) -> None:
    sandbox.interactions.exchange.answer_seconds = 0.05
    with pytest.raises(InteractionFailed, match="The application did not respond"):
        await alice.slash("silent")


async def test_buttons_edit_their_message(alice: Member) -> None:
    reply = await alice.slash("pick")
    await reply.click("Skip")
    assert reply.content == "skipped"


async def test_a_deferred_update_is_completed_by_an_edit(alice: Member) -> None:
    reply = await alice.slash("pick")
    await reply.click("Later")
    await reply.until(lambda message: message.content == "edited after a deferral")


async def test_a_disabled_button_cannot_be_pressed(alice: Member) -> None:
    reply = await alice.slash("pick")
    with pytest.raises(OperationRefused, match="disabled"):
        await reply.click("Gone")


async def test_menus_give_values_and_resolved_people_and_roles(alice: Member, guild: Guild) -> None:
    reply = await alice.slash("pick")
    assert (await reply.select("Red", "green", menu="color")).content == "chose red, green"
    bob = await guild.member("bob")
    assert (await reply.select(bob, menu="who")).content == "chose Bob"
    dj = await guild.role("DJ")
    assert (await reply.select(dj, menu="whom")).content == "chose Role"
    with pytest.raises(OperationRefused, match="bad_selection"):
        await reply.select("blue", menu="color")


async def test_a_modal_opens_from_a_command_and_from_a_button(alice: Member) -> None:
    modal = (await alice.slash("form")).modal
    assert modal is not None
    assert modal.title == "Who are you?"
    assert (await modal.submit(name="Tom", kind=["Cat"])).content == "Tom the Cat"
    await (await alice.slash("pick")).click("Ask")
    second = await alice.modal()
    with pytest.raises(OperationRefused, match="invalid_fields"):
        await second.submit(name="longer than ten characters", kind=["Cat"])
    assert (await second.submit({"Your name": "Rex"}, kind=["Dog"])).content == "Rex the Dog"


async def test_every_option_type_is_resolved(alice: Member, guild: Guild) -> None:
    bob = await guild.member("bob")
    file = await alice.upload(b"content", "note.txt")
    reply = await alice.slash(
        "typed",
        {"channel": alice.channel("music")},  # not the `channel=` it is used in
        member=bob,
        role=await guild.role("DJ"),
        file=file,
        number=1.5,
        yes=True,
    )
    assert reply.content == "bob music DJ content 1.5 True"
    assert reply.message.attachments[0]["filename"] == "words.txt"


async def test_a_user_who_has_left_is_named_without_a_member(alice: Member, guild: Guild) -> None:
    mallory = await guild.create_member("mallory")
    assert (await alice.slash("about", who=mallory)).content == "Member mallory"
    await guild.kick(mallory)
    assert (await alice.slash("about", who=mallory)).content == "User mallory"
    with pytest.raises(OperationRefused):
        await alice.slash("about", who="1")


async def test_the_second_system_of_components_is_returned_with_ids(alice: Member) -> None:
    reply = await alice.slash("layout")
    (container,) = reply.message.components
    assert [container["id"], *(one["id"] for one in container["components"])] == [1, 2, 3, 4]
    assert "# Now playing" in reply.text


async def test_commands_are_offered_by_permission(alice: Member, guild: Guild) -> None:
    ada = await guild.member("ada")
    assert (await ada.slash("settings volume", percent=30)).content == "volume is 30"
    await alice.command("play")
    assert not alice.offers("settings")
    role = await guild.create_role(
        "Keeper", permissions=discord.Permissions.all().manage_guild and 32
    )
    await guild.edit_member(alice, role_ids=[role])
    assert (await alice.slash("settings volume", percent=20)).content == "volume is 20"


async def test_context_menus_get_their_targets(alice: Member, guild: Guild) -> None:
    message = await alice.channel("general").send("quiet words")
    assert (await alice.context("Shout", message)).content == "QUIET WORDS"
    bob = await guild.member("bob")
    assert (await alice.context("Wave", bob)).content == "hello bob"


async def test_options_against_their_rules_are_refused(alice: Member) -> None:
    with pytest.raises(OperationRefused, match="Must be 100 or less"):
        await alice.slash("play", query="x", volume=101)
    with pytest.raises(OperationRefused, match="This field is required"):
        await alice.slash("play", volume=10)
