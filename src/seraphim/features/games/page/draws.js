// The draws of a game, from its two seeds and its number. The algorithm is described in
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
