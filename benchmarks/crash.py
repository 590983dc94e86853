"""Members act at once while the real bot is killed with SIGKILL at random moments; nothing is lost.

The bot runs as one or two processes on the sandbox (``--processes 2`` needs PostgreSQL: both have
every event, as during a rolling restart). Members earn, give, buy, sell, trade and play. After each
kill the bot is started again and its database is held against what the members were told:

* ``acknowledged``: answers that said that coins moved, a game was opened, moved or over, a trade
  was done. ``lost``: those that the books do not hold, coin by coin.
* ``coins_created``: coins that are held and were not issued, or the other way round; accounts that
  differ from their postings, escrows without a reason, transfers that do not sum to zero.
* ``games_stuck``: games that neither a member's click nor the clock could end, roles that were paid
  and never given, jobs given up. Every finished game is played again from its record as well, and
  must have paid what its rules say.
* ``claims_paid_twice``: claims paid before their pause was over.

The last line is JSON; the exit code is 1 when anything of this is not 0.
"""

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
from pathlib import Path

from support.arena import open_arena

sys.path.insert(0, str(Path(__file__).parents[1]))  # the trial belongs to the tests as well

from tests.support.money.trial import Place, Plan, Verdict, run_trial
from tests.support.servers import PostgresServer


async def _run(plan: Plan, engine: str) -> Verdict:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server = None
        url = f"sqlite:///{folder / 'seraphim.db'}"
        if engine == "postgres":
            server = PostgresServer()
            server.start()
            url = server.url(await server.create())
        try:
            async with open_arena(folder) as arena:
                place = Place(arena.url, arena.environ(arena.token), url, folder)
                return await run_trial(place, plan, lambda line: print(line, flush=True))
        finally:
            if server is not None:
                server.remove()


def main() -> int:
    """Run the trial and end with one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--engine", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--processes", type=int, choices=(1, 2), default=1)
    parser.add_argument("--members", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.processes > 1 and options.engine == "sqlite":
        parser.error("two processes need --engine postgres: a SQLite file belongs to one")
    plan = Plan(options.kills, options.members, options.processes, options.seed)
    verdict = asyncio.run(_run(plan, options.engine))
    for line in (
        *verdict.lost[:10],
        *verdict.faults[:10],
        *verdict.games_stuck[:10],
        *verdict.claims_paid_twice[:10],
        *verdict.complaints[:10],
    ):
        print(line)
    print(
        json.dumps(
            {
                "kills": verdict.kills,
                "acknowledged": verdict.acknowledged,
                "lost": len(verdict.lost),
                "coins_created": verdict.coins_created,
                "games_stuck": len(verdict.games_stuck),
                "claims_paid_twice": len(verdict.claims_paid_twice),
                "games_misplayed": len(verdict.faults),
                "games_resumed": verdict.games_resumed,
                "games_timed_out": verdict.games_timed_out,
                "errors_logged": len(verdict.complaints),
                "engine": options.engine,
                "processes": options.processes,
                "members": options.members,
                "restart_p50_seconds": round(statistics.median(verdict.restart_seconds), 2),
                "seconds": round(verdict.seconds, 1),
            }
        )
    )
    return 0 if verdict.is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
