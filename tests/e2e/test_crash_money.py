"""The trial of the money in small; ``make bench NAME=crash`` runs it at any size."""

from pathlib import Path

import pytest
from tests.support.money.trial import Place, Plan, Verdict, run_trial
from tests.support.servers import PostgresServer

from discord_sandbox.server import Sandbox

KILLS = 5
FEWEST_PROMISES = 20
"""A trial in which hardly anything was promised would prove nothing."""


async def trial(sandbox: Sandbox, url: str, folder: Path, plan: Plan) -> Verdict:
    """Run a trial on a sandbox of this process."""
    assert sandbox.seeded is not None
    environ = {
        "DISCORD_TOKEN": sandbox.seeded.application.token,
        "SERAPHIM_DISCORD_API_URL": sandbox.url,
        "SERAPHIM_DISCORD_GATEWAY_URL": sandbox.gateway.url,
        "SERAPHIM_DISCORD_CA_FILE": str(sandbox.voice.ca_file),
    }
    return await run_trial(Place(sandbox.url, environ, url, folder), plan)


def broken(verdict: Verdict) -> dict[str, object]:
    """Return what was lost, made, stuck or paid twice; nothing of it is as it should be."""
    found = {
        "lost": verdict.lost,
        "coins created": verdict.coins_created,
        "faults": verdict.faults,
        "games stuck": verdict.games_stuck,
        "claims paid twice": verdict.claims_paid_twice,
    }
    return {name: value for name, value in found.items() if value}


@pytest.mark.timeout(180)  # it starts a bot seven times and more
async def test_members_lose_nothing_while_the_bot_is_killed_again_and_again(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'seraphim.db'}"
    plan = Plan(kills=KILLS, members=12, clicking_seconds=4)
    verdict = await trial(sandbox, url, tmp_path, plan)
    assert broken(verdict) == {}
    assert verdict.kills >= KILLS
    assert verdict.acknowledged >= FEWEST_PROMISES


@pytest.mark.timeout(180)  # it starts a bot seven times and more
async def test_two_processes_with_the_same_events_pay_once_and_lose_nothing(
    sandbox: Sandbox, tmp_path: Path, postgres_server: PostgresServer
) -> None:
    name = await postgres_server.create()
    plan = Plan(kills=KILLS, members=8, processes=2, clicking_seconds=4)
    try:
        verdict = await trial(sandbox, postgres_server.url(name), tmp_path, plan)
    finally:
        await postgres_server.drop(name)
    assert broken(verdict) == {}
    assert verdict.kills >= KILLS
    assert verdict.acknowledged >= FEWEST_PROMISES
