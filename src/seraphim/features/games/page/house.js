// The rules of the games against the house, for the verification page. Each takes a game's record
// and a function that draws the next number from low to high, and returns what each seat put in and
// got; null means that the game was called off and every bet went back. Coins are BigInt, because a
// pot can be larger than a JavaScript number is exact.

export const CLOCK = -1;

export function need(holds, why) {
  if (!holds) throw new Error(why);
}

// A fraction of a coin is decided by a draw: on average it is paid exactly.
export async function coins(numerator, denominator, draw) {
  return (numerator + BigInt(await draw(0, Number(denominator) - 1))) / BigInt(denominator);
}

export async function weighted(weights, draw) {
  let left = await draw(0, weights.reduce((sum, weight) => sum + weight, 0) - 1);
  return weights.findIndex((weight) => {
    left -= weight;
    return left < 0;
  });
}

const alone = (opening, paid) => ({ stakes: [BigInt(opening.stake)], payouts: [paid] });

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

export function wins(space, pocket) {
  if (/^\d+$/.test(space)) return [36, Number(space) === pocket];
  if (pocket === 0) return [space.startsWith("dozen") || space.startsWith("column") ? 3 : 2, false];
  const place = Number(space.at(-1));
  const third = (value) => [3, value === place];
  if (space.startsWith("dozen")) return third(Math.ceil(pocket / 12));
  if (space.startsWith("column")) return third(((pocket - 1) % 3) + 1);
  const holds = { red: RED.has(pocket), black: !RED.has(pocket), odd: pocket % 2 === 1,
    even: pocket % 2 === 0, low: pocket <= 18, high: pocket > 18 };
  need(space in holds, `no space named ${space}`);
  return [2, holds[space]];
}

async function coinflip({ opening }, draw) {
  const side = ["heads", "tails"][await draw(0, 1)];
  const paid = await coins(BigInt(opening.stake) * BigInt(opening.terms.payout_percent), 100, draw);
  return alone(opening, side === opening.options.side ? paid : 0n);
}

async function dice({ opening }, draw) {
  const [ways, holds] = DICE[opening.options.guess];
  const right = holds(await draw(1, 6), await draw(1, 6));
  const worth = BigInt(opening.stake) * BigInt(opening.terms.return_percent) * 36n;
  const paid = await coins(worth, 100 * ways, draw);
  return alone(opening, right ? paid : 0n);
}

async function slots({ opening }, draw) {
  const weights = REEL.map((row) => row[1]);
  const reels = [];
  for (let reel = 0; reel < 3; reel += 1) reels.push(REEL[await weighted(weights, draw)]);
  const cherries = reels.filter((row) => row[0] === "cherry").length;
  let table = cherries === 2 ? 200 : 0;
  if (new Set(reels).size === 1) table = reels[0][2];
  const worth = BigInt(opening.stake) * BigInt(table) * BigInt(opening.terms.payout_percent);
  return alone(opening, await coins(worth, 10000, draw));
}

async function mysterybox({ opening, moves }, draw) {
  const weights = BOX.map((row) => row[1]);
  const boxes = [];
  for (let box = 0; box < 3; box += 1) boxes.push(BOX[await weighted(weights, draw)][0]);
  need(moves.length === 1, "one box is opened");
  const chosen = moves[0].seat === CLOCK ? 0 : Number(moves[0].options.value);
  const worth = BigInt(opening.stake) * BigInt(boxes[chosen]);
  return alone(opening, await coins(worth * BigInt(opening.terms.payout_percent), 10000, draw));
}

async function highlow({ opening, moves }, draw) {
  let card = (await draw(0, 51) % 13) + 1;
  let pot = BigInt(opening.stake);
  let calls = 0;
  for (const move of moves) {
    if (calls > 0 && (move.action === "take" || move.seat === CLOCK)) return alone(opening, pot);
    need(move.action !== "take", "the pot is taken before the first call");
    const higher = move.seat === CLOCK ? 13 - card >= card - 1 : move.action === "higher";
    const ways = higher ? 13 - card : card - 1;
    const shown = (await draw(0, 51) % 13) + 1;
    if (higher ? shown <= card : shown >= card) return alone(opening, 0n);
    pot = await coins(pot * 13n * BigInt(opening.terms.keep_percent), ways * 100, draw);
    card = shown;
    calls += 1;
    const full = calls === 9 || pot >= BigInt(opening.stake) * 1000n;
    if (full || move.seat === CLOCK) return alone(opening, pot);
  }
  throw new Error("the game is not over");
}

async function doubleornothing({ opening, moves }, draw) {
  let pot = BigInt(opening.stake);
  const acts = ["double", ...moves.map((move) => (move.seat === CLOCK ? "take" : move.action))];
  for (const [doublings, action] of acts.entries()) {
    if (action === "take") return alone(opening, pot);
    if (await draw(1, 100) > opening.terms.win_percent) return alone(opening, 0n);
    pot *= 2n;
    if (doublings === 4) return alone(opening, pot);
  }
  throw new Error("the game is not over");
}

const points = (card) => Math.min(Math.floor(card / 4) + 1, 10);

function total(cards) {
  const hard = cards.reduce((sum, card) => sum + points(card), 0);
  return cards.some((card) => points(card) === 1) && hard <= 11 ? hard + 10 : hard;
}

const natural = (cards) => cards.length === 2 && total(cards) === 21;

