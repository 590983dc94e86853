// Plays a recorded game again in the browser. The algorithm is described in
// docs/develop/provably-fair.md; nothing here talks to a server.

const encoder = new TextEncoder();
const WORDS = 1n << 64n;

function hex(buffer) {
  return [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export async function hashOf(serverSeed) {
  return hex(await crypto.subtle.digest("SHA-256", encoder.encode(serverSeed)));
}

export class FairStream {
  constructor(serverSeed, clientSeed, nonce) {
    this.serverSeed = serverSeed;
    this.prefix = `${clientSeed}:${nonce}:`;
    this.position = 0;
    this.block = null;
    this.number = -1;
  }

  async word() {
    const number = Math.floor(this.position / 4);
    if (number !== this.number) {
      this.key ??= await crypto.subtle.importKey("raw", encoder.encode(this.serverSeed),
        { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
      const message = encoder.encode(this.prefix + number);
      this.block = new DataView(await crypto.subtle.sign("HMAC", this.key, message));
      this.number = number;
    }
    const place = this.position % 4;
    this.position += 1;
    return this.block.getBigUint64(place * 8);
  }

  async integer(low, high) {
    const width = BigInt(high - low + 1);
    const usable = WORDS - (WORDS % width);
    let word = await this.word();
    while (word >= usable) word = await this.word();
    return low + Number(word % width);
  }
}

// What the draws mean, for the games of the house. Each returns the payout of every seat; whole
// coins are BigInt, because a pot can be larger than a JavaScript number is exact.
const coins = (numerator, denominator, draw) => (numerator + BigInt(draw)) / BigInt(denominator);
const RED = new Set([1, 3, 5, 7, 9, 12, 14, 16, 18, 19, 21, 23, 25, 27, 30, 32, 34, 36]);
const DICE = {
  under: [15, (a, b) => a + b < 7], seven: [6, (a, b) => a + b === 7],
  over: [15, (a, b) => a + b > 7], odd: [18, (a, b) => (a + b) % 2 === 1],
  even: [18, (a, b) => (a + b) % 2 === 0], doubles: [6, (a, b) => a === b],
  snake_eyes: [1, (a, b) => a === 1 && b === 1],
};
const REEL = [["cherry", 7, 500], ["lemon", 6, 800], ["bell", 4, 2000], ["star", 3, 3500],
  ["gem", 2, 7500], ["seven", 1, 50000]];
const BOX = [[0, 30], [50, 27], [100, 20], [150, 12], [200, 6], [500, 4], [1000, 1]];

function weighted(rows, weightAt, draw) {
  let left = draw;
  for (const row of rows) {
    if (left < row[weightAt]) return row;
    left -= row[weightAt];
  }
  throw new Error("a draw beyond the weights");
}

export function wins(space, pocket) {
  if (/^\d+$/.test(space)) return [36, Number(space) === pocket];
  if (pocket === 0) return [space.startsWith("dozen") || space.startsWith("column") ? 3 : 2, false];
  const place = Number(space.at(-1));
  const third = (value) => [3, value === place];
  if (space.startsWith("dozen")) return third(Math.ceil(pocket / 12));
  if (space.startsWith("column")) return third(((pocket - 1) % 3) + 1);
  const holds = { red: RED.has(pocket), black: !RED.has(pocket), odd: pocket % 2 === 1,
    even: pocket % 2 === 0, low: pocket <= 18, high: pocket > 18 };
  if (!(space in holds)) throw new Error(`no space named ${space}`);
  return [2, holds[space]];
}

const PAYOUTS = {
  coinflip({ opening }, next) {
    const side = ["heads", "tails"][next()];
    const paid = coins(BigInt(opening.stake) * BigInt(opening.terms.payout_percent), 100, next());
    return [side === opening.options.side ? paid : 0n];
  },
  dice({ opening }, next) {
    const [ways, holds] = DICE[opening.options.guess];
    const right = holds(next(), next());
    const worth = BigInt(opening.stake) * BigInt(opening.terms.return_percent) * 36n;
    const paid = coins(worth, 100 * ways, next());
    return [right ? paid : 0n];
  },
  slots({ opening }, next) {
    const reels = [1, 2, 3].map(() => weighted(REEL, 1, next()));
    const names = reels.map((row) => row[0]);
    const cherries = names.filter((name) => name === "cherry").length;
    let table = cherries === 2 ? 200 : 0;
    if (new Set(names).size === 1) table = reels[0][2];
    const worth = BigInt(opening.stake) * BigInt(table) * BigInt(opening.terms.payout_percent);
    return [coins(worth, 10000, next())];
  },
  mysterybox({ opening, moves }, next) {
    const boxes = [1, 2, 3].map(() => weighted(BOX, 1, next())[0]);
    const chosen = moves[0].seat === -1 ? 0 : Number(moves[0].options.value);
    const worth = BigInt(opening.stake) * BigInt(boxes[chosen]);
    return [coins(worth * BigInt(opening.terms.payout_percent), 10000, next())];
  },
  highlow({ opening, moves }, next) {
    let card = (next() % 13) + 1;
    let pot = BigInt(opening.stake);
    let calls = 0;
    for (const move of moves) {
      if (move.action === "take" || (move.seat === -1 && calls > 0)) return [pot];
      const higher = move.seat === -1 ? 13 - card >= card - 1 : move.action === "higher";
      const ways = higher ? 13 - card : card - 1;
      const shown = (next() % 13) + 1;
      if (higher ? shown <= card : shown >= card) return [0n];
      pot = coins(pot * 13n * BigInt(opening.terms.keep_percent), ways * 100, next());
      card = shown;
      calls += 1;
      if (calls === 9 || pot >= BigInt(opening.stake) * 1000n || move.seat === -1) return [pot];
    }
    throw new Error("the game is not over");
  },
  doubleornothing({ opening, moves }, next) {
    let pot = BigInt(opening.stake);
    let doublings = 0;
    const acts = ["double", ...moves.map((move) => (move.seat === -1 ? "take" : move.action))];
    for (const action of acts) {
      if (action === "take") return [pot];
      if (next() > opening.terms.win_percent) return [0n];
      pot *= 2n;
      doublings += 1;
      if (doublings === 5) return [pot];
    }
    throw new Error("the game is not over");
  },
  roulette({ opening, moves, stakes }, next) {
    const pocket = next();
    const chips = [[0, opening.options.space, opening.stake]];
    for (const move of moves) {
      const space = move.options?.value ?? move.options?.space;
      if (move.action === "bet") chips.push([move.seat, space, move.bet]);
    }
    const payouts = stakes.map(() => 0n);
    for (const [seat, space, bet] of chips) {
      const [times, won] = wins(String(space).trim().toLowerCase(), pocket);
      if (won) payouts[seat] += BigInt(bet) * BigInt(times);
    }
    return payouts;
  },
};

export async function verify(record) {
  const steps = [];
  const draws = [];
  let fair = true;
  const say = (good, text) => {
    steps.push({ good, text });
    fair &&= good;
  };
  const hash = await hashOf(record.server_seed);
  say(hash === record.server_seed_hash, `The SHA-256 of the server seed is ${hash}.`);
  const stream = new FairStream(record.server_seed, record.client_seed, record.nonce);
  for (const [low, high, recorded] of record.draws) {
    const value = await stream.integer(low, high);
    draws.push({ low, high, recorded, value });
  }
  const agreeing = draws.every((draw) => draw.value === draw.recorded);
  say(agreeing, `${draws.length} draws recomputed from the two seeds and the number of the game.`);
  const rules = PAYOUTS[record.kind];
  if (record.ending === "released") {
    steps.push({ good: true, text: "The game was called off; every stake went back." });
  } else if (rules) {
    let taken = 0;
    const next = () => {
      if (taken === draws.length) throw new Error("the record has fewer draws than the game");
      taken += 1;
      return draws[taken - 1].value;
    };
    try {
      const payouts = rules({ moves: [], ...record }, next);
      const same = payouts.length === record.payouts.length
        && payouts.every((paid, seat) => paid === BigInt(record.payouts[seat]));
      say(same && taken === draws.length,
        `The rules pay ${payouts.join(", ")}; recorded: ${record.payouts.join(", ")}.`);
    } catch (error) {
      say(false, `The rules do not lead to this record: ${error.message}.`);
    }
  } else {
    steps.push({ good: true, text: "This page checks the draws of this game; its payouts are "
      + "checked by: python -m seraphim.features.games.verify" });
  }
  return { fair, steps, draws };
}

function cells(row, values) {
  for (const value of values) {
    const cell = document.createElement("td");
    cell.textContent = String(value);
    row.append(cell);
  }
}

async function run() {
  const verdict = document.getElementById("verdict");
  const steps = document.getElementById("steps");
  const table = document.getElementById("draws");
  steps.replaceChildren();
  table.replaceChildren();
  document.getElementById("result").hidden = false;
  try {
    const found = await verify(JSON.parse(document.getElementById("record").value));
    verdict.textContent = found.fair ? "Fair: everything agrees" : "Not fair: it does not agree";
    verdict.className = found.fair ? "good" : "bad";
    for (const step of found.steps) {
      const line = document.createElement("li");
      line.textContent = step.text;
      line.className = step.good ? "good" : "bad";
      steps.append(line);
    }
    found.draws.slice(0, 500).forEach((draw, number) => {
      const row = document.createElement("tr");
      row.className = draw.recorded === draw.value ? "good" : "bad";
      cells(row, [number + 1, draw.low, draw.high, draw.recorded, draw.value]);
      table.append(row);
    });
  } catch (error) {
    verdict.textContent = `This is not a record of a game: ${error.message}`;
    verdict.className = "bad";
  }
}

if (typeof document !== "undefined") {
  document.getElementById("verify").addEventListener("click", run);
  document.getElementById("file").addEventListener("change", async (event) => {
    const file = event.target.files[0];
    if (file) document.getElementById("record").value = await file.text();
    if (file) await run();
  });
}
