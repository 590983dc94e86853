/** One message as Discord shows it. */

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import type { App } from "../app";
import { mentionsMe } from "../events";
import { clockTime, fullDate, messageTime } from "../format";
import { inline, plainText } from "../markdown";
import { hasFlag, MessageFlag } from "../protocol";
import type { Message, Reaction, User } from "../protocol";
import { avatar } from "./avatar";
import { componentsView } from "./components";
import { extras } from "./embed";
import { icons } from "./icons";
import { emoji, markdown } from "./markdown";

const SYSTEM: Record<number, (name: string, message: Message) => string> = {
  6: (name) => `${name} pinned a message to this channel.`,
  7: (name) => `${name} joined the server.`,
  8: (name) => `${name} boosted the server.`,
  18: (name, message) => `${name} started a thread: ${message.content}`,
};

const GROUP_MS = 7 * 60_000;

/** Whether a message stands under the name of the one before it. */
export function continues(message: Message, before: Message | undefined): boolean {
  return (
    !!before &&
    before.author.id === message.author.id &&
    !SYSTEM[before.type] &&
    !SYSTEM[message.type] &&
    !message.message_reference &&
    !usedCommand(message) &&
    hasFlag(message, MessageFlag.ephemeral) === hasFlag(before, MessageFlag.ephemeral) &&
    Date.parse(message.timestamp) - Date.parse(before.timestamp) < GROUP_MS
  );
}

function usedCommand(message: Message): { user: User; name: string } | undefined {
  // Type 20 and 23 answer a command; answers to components carry metadata, too, but no header.
  if (message.type !== 20 && message.type !== 23) return undefined;
  const user = message.interaction_metadata?.user ?? message.interaction?.user;
  const name = message.interaction?.name ?? message.interaction_metadata?.name ?? "";
  return user ? { user, name } : undefined;
}

/** Drawn again only when the message, or a name it shows, changed. */
export function messageView(app: App, message: Message, before: Message | undefined): unknown {
  const pendings = [...app.store.pending.values()]
    .filter((one) => one.messageId === message.id)
    .map((one) => one.name + one.state)
    .join();
  const editing = app.screen.editing === message.id;
  const compact = continues(message, before);
  return guard([message, compact, app.store.epoch, pendings, editing], () =>
    fresh(app, message, compact, editing),
  );
}

function fresh(app: App, message: Message, compact: boolean, editing: boolean): TemplateResult {
  const { store } = app;
  const name = authorName(app, message);
  const when = new Date(message.timestamp);
  const system = SYSTEM[message.type];
  const ephemeral = hasFlag(message, MessageFlag.ephemeral);
  const classes = [
    "message",
    compact ? "compact" : "",
    ephemeral ? "ephemeral" : "",
    mentionsMe(store, message) ? "pinged" : "",
    app.screen.replyTo?.id === message.id ? "answering" : "",
  ].join(" ");
  const stamp = html`<time datetime=${message.timestamp} title=${fullDate(when)}
    >${compact ? clockTime(when) : messageTime(when)}</time
  >`;
  if (system) {
    return html`<article class="message system" id="message-${message.id}" data-message=${message.id}>
      ${icons.thread}<span>${system(name, message)}</span>${stamp}
    </article>`;
  }
  return html`<article
    class=${classes}
    id="message-${message.id}"
    data-message=${message.id}
    aria-label="${name}, ${messageTime(when)}"
    tabindex="-1"
    @contextmenu=${(event: MouseEvent) => openMessageMenu(app, event, message)}
  >
    ${replyLine(app, message)} ${commandLine(app, message)}
    <div class="message-main">
      ${compact
        ? html`<div class="gutter">${stamp}</div>`
        : html`<button
            class="gutter author-face"
            aria-label="Profile of ${name}"
            data-speaker=${message.author.id}
            @click=${(event: Event) => app.openMenu(event, { kind: "user", userId: message.author.id })}
          >
            ${avatar(message.author, name)}
          </button>`}
      <div class="message-body">
        ${compact
          ? nothing
          : html`<header>
              <button
                class="author"
                .style=${tint(app, message)}
                @click=${(event: Event) => app.openMenu(event, { kind: "user", userId: message.author.id })}
              >${name}</button>
              ${message.author.bot ? html`<span class="badge">${message.webhook_id && !message.application_id ? "WEBHOOK" : "APP"}</span>` : nothing}
              ${stamp}
            </header>`}
        ${editing ? editor(app, message) : body(app, message)}
        ${extras(app, message)}
        <div class="components">${componentsView(app, message)}</div>
        ${reactionsView(app, message)} ${threadLine(app, message)} ${failures(app, message)}
        ${ephemeral ? onlyYou(app, message) : nothing}
      </div>
    </div>
    ${toolbar(app, message, ephemeral)}
  </article>`;
}

function authorName(app: App, message: Message): string {
  return message.webhook_id && !message.application_id
    ? message.author.username
    : app.store.displayName(message.author);
}

function tint(app: App, message: Message): string {
  const color = app.store.nameColor(message.author.id);
  return color ? `--tint:${color}` : "";
}

function body(app: App, message: Message): TemplateResult | typeof nothing {
  if (hasFlag(message, MessageFlag.loading)) {
    return html`<div class="thinking" role="status">
      <span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>${authorName(app, message)} is thinking...
    </div>`;
  }
  const edited = message.edited_timestamp
    ? html`<span class="edited" title=${fullDate(new Date(message.edited_timestamp))}>(edited)</span>`
    : nothing;
  if (!message.content) return message.components?.length || message.embeds?.length ? nothing : html`${edited}`;
  return html`<div class="content">${markdown(app, message.content, message.id)}${edited}</div>`;
}

