"""The draws can be recomputed by anybody: the vectors, in Python and in Node, in a few lines."""

import hashlib
import hmac
import io
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.docs.pages import files_in

from seraphim.features.games.rules.crash import height_at
from seraphim.features.games.rules.dice import GUESSES
from seraphim.features.games.rules.errors import ClientSeedUnusable, MoveNotPossible
from seraphim.features.games.rules.fair import FairStream, check_client_seed, hash_of
from seraphim.features.games.rules.game import Move, Opening, advance
from seraphim.features.games.rules.proof import Proof, verify
from seraphim.features.games.rules.race import RACERS
from seraphim.features.games.rules.roulette import SPACES, pays
from seraphim.features.games.rules.rps import THROWS
from seraphim.features.games.rules.trivia_bank import QUESTIONS
from seraphim.features.games.service.catalogue import BY_KIND
from seraphim.features.games.service.settings import GamesSettings
from seraphim.features.games.verify import FAIR, NOT_FAIR, UNREADABLE, main
from seraphim.kernel.dice import SeededDice

VECTORS: dict[str, Any] = json.loads((Path(__file__).parents[1] / "vectors.json").read_text())
STREAMS: list[dict[str, Any]] = VECTORS["streams"]
GAMES: list[dict[str, Any]] = VECTORS["games"]
SOURCE = Path(__file__).parents[4] / "src" / "seraphim" / "features" / "games"
PAGE_SCRIPT = SOURCE / "page" / "fair.js"
NODE = shutil.which("node")

NODE_PROGRAM = """
const { createHmac, createHash } = require("node:crypto");
const lines = [];
for (const s of JSON.parse(require("node:fs").readFileSync(0)).streams) {
  let taken = 0;
  const word = () => {
    const message = `${s.client_seed}:${s.nonce}:${Math.floor(taken / 4)}`;
    const block = createHmac("sha256", s.server_seed).update(message).digest();
    return block.readBigUInt64BE(8 * (taken++ % 4));
  };
  const draws = s.draws.map(([low, high]) => {
    const n = BigInt(high - low + 1);
    let x = word();
    while (x >= 2n ** 64n - (2n ** 64n % n)) x = word();
    return [low, high, low + Number(x % n)];
  });
  lines.push({ hash: createHash("sha256").update(s.server_seed).digest("hex"), draws });
}
console.log(JSON.stringify(lines));
"""


def recomputed(vector: dict[str, Any]) -> list[list[int]]:
    """The algorithm of the documentation, written down independently."""
    taken = 0
    draws: list[list[int]] = []
    for low, high, _ in vector["draws"]:
        n = high - low + 1
        while True:
            message = f"{vector['client_seed']}:{vector['nonce']}:{taken // 4}".encode()
            block = hmac.new(vector["server_seed"].encode(), message, hashlib.sha256).digest()
            word = int.from_bytes(block[8 * (taken % 4) :][:8], "big")
            taken += 1
            if word < 2**64 - 2**64 % n:
                break
        draws.append([low, high, low + word % n])
    return draws


def test_the_documented_program_draws_the_vectors() -> None:
    """The page's own block of code is run as it stands there."""
    program = files_in("docs/develop/provably-fair.md")["draws.py"]
    names: dict[str, Any] = {}
    exec(program, names)  # noqa: S102 - our own page
    for vector in STREAMS:
        ranges = [(low, high) for low, high, _ in vector["draws"]]
        drawn = names["draws"](
            vector["server_seed"], vector["client_seed"], vector["nonce"], ranges
        )
        assert list(drawn) == [value for _, _, value in vector["draws"]]


