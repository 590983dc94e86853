// The rules of the rounds people play together, for the verification page; see house.js.

import { CLOCK, coins, need, weighted } from "./house.js";

const TIMEOUT = "timeout";
const clockMoves = (moves) => moves.filter((move) => move.seat === CLOCK);

// Everybody's bets: the opener's, then one for each seat that joined in time.
function bets({ opening, moves }, startsMs) {
  const joined = [{ bet: opening.stake, options: opening.options }];
  for (const move of moves.filter((one) => one.action === "join")) {
    need(move.seat === joined.length, "a seat is skipped");
    need(move.at_ms < startsMs, "somebody joined after the start");
    joined.push(move);
  }
  return joined;
}

// --- crash

const GROWTH_MS = 16667n, MOST = 100000, GRACE_MS = 1000, AWAY_MS = 3000, LATE_START_MS = 60000;
const ONE = 10n ** 60n;

// floor(100 * e ** (elapsed / 16667)), by its series, in fixed point with 60 digits.
export function heightAt(elapsedMs) {
  if (elapsedMs <= 0) return 100;
  if (elapsedMs >= Number(GROWTH_MS) * 7) return MOST;
  const x = (BigInt(elapsedMs) * ONE) / GROWTH_MS;
  let sum = ONE, term = ONE;
  for (let n = 1n; term > 0n; n += 1n) {
    term = (term * x) / (ONE * n);
    sum += term;
  }
  return Math.min(MOST, Number((sum * 100n) / ONE));
}

function elapsedTo(height) {
  let low = 0, high = Number(GROWTH_MS) * 7;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (heightAt(middle) >= height) high = middle;
    else low = middle + 1;
  }
  return low;
}

function autoOf(options) {
  const typed = String(options?.auto ?? "").trim().toLowerCase().replace(/x$/, "").trim();
  if (!typed) return null;
  const [whole, part = ""] = typed.replace(",", ".").split(".");
  return Number(whole) * 100 + Number(part.padEnd(2, "0") || 0);
}

async function crash({ opening, moves }, draw) {
  const range = 1n << 52n;
  const reached = (BigInt(100 - opening.terms.edge_percent) * range)
    / (range - BigInt(await draw(0, Number(range - 1n))));
  const burst = Math.max(100, Math.min(MOST, Number(reached)));
  const planned = opening.at_ms + opening.terms.join_ms;
  const riders = bets({ opening, moves }, planned).map((one) => (
    { stake: BigInt(one.bet), auto: autoOf(one.options), left: null }));
  const leftAt = (rider, height) => {
    if (rider.left !== null) return rider.left;
    if (rider.auto !== null && rider.auto <= height) return rider.auto;
    return height >= MOST ? MOST : null;
  };
  const end = async (height, interrupted) => {
    const payouts = [];
    for (const rider of riders) {
      const left = leftAt(rider, Math.min(height, burst));
      if (left !== null) payouts.push(await coins(rider.stake * BigInt(left), 100, draw));
      else payouts.push(interrupted ? rider.stake : 0n);
    }
    return { stakes: riders.map((rider) => rider.stake), payouts };
  };
  const lastAuto = () => {
    const lefts = riders.map((rider) => leftAt(rider, burst));
    return lefts.includes(null) ? burst : Math.max(...lefts);
  };
  let started = null;
  for (const { seat, action, at_ms: at } of moves.filter((move) => move.action !== "join")) {
    if (started === null) {
      need(seat === CLOCK && action === TIMEOUT, "somebody moves before the start");
      if (at > planned + LATE_START_MS) return null;
      started = at;
      continue;
    }
    const height = heightAt(at - started);
    if (seat === CLOCK) {
      const due = started + elapsedTo(lastAuto()) + GRACE_MS;
      const watched = action === TIMEOUT && at <= due + AWAY_MS && at >= due - GRACE_MS;
      return watched ? end(lastAuto(), false) : end(Math.min(height, burst), true);
    }
    need(action === "leave" && height <= burst, "somebody gets off after the burst");
    need(leftAt(riders[seat], height) === null, "somebody gets off twice");
    riders[seat].left = height;
    if (riders.every((rider) => leftAt(rider, height) !== null)) return end(height, false);
  }
  throw new Error("the round is not over");
}

