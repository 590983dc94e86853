/** The whole page. */

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import type { App } from "../app";
import { isThread, isVoice } from "../protocol";
import type { Channel } from "../protocol";
import { chatView, typingLine } from "./chat";
import { composerView } from "./composer";
import { halo, icons } from "./icons";
import { markdown } from "./markdown";
import { menuView, pictureView, toasts } from "./menus";
import { modalView } from "./modal";
import { closeDrawer, memberList, sidebar } from "./sidebar";
import { voiceStrip } from "./voice";

export function pageView(app: App): TemplateResult {
  const { store, screen } = app;
  const { channel } = store;
  if (!store.me || !store.guild) return welcome(app);
  return html`<a class="skip" href="#messages">Skip to messages</a>
    <div class="page ${screen.drawer ? `drawer-${screen.drawer}` : ""} ${screen.membersShown ? "" : "alone"}">
      ${sidebar(app)}
      <main>
        ${banner(app)} ${channel ? conversation(app, channel) : html`<p class="empty">Choose a channel.</p>`}
      </main>
      ${memberList(app)}
      <div class="drawer-shade" @click=${() => closeDrawer(app)}></div>
    </div>
    ${menuView(app)} ${modalView(app)} ${pictureView(app)} ${toasts(app)}`;
}

function welcome(app: App): TemplateResult {
  return html`<div class="welcome" role="status">
    ${halo}
    <h1>Seraphim</h1>
    <p>${app.store.error || "Opening the sandbox"}</p>
  </div>`;
}

function banner(app: App): TemplateResult | typeof nothing {
  const { status } = app.store;
  if (status === "open") return nothing;
  return html`<div class="banner" role="alert">
    <span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>
    <span>The sandbox is away. Reconnecting by itself.</span>
    <button class="linklike" @click=${() => app.connection.retryNow()}>Try now</button>
  </div>`;
}

function conversation(app: App, channel: Channel): TemplateResult {
  const sign = isThread(channel)
    ? icons.thread
    : isVoice(channel)
      ? icons.voice
      : channel.type === 15
        ? icons.forum
        : icons.hash;
  const parent = isThread(channel) ? app.store.channels.get(channel.parent_id ?? "") : undefined;
  const unreadElsewhere = [...app.store.unread.keys()].some((id) => id !== channel.id);
  return html`<header class="head">
      <button
        class="icon-button narrow-only ${unreadElsewhere ? "dotted" : ""}"
        aria-label="Channels"
        aria-expanded=${app.screen.drawer === "channels" ? "true" : "false"}
        @click=${() => open(app, "channels")}
      >
        ${icons.menu}
      </button>
      ${parent
        ? html`<button class="linklike crumb" @click=${() => app.openChannel(parent)}>#${parent.name}</button><span aria-hidden="true">›</span>`
        : nothing}
      ${sign}
      <h1>${channel.name}</h1>
      ${channel.topic ? html`<div class="topic" title=${channel.topic}>${markdown(app, channel.topic, "topic")}</div>` : nothing}
      <span class="grow"></span>
      <button
        class="icon-button"
        aria-label="Members"
        title="Members"
        aria-pressed=${app.screen.membersShown ? "true" : "false"}
        @click=${() => open(app, "members")}
      >
        ${icons.people}
      </button>
    </header>
    ${voiceStrip(app)}
    ${channel.type === 15 ? forum(app, channel) : html`${chatView(app, channel)} ${composerView(app, channel)} ${typingLine(app)}`}`;
}

function open(app: App, drawer: "channels" | "members"): void {
  const narrow = matchMedia("(max-width: 860px)").matches;
  if (!narrow && drawer === "members") app.screen.membersShown = !app.screen.membersShown;
  else app.screen.drawer = app.screen.drawer === drawer ? undefined : drawer;
  app.refresh();
}

function forum(app: App, channel: Channel): TemplateResult {
  const posts = app.store.threadsOf(channel.id);
  return html`<div class="messages forum">
    <div class="messages-inner">
      ${posts.map(
        (post) =>
          html`<button class="thread-line" @click=${() => app.openChannel(post)}>${icons.thread}<strong>${post.name}</strong><span>${post.message_count ?? 0} messages ›</span></button>`,
      )}
      ${posts.length ? nothing : html`<p class="empty">No posts yet.</p>`}
    </div>
  </div>`;
}