def run_node(program: str, given: str, *, module: bool = False) -> Any:
    if NODE is None:
        pytest.skip("Node is not installed")
    kind = ["--input-type=module"] if module else ["--input-type=commonjs"]
    done = subprocess.run(
        [NODE, *kind, "-e", program], input=given, capture_output=True, text=True, check=False,
        timeout=50,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("vector", STREAMS)
def test_the_stream_draws_the_vectors(vector: dict[str, Any]) -> None:
    stream = FairStream(vector["server_seed"], vector["client_seed"], vector["nonce"])
    drawn = [[low, high, stream.integer(low, high)] for low, high, _ in vector["draws"]]
    assert drawn == vector["draws"] == recomputed(vector)
    assert hash_of(vector["server_seed"]) == vector["server_seed_hash"]


def test_node_draws_the_vectors() -> None:
    found = run_node(NODE_PROGRAM, json.dumps(VECTORS))
    assert [one["draws"] for one in found] == [one["draws"] for one in STREAMS]
    assert [one["hash"] for one in found] == [one["server_seed_hash"] for one in STREAMS]


@pytest.mark.parametrize("record", GAMES, ids=lambda record: record["kind"])
def test_a_game_is_verified_from_its_record_alone(record: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "game.json"
    path.write_text(json.dumps(record))
    out = io.StringIO()
    assert main([str(path)], out) == FAIR
    assert out.getvalue().endswith("FAIR\n")
    assert f"got {record['payouts'][0]}" in out.getvalue()


@pytest.mark.parametrize("record", GAMES, ids=lambda record: record["kind"])
@pytest.mark.parametrize(
    "change",
    [
        {"server_seed": "another"},
        {"server_seed_hash": "0" * 64},
        {"client_seed": "another"},
        {"payouts": [1]},
        {"stakes": [1]},
        {"ending": "released"},
        {"draws": [[0, 1, 0]]},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_record_that_was_changed_is_found_out(
    record: dict[str, Any], change: dict[str, Any]
) -> None:
    changed = msgspec.convert({**record, **change}, Proof)
    assert verify(changed, BY_KIND[changed.kind]).findings


def test_records_that_cannot_be_read(tmp_path: Path) -> None:
    out = io.StringIO()
    assert main([], out) == UNREADABLE
    assert main([str(tmp_path / "none.json")], out) == UNREADABLE
    broken = tmp_path / "broken.json"
    broken.write_text("{}")
    assert main([str(broken)], out) == UNREADABLE
    broken.write_text(json.dumps({**GAMES[0], "kind": "chess"}))
    assert main([str(broken)], out) == UNREADABLE
    broken.write_text(json.dumps({**GAMES[0], "nonce": 99}))
    assert main([str(broken)], out) == NOT_FAIR


CHOICES: dict[str, list[dict[str, Any]]] = {
    "coinflip": [{"side": "heads"}, {"side": "tails"}],
    "crash": [{"auto": ""}, {"auto": "1.5"}, {"auto": "2,25x"}, {"auto": "900"}],
    "dice": [{"guess": guess} for guess in GUESSES],
    "race": [{"value": racer} for racer in RACERS],
    "roulette": [{"space": space} for space in SPACES],
    "triviabet": [
        {},
        {"category": "food", "difficulty": ""},
        {"category": "", "difficulty": "hard"},
    ],
}
MOVES: dict[str, list[tuple[str, dict[str, Any], int]]] = {
    "blackjack": [(action, {}, 0) for action in ("hit", "stand", "double", "split")],
    "crash": [("leave", {}, 0), *(("join", auto, 50) for auto in CHOICES["crash"])],
    "doubleornothing": [("double", {}, 0), ("double", {}, 0), ("double", {}, 0), ("take", {}, 0)],
    "duel": [("accept", {}, 0), ("accept", {}, 0), ("decline", {}, 0)],
    "heist": [("join", {}, 7), ("join", {}, 900)],
    "highlow": [("higher", {}, 0), ("lower", {}, 0), ("higher", {}, 0), ("take", {}, 0)],
    "mysterybox": [("box", {"value": str(number)}, 0) for number in range(3)],
    "race": [("join", racer, 33) for racer in CHOICES["race"]],
    "roulette": [("bet", {"value": "17"}, 40), ("bet", {"space": "Column2"}, 7), ("spin", {}, 0)],
    "rps": [*(("throw", {"value": throw}, 0) for throw in THROWS), ("decline", {}, 0)],
    "triviabet": [("answer", {"value": str(number)}, 0) for number in range(4)],
}
INVITED = {"duel": [1], "rps": [0, 1]}
LATE_MS = [0, 0, 0, 500, 5_000, 20_000, 90_000]
"""How late the clock comes; some games make something of it."""


def played(kind: str, number: int, dice: SeededDice) -> dict[str, Any]:
    """Return the record of a game played at random, alone or by several, by moves and the clock."""
    game = BY_KIND[kind]
    stream = FairStream(f"server{number}", "client", number)
    opening = Opening(
        stake=dice.integer(1, 10**9),
        options=dice.choice(CHOICES.get(kind, [{}])),
        terms=game.terms(GamesSettings().model_dump()),
        at_ms=1_000_000,
        invited=dice.choice(INVITED.get(kind, [0])),
    )
    now_ms, step, moves = opening.at_ms, game.open(opening, stream), list[Move]()
    stakes = {0: opening.stake, **dict.fromkeys(range(1, opening.invited + 1), 0)}
    while not step.is_over:
        by_clock = kind not in MOVES or dice.integer(1, 8) == 1
        if by_clock:
            now_ms = max(now_ms, step.deadline_ms or now_ms) + dice.choice(LATE_MS)
            move = Move(-1, "timeout", now_ms)
            if kind == "crash" and step.state.is_flying and dice.integer(1, 4) == 1:
                move = Move(-1, "interrupted", now_ms - 3_000)
        else:
            now_ms += dice.integer(0, 1_500)
            action, options, bet = dice.choice(MOVES[kind])
            seat = dice.integer(0, len(stakes) if action in game.joins else len(stakes) - 1)
            move = Move(seat, action, now_ms, options, bet)
        try:
            step = advance(game, step.state, move, stream)
        except MoveNotPossible:
            continue
        moves.append(move)
        for seat, coins in step.holds.items():
            stakes[seat] = stakes.get(seat, 0) + coins
    paid = step.payouts or {}
    proof = Proof(
        kind, f"{kind}-{number}", f"server{number}", hash_of(f"server{number}"), "client", number,
        opening, moves, "released" if step.released else "settled",
        [stakes[seat] for seat in sorted(stakes)], [paid.get(seat, 0) for seat in sorted(stakes)],
        [(draw.low, draw.high, draw.value) for draw in stream.draws],
    )  # fmt: skip
    assert verify(proof, game).is_fair
    return msgspec.to_builtins(proof)


@pytest.mark.parametrize("kind", sorted(BY_KIND))
def test_the_page_agrees_with_the_rules_of_every_game(kind: str) -> None:
    """The page's own script, run by Node, which has WebCrypto too; it finds what was changed."""
    dice = SeededDice(4)
    records = [game for game in GAMES if game["kind"] == kind]
    records += [played(kind, number, dice) for number in range(120)]
    program = f"""
    import {{ readFileSync }} from "node:fs";
    const {{ verify }} = await import({json.dumps(PAGE_SCRIPT.as_uri())});
    const found = [];
    for (const game of JSON.parse(readFileSync(0))) {{
      const [first, ...others] = game.payouts;
      const honest = await verify(game);
      const plain = await verify({{ ...game, draws: [] }});
      const lies = await Promise.all([
        {{ ...game, payouts: [first + 1, ...others] }},
        {{ ...game, stakes: [...game.stakes, 5] }},
        {{ ...game, ending: game.ending === "settled" ? "released" : "settled" }},
        {{ ...game, server_seed: "another" }},
        {{ ...game, draws: [...game.draws, [0, 1, 0]] }},
        ...(game.draws.length ? [{{ ...game, draws: game.draws.map(() => [1, 1, 1]) }}] : []),
      ].map(async (lie, number) => ((await verify(lie)).fair ? number : -1)));
      const believed = lies.filter((lie) => lie >= 0
        && !(lie === 1 && game.ending === "released"));
      if (!honest.fair || !plain.fair || believed.length) found.push([game, honest, believed]);
    }}
    console.log(JSON.stringify(found.slice(0, 3)));
    """
    assert run_node(program, json.dumps(records), module=True) == []


def test_the_page_says_which_game_it_does_not_know() -> None:
    program = f"""
    import {{ readFileSync }} from "node:fs";
    const {{ verify }} = await import({json.dumps(PAGE_SCRIPT.as_uri())});
    const found = await verify({{ ...JSON.parse(readFileSync(0)), kind: "toString" }});
    console.log(JSON.stringify([found.fair, found.steps.at(-1).text]));
    """
    fair, last = run_node(program, json.dumps(GAMES[0]), module=True)
    assert not fair
    assert last.startswith("This page does not know the game “toString”.")


def test_the_page_knows_the_questions_of_trivia() -> None:
    program = f"""
    const {{ QUESTIONS }} = await import({json.dumps(PAGE_SCRIPT.as_uri())});
    console.log(JSON.stringify(QUESTIONS));
    """
    assert run_node(program, "", module=True) == [
        {"category": one.category, "difficulty": one.difficulty} for one in QUESTIONS
    ]


def test_the_page_knows_how_high_a_rocket_is() -> None:
    moments = [*range(-5, 3_000), *range(3_000, 120_000, 97)]
    program = f"""
    import {{ readFileSync }} from "node:fs";
    const {{ heightAt }} = await import({json.dumps(PAGE_SCRIPT.as_uri())});
    console.log(JSON.stringify(JSON.parse(readFileSync(0)).map(heightAt)));
    """
    found = run_node(program, json.dumps(moments), module=True)
    assert found == [height_at(moment) for moment in moments]


def test_the_page_knows_where_every_chip_wins() -> None:
    program = f"""
    import {{ readFileSync }} from "node:fs";
    const {{ wins }} = await import({json.dumps(PAGE_SCRIPT.as_uri())});
    const pockets = [...Array(37).keys()];
    const spaces = JSON.parse(readFileSync(0));
    console.log(JSON.stringify(spaces.map((space) => pockets.map((one) => wins(space, one)))));
    """
    spaces = list(SPACES)
    found = run_node(program, json.dumps(spaces), module=True)
    assert found == [[[pays(space), one in SPACES[space]] for one in range(37)] for space in spaces]


def test_a_stored_position_goes_on_where_it_was() -> None:
    whole = FairStream("seed", "client", 3)
    first = [whole.integer(1, 6) for _ in range(7)]
    later = FairStream("seed", "client", 3, whole.position)
    again = FairStream("seed", "client", 3)
    assert first == [again.integer(1, 6) for _ in range(7)]
    assert [later.integer(1, 6) for _ in range(9)] == [whole.integer(1, 6) for _ in range(9)]


def test_every_value_is_as_likely() -> None:
    stream = FairStream("seed", "client", 0)
    counts = [0] * 37
    for _ in range(37_000):
        counts[stream.integer(0, 36)] += 1
    chi_squared = sum((count - 1000) ** 2 / 1000 for count in counts)
    assert chi_squared < 67.9, "36 degrees of freedom: one seed in a thousand would exceed it"


def test_words_that_would_favour_a_value_are_thrown_away() -> None:
    class Words(FairStream):
        def __init__(self) -> None:
            super().__init__("", "", 0)
            self.words = [2**64 - 1, 5]

        def _word(self) -> int:
            return self.words.pop(0)

    assert Words().integer(0, 2) == 2, "2**64 - 1 is beyond the last whole multiple of 3"


def test_shuffles_keep_every_card() -> None:
    cards = list(range(52))
    FairStream("seed", "client", 1).shuffle(cards)
    assert sorted(cards) == list(range(52))
    assert cards != list(range(52))


@pytest.mark.parametrize("text", ["", "a:b", "ü", "x" * 65, "two words", "a\nb"])
def test_client_seeds_that_would_blur_the_proof(text: str) -> None:
    with pytest.raises(ClientSeedUnusable):
        check_client_seed(text)


def test_ranges_that_cannot_be_drawn() -> None:
    stream = FairStream("seed", "client", 0)
    for low, high in ((1, 0), (0, 2**53)):
        with pytest.raises(ValueError, match="cannot draw"):
            stream.integer(low, high)