// --- race

const RACERS = { comet: 30, falcon: 25, stag: 20, hare: 15, snail: 10 };
const FRAMES = 5;

async function race({ opening, moves }, draw) {
  const booked = bets({ opening, moves }, opening.at_ms + opening.terms.join_ms);
  need(clockMoves(moves).length === FRAMES, "a race has five pictures");
  const left = Object.keys(RACERS), places = [];
  while (left.length) {
    const next = await weighted(left.map((racer) => RACERS[racer]), draw);
    places.push(...left.splice(next, 1));
  }
  for (let gap = 1; gap < places.length; gap += 1) await draw(1, 9);
  for (let step = 0; step < places.length * FRAMES; step += 1) await draw(2, 10);
  const payouts = [];
  for (const { bet, options } of booked) {
    const worth = BigInt(bet) * BigInt(opening.terms.return_percent);
    const won = options.value === places[0];
    payouts.push(won ? await coins(worth, RACERS[places[0]], draw) : 0n);
  }
  return { stakes: booked.map((one) => BigInt(one.bet)), payouts };
}

// --- heist

const divisor = (a, b) => (b === 0 ? a : divisor(b, a % b));

async function heist({ opening, moves }, draw) {
  const crew = bets({ opening, moves }, opening.at_ms + opening.terms.join_ms);
  need(clockMoves(moves).length === 1, "the crew goes in once");
  const chance = Math.min(60, 35 + 5 * (crew.length - 1));
  const drawn = await draw(0, 99);
  const loot = opening.terms.return_percent - 10;
  const by = divisor(loot, chance);
  const payouts = [];
  for (const { bet } of crew) {
    const share = BigInt(bet) * BigInt(loot / by);
    if (drawn < chance) payouts.push(await coins(share, chance / by, draw));
    else payouts.push(drawn < chance + 10 ? BigInt(bet) : 0n);
  }
  return { stakes: crew.map((one) => BigInt(one.bet)), payouts };
}

// --- duel

async function duel({ opening, moves }, draw) {
  need(moves.length === 1, "a challenge is answered once");
  const [{ seat, action, at_ms: at }] = moves;
  if (seat === CLOCK || action === "decline") return null;
  need(seat === 1 && action === "accept", "only the challenged accepts");
  need(at < opening.at_ms + opening.terms.accept_ms, "the challenge was accepted too late");
  const hits = [0, 0];
  while (Math.max(...hits) < 2) hits[await draw(0, 1)] += 1;
  const both = 2n * BigInt(opening.stake) * BigInt(100 - opening.terms.fee_percent);
  const prize = await coins(both, 100, draw);
  const stake = BigInt(opening.stake);
  return { stakes: [stake, stake], payouts: hits.map((count) => (count === 2 ? prize : 0n)) };
}

// --- rock, paper, scissors

const THROWS = ["rock", "paper", "scissors"];

async function rps({ opening, moves }, draw) {
  const house = opening.invited === 0;
  const stake = BigInt(opening.stake);
  const throws = [null, null];
  let clock = false;
  for (const { seat, action, options } of moves) {
    if (action === "decline") return null;
    clock ||= seat === CLOCK;
    if (action === "throw") {
      need(throws[seat] === null, "somebody throws twice");
      throws[seat] = THROWS.indexOf(options.value);
    }
  }
  const put = house ? [stake] : [stake, throws[1] === null ? 0n : stake];
  if (clock && !house && throws[1] === null) return null;
  need(clock || throws[0] !== null, "the round is not over");
  need(clock || house || throws[1] !== null, "the round is not over");
  for (const seat of [0, 1]) throws[seat] ??= await draw(0, 2);
  const prize = await coins(stake * BigInt(opening.terms.win_percent), 100, draw);
  const ahead = (throws[0] - throws[1] + 3) % 3;
  const paid = [[stake, stake], [prize, 0n], [0n, prize]][ahead];
  return { stakes: put, payouts: house ? paid.slice(0, 1) : paid };
}

export const ROUNDS = { crash, duel, heist, race, rps };
