"""What a scenario gets: the running bot, people on it, and what the surface counted."""

from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from discord_sandbox.driver import Member
from seraphim.app.lifecycle import Bot


@dataclass
class Stage:
    """The running bot, three people on it, and the outcomes of what they did.

    Alice is a member in the voice channel Music, bob a member, ada owns the guild.
    """

    bot: Bot
    alice: Member
    ada: Member
    bob: Member
    outcomes: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def handled(self, command: str, outcome: str, _seconds: float) -> None:
        """Note what the surface counts."""
        self.outcomes[command].append(outcome)

    @property
    def succeeded(self) -> set[str]:
        """What ran to a good end at least once."""
        return {name for name, outcomes in self.outcomes.items() if "ok" in outcomes}


type Scenario = Callable[[Stage], Awaitable[object]]


def say(command: str, **options: object) -> Scenario:
    """Return the scenario in which alice runs a command."""
    return lambda stage: stage.alice.slash(command, dict(options))