async function blackjack({ opening, moves }, draw) {
  const card = () => draw(0, 51);
  const first = await card(), up = await card(), second = await card(), hole = await card();
  const dealer = [up, hole];
  let hands = [{ cards: [first, second], stake: BigInt(opening.stake), done: false }];
  let put = BigInt(opening.stake);
  const deal = async (hand) => {
    hand.cards.push(await card());
    hand.done ||= total(hand.cards) >= 21;
  };
  const isNatural = (hand) => hands.length === 1 && natural(hand.cards);
  const pay = async (hand) => {
    const mine = total(hand.cards), theirs = total(dealer);
    if (natural(dealer)) return isNatural(hand) ? hand.stake : 0n;
    if (isNatural(hand)) return hand.stake + await coins(3n * hand.stake, 2, draw);
    if (mine > 21) return 0n;
    if (theirs > 21 || mine > theirs) return 2n * hand.stake;
    return mine === theirs ? hand.stake : 0n;
  };
  const end = async () => {
    const decided = natural(dealer)
      || hands.every((hand) => total(hand.cards) > 21 || isNatural(hand));
    while (!decided && total(dealer) < 17) dealer.push(await card());
    let paid = 0n;
    for (const hand of hands) paid += await pay(hand);
    return { stakes: [put], payouts: [paid] };
  };
  if (natural(dealer) || natural(hands[0].cards)) return end();
  for (const { seat, action } of moves) {
    const hand = hands.find((one) => !one.done);
    if (seat === CLOCK) return end();
    if (action === "hit") await deal(hand);
    else if (action === "stand") hand.done = true;
    else if (action === "double") {
      need(hand.cards.length === 2, "only two cards can be doubled");
      put += hand.stake;
      hand.stake *= 2n;
      await deal(hand);
      hand.done = true;
    } else if (action === "split") {
      const [one, other] = hand.cards;
      need(hands.length === 1 && hand.cards.length === 2 && points(one) === points(other),
        "only a pair can be split");
      put += hand.stake;
      hands = [one, other].map((each) => ({ cards: [each], stake: hand.stake, done: false }));
      for (const half of hands) {
        await deal(half);
        half.done ||= points(one) === 1;
      }
    } else throw new Error(`no move named ${action}`);
    if (hands.every((one) => one.done)) return end();
  }
  throw new Error("the game is not over");
}

// The questions of trivia in order: the place of the category, and e, m or h for the difficulty.
// Their texts do not matter here: the right answer is always the one that was first before the
// shuffle.
const CATEGORIES = ["science", "nature", "history", "geography", "arts", "technology", "food",
  "games"];
const DIFFICULTIES = { e: "easy", m: "medium", h: "hard" };
const TRIVIA_PAYS = { easy: 135, medium: 190, hard: 270 };
const BANK = "0e0e0e0e0e0e0m0m0m0m0m0h0h0h0h0h1e1e1e1e1e1m1m1m1m1m1m1m1h1h1h1h2e2e2e2e2e2m2m2m2m2m2m2h"
  + "2h2h2m2h3e3e3e3e3e3m3m3m3m3m3m3h3h3h3h3h4e4e4e4e4e4m4m4m4m4m4m4m4m4h4h4h5e5e5e5e5e5m5m5m"
  + "5m5m5m5h5h5h5m5h6e6e6e6e6e6m6m6m6m6m6m6m6h6h6h6h7e7e7e7e7e7m7m7m7m7m7m7e7h7m7h7m";
export const QUESTIONS = BANK.match(/../g).map((one) => (
  { category: CATEGORIES[one[0]], difficulty: DIFFICULTIES[one[1]] }));

async function triviabet({ opening, moves }, draw) {
  const { category, difficulty } = opening.options;
  const suited = QUESTIONS.slice(0, opening.terms.questions).filter((one) => (
    (!category || one.category === category) && (!difficulty || one.difficulty === difficulty)));
  const asked = suited[await draw(0, suited.length - 1)];
  const order = [0, 1, 2, 3];
  for (let last = 3; last > 0; last -= 1) {
    const other = await draw(0, last);
    [order[last], order[other]] = [order[other], order[last]];
  }
  need(moves.length === 1, "there is one answer");
  const [{ seat, at_ms: at, options }] = moves;
  const until = opening.at_ms + opening.terms.answer_ms;
  if (seat === CLOCK) return at > until + 11500 ? null : alone(opening, 0n);
  need(at <= until, "the answer came too late");
  if (order[Number(options.value)] !== 0) return alone(opening, 0n);
  const worth = BigInt(opening.stake) * BigInt(TRIVIA_PAYS[asked.difficulty]);
  return alone(opening, await coins(worth, 100, draw));
}

async function roulette({ opening, moves, stakes }, draw) {
  const chips = [[0, opening.options.space, opening.stake]];
  for (const move of moves) {
    const space = move.options?.value ?? move.options?.space;
    if (move.action === "bet") chips.push([move.seat, space, move.bet]);
  }
  const pocket = await draw(0, 36);
  const put = stakes.map(() => 0n), payouts = stakes.map(() => 0n);
  for (const [seat, space, bet] of chips) {
    const [times, won] = wins(String(space).trim().toLowerCase(), pocket);
    put[seat] += BigInt(bet);
    if (won) payouts[seat] += BigInt(bet) * BigInt(times);
  }
  return { stakes: put, payouts };
}

export const HOUSE = { blackjack, coinflip, dice, doubleornothing, highlow, mysterybox, roulette,
  slots, triviabet };
