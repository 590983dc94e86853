/** What one hears: the channel, a live spectrum of the music, volume and mute. */

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { App } from "../app";
import type { Hearing } from "../audio/hearing";
import { icons } from "./icons";

/** On narrow screens, where the panel is hidden in a drawer: one line under the channel's name. */
export function voiceStrip(app: App): TemplateResult | typeof nothing {
  const { store, hearing } = app;
  const channel = store.channels.get(store.myVoiceChannel ?? "");
  if (!channel) return nothing;
  return html`<div class="voice-strip">
    ${hearing.state === "waiting"
      ? html`<button class="linklike" @click=${() => hearing.prepare()}>Press to hear ${channel.name}</button>`
      : html`<strong>${channel.name}</strong><canvas class="spectrum" role="img" aria-label="Level of the sound"></canvas>`}
    <button
      class="icon-button"
      aria-label=${hearing.muted ? "Unmute sound" : "Mute sound"}
      aria-pressed=${hearing.muted ? "true" : "false"}
      @click=${() => toggleMute(app)}
    >
      ${hearing.muted ? icons.voiceOff : icons.voice}
    </button>
    <button class="icon-button danger" aria-label="Leave voice" @click=${() => void app.leaveVoice()}>${icons.leave}</button>
  </div>`;
}

function toggleMute(app: App): void {
  app.hearing.muted = !app.hearing.muted;
  app.refresh();
}

export function voicePanel(app: App): TemplateResult | typeof nothing {
  const { store, hearing } = app;
  const channel = store.channels.get(store.myVoiceChannel ?? "");
  if (!channel) return nothing;
  const speaking = store.inVoice(channel.id).filter((one) => hearing.speaking(one.user_id));
  const names = speaking.map((one) => {
    const user = store.members.get(one.user_id)?.user;
    return user ? store.displayName(user) : "Somebody";
  });
  return html`<section class="voice-panel" aria-label="Voice">
    <div class="voice-head">
      <span class="voice-where">
        <strong>${hearing.state === "waiting" ? "Sound is waiting" : "Voice connected"}</strong>
        <small>${names.length ? `${names.join(", ")} in ${channel.name}` : channel.name}</small>
      </span>
      <button class="icon-button danger" aria-label="Leave ${channel.name}" title="Leave" @click=${() => void app.leaveVoice()}>
        ${icons.leave}
      </button>
    </div>
    ${hearing.state === "waiting"
      ? html`<button class="component button primary wide" @click=${() => hearing.prepare()}>Press to hear ${channel.name}</button>`
      : html`<canvas class="spectrum" role="img" aria-label="Level of the sound"></canvas>`}
    <div class="volume">
      <button
        class="icon-button"
        aria-label=${hearing.muted ? "Unmute" : "Mute"}
        aria-pressed=${hearing.muted ? "true" : "false"}
        @click=${() => toggleMute(app)}
      >
        ${hearing.muted ? icons.voiceOff : icons.voice}
      </button>
      <input
        type="range"
        min="0"
        max="1"
        step="0.01"
        aria-label="Volume"
        .style=${`--fill:${hearing.muted ? 0 : hearing.volume * 100}%`}
        .value=${live(String(hearing.volume))}
        @input=${(event: Event) => {
          hearing.volume = Number((event.target as HTMLInputElement).value);
          hearing.muted = false;
          app.refresh();
        }}
      />
    </div>
  </section>`;
}

const BARS = 40;

/** Draws the spectrum while there is something to draw on. Runs as long as the page lives. */
export function animateSpectrum(hearing: Hearing): void {
  let bins = new Uint8Array(0);
  const frame = () => {
    requestAnimationFrame(frame);
    const canvases = document.querySelectorAll<HTMLCanvasElement>("canvas.spectrum");
    const { analyser } = hearing;
    if (!canvases.length || !analyser) return;
    if (bins.length !== analyser.frequencyBinCount) bins = new Uint8Array(analyser.frequencyBinCount);
    analyser.getByteFrequencyData(bins);
    for (const canvas of canvases) paint(canvas, bins);
  };
  requestAnimationFrame(frame);
}

function paint(canvas: HTMLCanvasElement, bins: Uint8Array): void {
  const scale = devicePixelRatio || 1;
  const width = Math.round(canvas.clientWidth * scale);
  const height = Math.round(canvas.clientHeight * scale);
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  const pen = canvas.getContext("2d");
  if (!pen || !width) return;
  pen.clearRect(0, 0, width, height);
  const style = getComputedStyle(canvas);
  const fill = pen.createLinearGradient(0, height, 0, 0);
  fill.addColorStop(0, style.getPropertyValue("--bar-low").trim() || "#6d7cff");
  fill.addColorStop(1, style.getPropertyValue("--bar-high").trim() || "#f2c879");
  pen.fillStyle = fill;
  const step = width / BARS;
  for (let bar = 0; bar < BARS; bar++) {
    // Equal steps of pitch, as the ear hears them: 50 Hz to about 16 kHz.
    const from = Math.floor(4 * 320 ** (bar / BARS));
    const to = Math.max(from + 1, Math.floor(4 * 320 ** ((bar + 1) / BARS)));
    let peak = 0;
    for (let bin = from; bin < to && bin < bins.length; bin++) peak = Math.max(peak, bins[bin]!);
    const tall = Math.max(scale * 2, (peak / 255) * height);
    pen.beginPath();
    pen.roundRect(bar * step + step * 0.18, (height - tall) / 2, step * 0.64, tall, step * 0.3);
    pen.fill();
  }
}
