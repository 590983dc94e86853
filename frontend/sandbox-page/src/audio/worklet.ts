/** Plays decoded voice in real time: one queue a speaker, mixed; runs on the audio thread. */

declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare const currentFrame: number;
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;

interface Queue {
  blocks: [Float32Array, Float32Array][];
  /** Samples of the first block that were played already. */
  used: number;
  buffered: number;
  playing: boolean;
  /** The audio clock when the queue ran dry; 0 when it did not. */
  dryAt: number;
}

/** Samples at 48 kHz to collect before a speaker is heard: 120 ms at first, on a machine that runs
 * dry more and more, up to 400 ms. */
const START = 5_760;
const LONGEST_START = 19_200;
const LATE = 14_400;
/** More than this means the page was asleep: catch up rather than stay late. */
const MOST = 43_200;

class VoiceMixer extends AudioWorkletProcessor {
  #queues = new Map<number, Queue>();
  #recording = false;
  #underruns = 0;
  #start = START;

  constructor() {
    super();
    this.port.onmessage = ({ data }) => {
      if (data.kind === "pcm") this.#push(data.ssrc, data.left, data.right);
      else if (data.kind === "record") this.#recording = data.on;
      else if (data.kind === "clear") {
        this.#queues.clear();
        this.#start = START;
      }
    };
  }

  #push(ssrc: number, left: Float32Array, right: Float32Array): void {
    let queue = this.#queues.get(ssrc);
    if (!queue) this.#queues.set(ssrc, (queue = { blocks: [], used: 0, buffered: 0, playing: false, dryAt: 0 }));
    if (queue.dryAt) this.#afterDry(queue);
    queue.blocks.push([left, right]);
    queue.buffered += left.length;
    while (queue.buffered > MOST) this.#dropFirst(queue);
    if (queue.buffered >= this.#start) queue.playing = true;
  }

  /** Sound that goes on at once was late; after a longer silence the speaker had paused. */
  #afterDry(queue: Queue): void {
    const late = currentFrame - queue.dryAt < LATE;
    queue.dryAt = 0;
    if (!late) return;
    this.#start = Math.min(LONGEST_START, this.#start * 1.4);
    this.port.postMessage({ kind: "underrun", count: ++this.#underruns });
  }

  #dropFirst(queue: Queue): void {
    const first = queue.blocks.shift();
    if (!first) return;
    queue.buffered -= first[0].length - queue.used;
    queue.used = 0;
  }

  #mix(queue: Queue, left: Float32Array, right: Float32Array): void {
    let at = 0;
    while (at < left.length) {
      const block = queue.blocks[0];
      if (!block) {
        queue.playing = false;
        queue.dryAt = currentFrame;
        return;
      }
      const take = Math.min(left.length - at, block[0].length - queue.used);
      for (let i = 0; i < take; i++) {
        left[at + i]! += block[0][queue.used + i]!;
        right[at + i]! += block[1][queue.used + i]!;
      }
      at += take;
      queue.used += take;
      queue.buffered -= take;
      if (queue.used === block[0].length) {
        queue.blocks.shift();
        queue.used = 0;
      }
    }
  }

  process(_inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
    const [left, right] = outputs[0]!;
    if (!left || !right) return true;
    for (const queue of this.#queues.values()) {
      if (queue.playing) this.#mix(queue, left, right);
    }
    if (this.#recording) {
      this.port.postMessage({ kind: "played", left: left.slice(), right: right.slice() });
    }
    return true;
  }
}

registerProcessor("voice-mixer", VoiceMixer);
