"""The bot of this folder's tests on hikari. Arguments: sandbox URL, gateway URL (not needed)."""

import os
import sys

import hikari


def main() -> None:
    """Run until stopped."""
    bot = hikari.GatewayBot(
        os.environ["DISCORD_TOKEN"],
        rest_url=f"{sys.argv[1]}/api/v10",
        intents=hikari.Intents.ALL_UNPRIVILEGED,
        banner=None,
        suppress_optimization_warning=True,
    )

    @bot.listen()
    async def started(_event: hikari.StartedEvent) -> None:
        application = await bot.rest.fetch_application()
        command = bot.rest.slash_command_builder("echo", "Say it again").add_option(
            hikari.CommandOption(
                type=hikari.OptionType.STRING, name="text", description="What", is_required=True
            )
        )
        await bot.rest.set_application_commands(application, [command])
        print("ready", flush=True)  # noqa: T201 - the test waits for this line

    @bot.listen()
    async def command(event: hikari.CommandInteractionCreateEvent) -> None:
        interaction = event.interaction
        assert interaction.options is not None
        text = interaction.options[0].value
        await interaction.create_initial_response(hikari.ResponseType.DEFERRED_MESSAGE_CREATE)
        row = bot.rest.build_message_action_row()
        row.add_interactive_button(hikari.ButtonStyle.PRIMARY, "press", label="Press me")
        await interaction.edit_initial_response(f"edited: {text}", component=row)
        await interaction.execute(f"follow-up: {text}")

    @bot.listen()
    async def pressed(event: hikari.ComponentInteractionCreateEvent) -> None:
        await event.interaction.create_initial_response(
            hikari.ResponseType.MESSAGE_UPDATE,
            f"pressed by {event.interaction.user.username}",
            components=[],
        )

    bot.run(check_for_updates=False)


if __name__ == "__main__":
    main()
