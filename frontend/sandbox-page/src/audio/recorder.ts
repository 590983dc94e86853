/** Keeps what is heard for a while, so that a test can look at the sound itself. */

interface Take {
  left: Float32Array;
  right: Float32Array;
  filled: number;
  done(result: { left: Float32Array; right: Float32Array }): void;
}

export class Recorder {
  #takes = new Set<Take>();

  get active(): boolean {
    return this.#takes.size > 0;
  }

  /** Collects the next `seconds` of samples at 48 kHz. */
  record(seconds: number): Promise<{ left: Float32Array; right: Float32Array }> {
    const length = Math.round(seconds * 48_000);
    return new Promise((done) => {
      const left = new Float32Array(length);
      this.#takes.add({ left, right: new Float32Array(length), filled: 0, done });
    });
  }

  push(left: Float32Array, right: Float32Array): void {
    for (const take of this.#takes) {
      const count = Math.min(left.length, take.left.length - take.filled);
      take.left.set(left.subarray(0, count), take.filled);
      take.right.set(right.subarray(0, count), take.filled);
      take.filled += count;
      if (take.filled < take.left.length) continue;
      this.#takes.delete(take);
      take.done({ left: take.left, right: take.right });
    }
  }
}
