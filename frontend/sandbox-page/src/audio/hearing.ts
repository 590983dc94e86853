/** Hears the voice channel the person is in: WebCodecs where there is, an Ogg stream elsewhere. */

import { readFrame, SpeakerDecoder } from "./frames";
import { Recorder } from "./recorder";

declare const WORKLET_URL: string;

interface Speaker {
  decoder: SpeakerDecoder;
  userId: string;
  loudUntil: number;
}

const RETRY_MS = 700;
/** Below about -60 dBFS nobody is heard speaking. */
const SPEAKING_RMS = 0.001;
const SPEAKING_HOLD_MS = 260;

export class Hearing {
  /** "off", "waiting" for a click the browser wants before it plays, or "on". */
  state: "off" | "waiting" | "on" = "off";
  readonly stats = { packets: 0, samples: 0, lost: 0, underruns: 0, decoder: "" };
  readonly decoded = new Recorder();
  readonly played = new Recorder();
  analyser: AnalyserNode | undefined;
  #volume = Number(localStorage.getItem("volume") ?? 0.8);
  #muted = false;
  #context: AudioContext | undefined;
  #gain: GainNode | undefined;
  #mixer: Promise<AudioWorkletNode> | undefined;
  #node: AudioWorkletNode | undefined;
  #element: HTMLAudioElement | undefined;
  #socket: WebSocket | undefined;
  #memberId = "";
  #speakers = new Map<number, Speaker>();
  #speaking = new Set<string>();
  #timer = 0;

  constructor(private readonly onChange: () => void) {}

  get volume(): number {
    return this.#volume;
  }
  set volume(value: number) {
    this.#volume = value;
    localStorage.setItem("volume", String(value));
    this.#applyVolume();
  }
  get muted(): boolean {
    return this.#muted;
  }
  set muted(value: boolean) {
    this.#muted = value;
    this.#applyVolume();
  }

  /** How loud the loudspeaker is now: root mean square, 0 to 1. */
  get level(): number {
    if (!this.analyser) return 0;
    const samples = new Float32Array(this.analyser.fftSize);
    this.analyser.getFloatTimeDomainData(samples);
    return rms(samples, samples);
  }

  /** Whether a user's voice is sounding at this moment. */
  speaking(userId: string): boolean {
    return this.#speaking.has(userId);
  }

  /** Makes the audio context; called inside a click, so that the browser lets it play. */
  prepare(): void {
    if (!this.#context) {
      const context = new AudioContext({ sampleRate: 48_000, latencyHint: "interactive" });
      this.#context = context;
      this.#gain = context.createGain();
      this.analyser = context.createAnalyser();
      this.analyser.fftSize = 4096;
      this.analyser.minDecibels = -88;
      this.analyser.maxDecibels = -22;
      this.analyser.smoothingTimeConstant = 0.75;
      this.#gain.connect(this.analyser);
      this.analyser.connect(context.destination);
      context.onstatechange = () => this.#tell();
      this.#applyVolume();
    }
    void this.#context.resume().then(() => this.#tell());
    void this.#element?.play().catch(() => undefined);
  }