function commandLine(app: App, message: Message): TemplateResult | typeof nothing {
  const used = usedCommand(message);
  if (!used) return nothing;
  const name = app.store.displayName(used.user);
  return html`<div class="above">
    <span class="spine" aria-hidden="true"></span>${avatar(used.user, name, "tiny")}
    <span class="above-name">${name}</span> used
    <span class="above-command">${message.type === 20 && used.name ? `/${used.name}` : used.name || "a command"}</span>
  </div>`;
}

function replyLine(app: App, message: Message): TemplateResult | typeof nothing {
  if (message.type !== 19 && !(message.message_reference && message.type === 0)) return nothing;
  const original = message.referenced_message;
  if (!original) {
    return html`<div class="above"><span class="spine" aria-hidden="true"></span><em>The original message is gone.</em></div>`;
  }
  const name = app.store.displayName(original.author);
  const text = plainText(inline(original.content)) || (original.embeds?.length ? "an embed" : "an attachment");
  const jump = () => document.getElementById(`message-${original.id}`)?.scrollIntoView({ block: "center" });
  return html`<button class="above" aria-label="Reply to ${name}: ${text}" @click=${jump}>
    <span class="spine" aria-hidden="true"></span>${avatar(original.author, name, "tiny")}
    <span class="above-name">${name}</span><span class="above-text">${text}</span>
  </button>`;
}

function editor(app: App, message: Message): TemplateResult {
  const done = () => {
    app.screen.editing = undefined;
    app.composer.focus();
  };
  const save = (content: string) => {
    if (content.trim() && content !== message.content) {
      void app.ask("edit_message", { channel_id: message.channel_id, message_id: message.id, content });
    }
    done();
  };
  return html`<textarea
      class="editor"
      aria-label="Edit message"
      .value=${message.content}
      autofocus
      @keydown=${(event: KeyboardEvent) => {
        if (event.key === "Escape") done();
        else if (event.key === "Enter" && !event.shiftKey) {
          event.preventDefault();
          save((event.target as HTMLTextAreaElement).value);
        }
      }}
    ></textarea>
    <small class="hint">escape to cancel, enter to save</small>`;
}

function toggle(app: App, message: Message, reaction: Reaction): void {
  const { id, name } = reaction.emoji;
  void app.ask(reaction.me ? "unreact" : "react", {
    channel_id: message.channel_id,
    message_id: message.id,
    emoji: id ? `${name}:${id}` : name,
  });
}

function reactionsView(app: App, message: Message): TemplateResult | typeof nothing {
  if (!message.reactions?.length) return nothing;
  return html`<div class="reactions">
    ${message.reactions.map(
      (one) => html`<button
        class="reaction ${one.me ? "mine" : ""}"
        aria-pressed=${one.me ? "true" : "false"}
        aria-label="${one.emoji.name}, ${one.count}"
        @click=${() => toggle(app, message, one)}
      >
        ${emoji(one.emoji)}<span>${one.count}</span>
      </button>`,
    )}
  </div>`;
}

function threadLine(app: App, message: Message): TemplateResult | typeof nothing {
  const thread = message.thread ?? app.store.channels.get(message.id);
  if (!thread) return nothing;
  return html`<button class="thread-line" @click=${() => app.openChannel(thread)}>
    ${icons.thread}<strong>${thread.name}</strong><span>Open thread ›</span>
  </button>`;
}

/** A button of this message that the bot did not answer. */
function failures(app: App, message: Message): unknown {
  return [...app.store.pending.values()]
    .filter((one) => one.messageId === message.id && one.state === "failed")
    .map(
      (one) => html`<div class="failed" role="alert">
        ${icons.warn}<span>${one.reason || "This interaction failed"}</span>
        <button class="linklike" @click=${() => app.dismiss(message.channel_id, one.id)}>Dismiss</button>
      </div>`,
    );
}

function onlyYou(app: App, message: Message): TemplateResult {
  return html`<div class="only-you">
    ${icons.eye}<span>Only you can see this</span><span aria-hidden="true">•</span>
    <button class="linklike" @click=${() => app.dismiss(message.channel_id, message.id)}>Dismiss message</button>
  </div>`;
}

function openMessageMenu(app: App, event: MouseEvent, message: Message): void {
  // Links, pictures and marked text keep the browser's own menu.
  if ((event.target as HTMLElement).closest("a, img") || String(getSelection())) return;
  app.openMenu(event, { kind: "message", message });
}

function toolbar(app: App, message: Message, ephemeral: boolean): TemplateResult | typeof nothing {
  if (ephemeral || hasFlag(message, MessageFlag.loading)) return nothing;
  return html`<div class="toolbar" role="toolbar" aria-label="Message actions">
    <button aria-label="Add reaction" title="Add reaction" @click=${(event: Event) => app.openMenu(event, { kind: "react", message })}>
      ${icons.smile}
    </button>
    <button
      aria-label="Reply"
      title="Reply"
      @click=${() => {
        app.screen.replyTo = message;
        app.composer.focus();
      }}
    >
      ${icons.reply}
    </button>
    <button aria-label="More" title="More" @click=${(event: Event) => app.openMenu(event, { kind: "message", message })}>
      ${icons.more}
    </button>
  </div>`;
}
