// Plays a recorded game again in the browser. The algorithm is described in
// docs/develop/provably-fair.md; nothing here talks to a server.

import { FairStream, hashOf } from "./draws.js";
import { HOUSE, QUESTIONS, wins } from "./house.js";
import { heightAt, ROUNDS } from "./rounds.js";

export { heightAt, QUESTIONS, wins };

const RULES = { ...HOUSE, ...ROUNDS };
const SHOWN_DRAWS = 500;

// What the record alone cannot show, and where to look instead.
const HASH_NOTE = {
  own: "Compare the hash with one you saw before: /fair seed and /fair rotate show it, and so does "
    + "every game below its message.",
  round: "Compare the hash with the one below the round's first message.",
};
const MOVES_NOTE = "Who clicked what is as the server recorded it. The draws were fixed before "
  + "anybody clicked, so no click could change them; your own clicks you know.";
const NOTES = {
  crash: "When a click arrived is what the server recorded. How high the rocket was at that moment, "
    + "and where it burst, follows from the record.",
  triviabet: "Texts of questions are not part of the record. Which question it was and where its "
    + "right answer stood is drawn.",
};

const list = (values) => values.join(", ") || "nothing";
const same = (one, other) => one.length === other.length
  && one.every((value, place) => BigInt(value) === BigInt(other[place]));

async function playAgain(record, draw, say) {
  let found;
  try {
    found = await RULES[record.kind]({ ...record, moves: record.moves ?? [] }, draw);
  } catch (error) {
    say(false, `The rules do not lead to this record: ${error.message}.`);
    return;
  }
  if (found === null || record.ending === "released") {
    const agrees = found === null && record.ending === "released"
      && record.payouts.every((paid) => paid === 0);
    say(agrees, agrees ? "The game was called off by its rules; every bet went back."
      : `The rules say it was ${found === null ? "called off" : "played"}; the record does not.`);
    return;
  }
  say(same(found.stakes, record.stakes),
    `Put in, by seat: ${list(found.stakes)}; recorded: ${list(record.stakes)}.`);
  say(same(found.payouts, record.payouts),
    `Paid by the rules, by seat: ${list(found.payouts)}; recorded: ${list(record.payouts)}.`);
}

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
  const recorded = record.draws ?? [];
  const draw = async (low, high) => {
    const value = await stream.integer(low, high);
    const [of, to, said] = recorded[draws.length] ?? [];
    const agrees = !recorded.length || (of === low && to === high && said === value);
    draws.push({ low, high, recorded: said, value, agrees });
    return value;
  };
  const known = Object.hasOwn(RULES, record.kind);
  if (known) await playAgain(record, draw, say);
  else for (const [low, high] of recorded) await draw(low, high);
  const complete = !recorded.length || recorded.length === draws.length;
  say(complete && draws.every((one) => one.agrees),
    `${draws.length} draws recomputed from the two seeds and the number of the game; `
    + `${recorded.length} recorded.`);
  if (!known) {
    say(false, `This page does not know the game “${record.kind}”. It has checked the draws alone.`);
  }
  const own = record.client_seed !== record.game;
  const notes = [own ? HASH_NOTE.own : HASH_NOTE.round, MOVES_NOTE];
  if (Object.hasOwn(NOTES, record.kind)) notes.push(NOTES[record.kind]);
  return { fair, steps, draws, notes };
}

function element(name, text, className = "") {
  const made = document.createElement(name);
  made.textContent = text;
  made.className = className;
  return made;
}

function show(found) {
  const byId = (id) => document.getElementById(id);
  byId("steps").replaceChildren(...found.steps.map(({ good, text }) => {
    const line = element("li", text, good ? "good" : "bad");
    line.prepend(element("strong", good ? "✓ Agrees. " : "✗ Differs. "));
    return line;
  }));
  byId("notes").replaceChildren(...found.notes.map((note) => element("li", note)));
  byId("count").textContent = `Draws (${found.draws.length})`;
  byId("draws").replaceChildren(...found.draws.slice(0, SHOWN_DRAWS).map((draw, number) => {
    const row = element("tr", "", draw.agrees ? "" : "bad");
    const recorded = draw.recorded ?? "–";
    const value = draw.agrees ? draw.value : `✗ ${draw.value}`;
    row.append(...[number + 1, draw.low, draw.high, recorded, value].map(
      (cell) => element("td", String(cell))));
    return row;
  }));
}

async function run() {
  const verdict = document.getElementById("verdict");
  const details = document.getElementById("details");
  const result = document.getElementById("result");
  try {
    const found = await verify(JSON.parse(document.getElementById("record").value));
    verdict.textContent = found.fair ? "✓ Fair: everything agrees" : "✗ Not fair: it does not agree";
    verdict.className = found.fair ? "good" : "bad";
    show(found);
    details.hidden = false;
  } catch (error) {
    verdict.textContent = `✗ This is not a record of a game: ${error.message}`;
    verdict.className = "bad";
    details.hidden = true;
  }
  result.hidden = false;
  verdict.focus();
}

if (typeof document !== "undefined") {
  document.getElementById("verify").addEventListener("click", run);
  document.getElementById("file").addEventListener("change", async (event) => {
    const file = event.target.files[0];
    if (file) document.getElementById("record").value = await file.text();
    if (file) await run();
  });
}
