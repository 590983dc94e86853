/** Frames of /sandbox/people/listen: u8 version, u64 user, u32 ssrc, u16 sequence, u32 timestamp
 * (big endian), then one Opus packet. */

export interface VoiceFrame {
  userId: string;
  ssrc: number;
  sequence: number;
  /** RTP timestamp: samples at 48 kHz, modulo 2^32. */
  timestamp: number;
  opus: Uint8Array;
}

const HEADER_BYTES = 19;
const RESTART_AFTER = 5;

/** Reads one frame; undefined for a version this page does not know, or a truncated frame. */
export function readFrame(buffer: ArrayBuffer): VoiceFrame | undefined {
  if (buffer.byteLength <= HEADER_BYTES) return undefined;
  const view = new DataView(buffer);
  if (view.getUint8(0) !== 1) return undefined;
  return {
    userId: view.getBigUint64(1).toString(),
    ssrc: view.getUint32(9),
    sequence: view.getUint16(13),
    timestamp: view.getUint32(15),
    opus: new Uint8Array(buffer, HEADER_BYTES),
  };
}

/** One speaker's decoder: Opus packets in, stereo float samples at 48 kHz out, in order. */
export class SpeakerDecoder {
  #decoder: AudioDecoder;
  #last: VoiceFrame | undefined;
  /** Samples since the first packet; the decoder carries it through as its timestamp. */
  #position = 0;
  #end = 0;
  #late = 0;
  lost = 0;

  constructor(private readonly onPcm: (left: Float32Array, right: Float32Array) => void) {
    this.#decoder = this.#open();
  }

  #open(): AudioDecoder {
    const decoder = new AudioDecoder({
      output: (data) => this.#output(data),
      error: () => undefined, // a broken packet closes the decoder; the next packet opens another
    });
    decoder.configure({ codec: "opus", sampleRate: 48_000, numberOfChannels: 2 });
    return decoder;
  }

  push(frame: VoiceFrame): void {
    if (this.#last) {
      const step = (frame.sequence - this.#last.sequence) & 0xffff;
      if (step === 0 || step > 0x8000) {
        // Twice or too late; many such packets in a row mean that the speaker began anew.
        if (++this.#late < RESTART_AFTER) return;
        this.#last = undefined;
      }
    }
    this.#late = 0;
    if (this.#last) {
      const step = (frame.sequence - this.#last.sequence) & 0xffff;
      this.lost += Math.min(step - 1, 50);
      this.#position += (frame.timestamp - this.#last.timestamp) >>> 0;
    }
    this.#last = frame;
    if (this.#decoder.state === "closed") this.#decoder = this.#open();
    this.#decoder.decode(
      new EncodedAudioChunk({
        type: "key",
        timestamp: Math.round((this.#position / 48) * 1000),
        data: frame.opus,
      }),
    );
  }

  #output(data: AudioData): void {
    const count = data.numberOfFrames;
    const planes = [new Float32Array(count), new Float32Array(count)] as const;
    for (const [index, plane] of planes.entries()) {
      const planeIndex = Math.min(index, data.numberOfChannels - 1);
      data.copyTo(plane, { planeIndex, format: "f32-planar" });
    }
    const at = Math.round((data.timestamp * 48) / 1000);
    data.close();
    const gap = at - this.#end;
    // Lost packets leave silence of their length; a pause of the speaker does not.
    if (this.#end && gap > 0 && gap <= 9_600) this.onPcm(new Float32Array(gap), new Float32Array(gap));
    this.#end = at + count;
    this.onPcm(planes[0], planes[1]);
  }

  close(): void {
    if (this.#decoder.state !== "closed") this.#decoder.close();
  }
}
