/** The conversation of a channel: its messages, who is typing, and what is being sent. */

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { App } from "../app";
import { runnables } from "../composer/commands";
import { longDate, sameDay } from "../format";
import { isThread, isVoice } from "../protocol";
import type { Channel, Message } from "../protocol";
import type { Pending } from "../store";
import { halo, icons } from "./icons";
import { messageView } from "./message";

/** Closer to the end than this and the view follows new messages. */
const FOLLOW_PX = 120;
let following = true;
let shownChannel = "";
let heightBefore = 0;
let watched: Element | null = null;
/** Pictures arrive after their message was drawn and make the list longer. */
const growth = new ResizeObserver(() => {
  const list = document.getElementById("messages");
  if (list && following) list.scrollTop = list.scrollHeight;
});

export function chatView(app: App, channel: Channel): TemplateResult {
  const history = app.store.history(channel.id);
  const { messages } = history;
  const scrolled = (event: Event) => {
    const list = event.currentTarget as HTMLElement;
    following = list.scrollHeight - list.scrollTop - list.clientHeight < FOLLOW_PX;
    if (list.scrollTop < 200 && !history.complete && history.loaded && !history.loading) {
      heightBefore = list.scrollHeight;
      void app.loadHistory(channel.id, true);
    }
  };
  return html`<div class="messages" id="messages" @scroll=${scrolled} tabindex="0" role="log" aria-label="Messages in ${channel.name}" aria-live="polite" aria-relevant="additions">
    <div class="messages-inner">
      ${history.complete && history.loaded ? beginning(app, channel) : nothing}
      ${history.loading && !messages.length ? skeleton() : nothing}
      ${history.error ? html`<p class="failed">${icons.warn}${history.error}</p>` : nothing}
      ${repeat(
        messages,
        (message) => message.id,
        (message, index) => {
          const before = messages[index - 1];
          const newDay =
            !before || !sameDay(new Date(before.timestamp), new Date(message.timestamp));
          return html`${newDay ? day(message) : nothing}
          ${app.screen.newSince === message.id ? html`<div class="divider new" role="separator"><span>New</span></div>` : nothing}
          ${messageView(app, message, newDay ? undefined : before)}`;
        },
      )}
      ${[...app.store.pending.values()]
        .filter((one) => one.channelId === channel.id && one.kind !== "component")
        .map((one) => pendingLine(app, one))}
    </div>
  </div>`;
}

function day(message: Message): TemplateResult {
  return html`<div class="divider" role="separator"><span>${longDate(new Date(message.timestamp))}</span></div>`;
}

function skeleton(): TemplateResult {
  return html`<div class="skeleton" aria-hidden="true">${[70, 45, 85, 60].map(
    (width) => html`<div><i></i><b .style=${`width:${width}%`}></b></div>`,
  )}</div>`;
}

function beginning(app: App, channel: Channel): TemplateResult {
  return html`<div class="beginning">
    <div class="beginning-sign">${isThread(channel) ? icons.thread : isVoice(channel) ? icons.voice : icons.hash}</div>
    <h1>${isThread(channel) ? channel.name : `Welcome to ${isVoice(channel) ? "" : "#"}${channel.name}`}</h1>
    <p>${channel.topic || `This is the beginning of ${isThread(channel) ? "the thread" : "the channel"}. Everything here stays on this machine.`}</p>
    ${isThread(channel) ? nothing : nextStep(app)}
  </div>`;
}

/** What a newcomer may do next: step into voice, then ask for a song. */
function nextStep(app: App): TemplateResult | typeof nothing {
  const { store } = app;
  const play = runnables(store.offered).find((one) => one.name === "play");
  const joined = store.channels.get(store.myVoiceChannel ?? "");
  const music = [...store.channels.values()].find(isVoice);
  if (!joined && music) {
    return card(
      `Join ${music.name}, then type /play`,
      "Click here to step into the voice channel. You will hear the bot in this page.",
      () => app.openChannel(music),
    );
  }
  const playing = joined && store.inVoice(joined.id).some((one) => store.members.get(one.user_id)?.user.bot);
  if (!joined || playing || !play) return nothing;
  return card("Now type /play", `You are in ${joined.name}. Click here, then choose a song.`, () => {
    app.composer.choose(play);
  });
}

function card(title: string, text: string, act: () => void): TemplateResult {
  return html`<button class="hint-card" @click=${act}>
    ${halo}<span><strong>${title}</strong><small>${text}</small></span>
  </button>`;
}

function pendingLine(app: App, one: Pending): TemplateResult {
  if (one.state === "failed") {
    return html`<div class="pending-line failed" role="alert">
      ${icons.warn}
      <div>
        <strong>${one.reason || "The application did not respond"}</strong>
        <small>${one.name} • ${one.applicationName} • Only you can see this •
          <button class="linklike" @click=${() => app.dismiss(one.channelId, one.id)}>Dismiss message</button></small>
      </div>
    </div>`;
  }
  return html`<div class="pending-line" role="status">
    <span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>
    <small>Waiting for ${one.applicationName} to answer ${one.name}</small>
  </div>`;
}

export function typingLine(app: App): TemplateResult {
  const names = app.store.typists(app.store.channelId);
  const text =
    names.length === 0
      ? ""
      : names.length > 3
        ? "Several people are typing"
        : `${new Intl.ListFormat("en").format(names)} ${names.length === 1 ? "is" : "are"} typing`;
  return html`<div class="typing" aria-live="polite">
    ${text ? html`<span class="dots" aria-hidden="true"><i></i><i></i><i></i></span><span>${text}</span>` : nothing}
  </div>`;
}

/** Keeps the newest message in view, unless the reader went up. Called after each drawing. */
export function followMessages(app: App): void {
  const list = document.getElementById("messages");
  if (!list) return;
  if (watched !== list.firstElementChild) {
    growth.disconnect();
    watched = list.firstElementChild;
    if (watched) growth.observe(watched);
  }
  const { channelId } = app.store;
  if (shownChannel !== channelId) {
    shownChannel = channelId;
    following = true;
    heightBefore = 0;
  }
  if (heightBefore && list.scrollHeight > heightBefore && !app.store.history(channelId).loading) {
    list.scrollTop += list.scrollHeight - heightBefore;
    heightBefore = 0;
  } else if (following) list.scrollTop = list.scrollHeight;
}
