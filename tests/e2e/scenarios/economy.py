"""The economy's own commands: earning, giving, looking at accounts."""

from tests.e2e.scenarios.stage import Scenario, say

COMMANDS: dict[str, Scenario] = {
    "balance": say("balance"),
    "daily": say("daily"),
    "work": say("work"),
    "beg": say("beg"),
    "crime": say("crime"),
    "fish": say("fish"),
    "mine": say("mine"),
    "hunt": say("hunt"),
}