  /** Starts to hear as `memberId`; again with the same member changes nothing. */
  start(memberId: string): void {
    if (this.#memberId === memberId) return;
    this.stop();
    this.#memberId = memberId;
    this.prepare();
    if (typeof AudioDecoder === "undefined") this.#startOgg();
    else this.#connect();
    this.#timer = setInterval(() => this.#watchSpeakers(), 100);
    this.#tell();
  }

  stop(): void {
    if (!this.#memberId) return;
    this.#memberId = "";
    clearInterval(this.#timer);
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
    for (const speaker of this.#speakers.values()) speaker.decoder.close();
    this.#speakers.clear();
    this.#speaking.clear();
    this.#node?.port.postMessage({ kind: "clear" });
    this.#element?.pause();
    this.#element?.removeAttribute("src");
    this.#element = undefined;
    this.#tell();
  }

  /** Records what comes out of the decoder, or what the loudspeaker gets before the volume. */
  async record(
    seconds: number,
    from: "decoded" | "played" = "decoded",
  ): Promise<{ left: Float32Array; right: Float32Array; sampleRate: number }> {
    if (from === "played") (await this.#mixer)?.port.postMessage({ kind: "record", on: true });
    const take = await (from === "played" ? this.played : this.decoded).record(seconds);
    if (from === "played" && !this.played.active) {
      (await this.#mixer)?.port.postMessage({ kind: "record", on: false });
    }
    return { ...take, sampleRate: 48_000 };
  }

  #connect(): void {
    this.stats.decoder = "webcodecs";
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const url = `${scheme}://${location.host}/sandbox/people/listen?member=${this.#memberId}`;
    const socket = new WebSocket(url);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    void this.#openMixer();
    socket.onmessage = ({ data }) => {
      if (this.#socket === socket && data instanceof ArrayBuffer) this.#receive(data);
    };
    socket.onclose = () => {
      if (this.#socket !== socket) return;
      setTimeout(() => {
        if (this.#socket === socket && this.#memberId) this.#connect();
      }, RETRY_MS);
    };
  }

  #openMixer(): Promise<AudioWorkletNode> {
    const context = this.#context!;
    this.#mixer ??= context.audioWorklet.addModule(WORKLET_URL).then(() => {
      const node = new AudioWorkletNode(context, "voice-mixer", { outputChannelCount: [2] });
      node.port.onmessage = ({ data }) => {
        if (data.kind === "played") this.played.push(data.left, data.right);
        else if (data.kind === "underrun") this.stats.underruns = data.count;
      };
      node.connect(this.#gain!);
      this.#node = node;
      return node;
    });
    return this.#mixer;
  }

  #receive(buffer: ArrayBuffer): void {
    const frame = readFrame(buffer);
    if (!frame) return;
    this.stats.packets++;
    let speaker = this.#speakers.get(frame.ssrc);
    if (!speaker) {
      const decoder = new SpeakerDecoder((left, right) => this.#pcm(frame.ssrc, left, right));
      speaker = { decoder, userId: frame.userId, loudUntil: 0 };
      this.#speakers.set(frame.ssrc, speaker);
    }
    speaker.decoder.push(frame);
  }

  #pcm(ssrc: number, left: Float32Array, right: Float32Array): void {
    this.stats.samples += left.length;
    this.decoded.push(left, right);
    const speaker = this.#speakers.get(ssrc);
    if (speaker && rms(left, right) > SPEAKING_RMS) {
      speaker.loudUntil = performance.now() + SPEAKING_HOLD_MS;
    }
    if (this.#context?.state !== "running") return;
    this.#node?.port.postMessage({ kind: "pcm", ssrc, left, right }, [left.buffer, right.buffer]);
  }

  /** Without WebCodecs the server's endless Ogg stream goes into an audio element. */
  #startOgg(): void {
    this.stats.decoder = "ogg";
    const element = new Audio(`/sandbox/people/listen.ogg?member=${this.#memberId}`);
    this.#element = element;
    this.#context!.createMediaElementSource(element).connect(this.#gain!);
    element.onerror = element.onended = () => {
      if (this.#element !== element) return;
      setTimeout(() => {
        if (this.#element === element && this.#memberId) this.#startOgg();
      }, RETRY_MS);
    };
    element.play().catch(() => this.#tell());
  }

  #watchSpeakers(): void {
    const now = performance.now();
    const loud = [...this.#speakers.values()].filter((one) => one.loudUntil > now);
    const speaking = new Set(loud.map((one) => one.userId));
    this.stats.lost = [...this.#speakers.values()].reduce((sum, one) => sum + one.decoder.lost, 0);
    const same =
      speaking.size === this.#speaking.size && [...speaking].every((id) => this.#speaking.has(id));
    if (same) return;
    this.#speaking = speaking;
    this.onChange();
  }

  #applyVolume(): void {
    // A quarter of the slider should sound like a quarter: loudness follows about the square.
    const gain = this.#muted ? 0 : this.#volume ** 2;
    this.#gain?.gain.setTargetAtTime(gain, this.#context!.currentTime, 0.02);
  }

  #tell(): void {
    const running = this.#context?.state === "running";
    this.state = !this.#memberId ? "off" : running ? "on" : "waiting";
    this.onChange();
  }
}

function rms(left: Float32Array, right: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < left.length; i += 4) sum += left[i]! ** 2 + right[i]! ** 2;
  return Math.sqrt((sum * 2) / (left.length || 1));
}
