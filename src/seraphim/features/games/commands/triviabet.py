"""``/triviabet``."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

import discord
from discord import app_commands

from seraphim.features.games.commands.desk import Desk
from seraphim.features.games.commands.face import PlainFace, Say, Shown, move_button
from seraphim.features.games.commands.outcome import result_line, tone_of
from seraphim.features.games.rules.trivia import (
    KNOWN_PERCENT,
    PAYS_PERCENT,
    Trivia,
    expected_value,
)
from seraphim.features.games.rules.trivia_bank import Difficulty
from seraphim.features.games.service.orders import View
from seraphim.features.games.service.settings import GamesSettings
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.commands import AnyCommand, slash, worded
from seraphim.surfaces.discord.layout import RowItem
from seraphim.surfaces.discord.replies import embed

_LETTERS = ("🇦", "🇧", "🇨", "🇩")
_DIFFICULTIES: dict[Difficulty, str] = {
    "easy": N_("easy"),
    "medium": N_("medium"),
    "hard": N_("hard"),
}
_CATEGORIES = {
    "science": N_("Science"),
    "nature": N_("Nature"),
    "history": N_("History"),
    "geography": N_("Geography"),
    "arts": N_("Arts"),
    "technology": N_("Technology"),
    "food": N_("Food"),
    "games": N_("Games and sport"),
}


class TriviaFace(PlainFace):
    """A question and four answers."""

    kind = "triviabet"
    title = N_("Trivia")
    emoji = "🧠"

    async def paint(self, view: View, say: Say) -> Shown:
        """Show the question, and after the end which answer was right."""
        state: Trivia = view.state
        asked = state.asked
        title = f"{self.emoji} {say(self.title)} · {say(_CATEGORIES[asked.category])}"
        times = f"{PAYS_PERCENT[asked.difficulty] / 100:g}"
        terms = say(
            N_("{difficulty} · a right answer pays {times} times the bet of {stake}"),
            difficulty=say(_DIFFICULTIES[asked.difficulty]),
            times=times,
            stake=say.coins(state.stake),
        )
        lines = [f"### {asked.text}", f"-# {terms}"]
        if not state.is_over:
            until = f"<t:{state.until_ms // 1000}:R>"
            lines.append(say(N_("The time to answer ends {until}."), until=until))
        elif view.game.status == "released":
            lines.append(say(N_("I was away when the time ended. Your bet has gone back.")))
        else:
            if state.given is None:
                lines.append(say(N_("No answer came in time.")))
            mark = "⌛" if state.given is None else "✅" if state.given == state.right else "❌"
            right = asked.answers[0]
            lines.append(f"{mark} {say(N_('The answer is **{answer}**.'), answer=right)}")
            lines.append(result_line(view, say))
        tone = tone_of(view) if state.is_over else "info"
        shown = embed(title, "\n".join(lines), tone)
        return Shown(shown, self._answers(view, state), apart=True)

    def odds(self, settings: GamesSettings, say: Say) -> Sequence[str]:
        """Tell payouts, what they assume, and that knowledge can win."""
        lines: list[str] = []
        for difficulty, known in KNOWN_PERCENT.items():
            value = expected_value(difficulty, Fraction(known, 100))
            lines.append(
                say(
                    N_("{difficulty}: pays {times} times; {known} % are assumed to know it."),
                    difficulty=f"**{say(_DIFFICULTIES[difficulty])}**",
                    times=f"{PAYS_PERCENT[difficulty] / 100:g}",
                    known=known,
                )
            )
            lines.append(say.expects(value))
        return (
            *lines,
            say(N_("Who knows more than that wins: this is the one game of skill.")),
            say(
                N_("So a bet is at most {most}, and a day has {rounds} questions for each member."),
                most=say.coins(settings.trivia_max_bet),
                rounds=settings.trivia_daily_rounds,
            ),
            say(N_("Silence is a wrong answer; the questions are in English.")),
        )

    def _answers(self, view: View, state: Trivia) -> Sequence[Sequence[RowItem]]:
        answers = [state.asked.answers[number] for number in state.order]
        buttons: list[RowItem] = []
        for place, answer in enumerate(answers):
            style = discord.ButtonStyle.secondary
            if state.is_over and place == state.right:
                style = discord.ButtonStyle.success
            elif state.is_over and place == state.given:
                style = discord.ButtonStyle.danger
            buttons.append(
                move_button(
                    view,
                    "answer",
                    answer,
                    value=place,
                    emoji=_LETTERS[place],
                    style=style,
                    disabled=state.is_over,
                )
            )
        return (buttons[:2], buttons[2:])


def trivia_command(desk: Desk) -> AnyCommand:
    """Return ``/triviabet``."""

    @slash("triviabet", N_("Bet on knowing the answer."), free_text=("bet",))
    @app_commands.describe(
        bet=N_("How much: 250, 1.5k, half, all"),
        category=N_("What it is about; anything if you do not say"),
        difficulty=N_("The harder, the more it pays"),
    )
    @app_commands.choices(category=worded(_CATEGORIES), difficulty=worded({**_DIFFICULTIES}))
    async def triviabet(
        interaction: discord.Interaction,
        bet: str,
        category: Literal[
            "science", "nature", "history", "geography", "arts", "technology", "food", "games"
        ]
        | None = None,
        difficulty: Literal["easy", "medium", "hard"] | None = None,
    ) -> None:
        wish = {"category": category or "", "difficulty": difficulty or ""}
        await desk.open(interaction, "triviabet", bet, dict(wish))

    return triviabet
