/** Draws the tree of `../markdown.ts`. Text only ever becomes text: nothing is parsed as HTML. */

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import type { App } from "../app";
import { fullDate, localFile, timestamp } from "../format";
import { parse } from "../markdown";
import type { Node } from "../markdown";
import { hexColor } from "../store";
import { icons } from "./icons";

type Drawn = TemplateResult | string | typeof nothing;

/** A piece of Discord markdown. `key` makes its spoilers its own. */
export function markdown(app: App, source: string, key: string): TemplateResult {
  const nodes = parse(source);
  const jumbo = nodes.length <= 27 && nodes.every(isEmojiOnly) && nodes.some((one) => one.kind !== "break");
  return html`<div class="markdown ${jumbo ? "jumbo" : ""}">${drawAll(app, nodes, key)}</div>`;
}

// Emoji_Component without the digits, # and *: "250 ✨" is a price, not a row of emoji.
const PICTOGRAMS = /^(?:\p{Extended_Pictographic}|[\u{1F1E6}-\u{1F1FF}\u{1F3FB}-\u{1F3FF}\u200d\ufe0f]|\s)+$/u;

function isEmojiOnly(node: Node): boolean {
  if (node.kind === "emoji") return true;
  return node.kind === "text" && PICTOGRAMS.test(node.text) && /\p{Extended_Pictographic}/u.test(node.text);
}

function drawAll(app: App, nodes: Node[], key: string): Drawn[] {
  return nodes.map((node, index) => draw(app, node, `${key}.${index}`));
}

function draw(app: App, node: Node, key: string): Drawn {
  switch (node.kind) {
    case "text":
      return node.text;
    case "break":
      return html`<br />`;
    case "strong":
      return html`<strong>${drawAll(app, node.inner, key)}</strong>`;
    case "em":
      return html`<em>${drawAll(app, node.inner, key)}</em>`;
    case "underline":
      return html`<u>${drawAll(app, node.inner, key)}</u>`;
    case "strike":
      return html`<s>${drawAll(app, node.inner, key)}</s>`;
    case "spoiler":
      return spoiler(app, key, drawAll(app, node.inner, key));
    case "code":
      return html`<code>${node.text}</code>`;
    case "pre":
      return html`<pre data-language=${node.language}><code>${node.text}</code></pre>`;
    case "quote":
      return html`<blockquote>${drawAll(app, node.inner, key)}</blockquote>`;
    case "heading":
      return html`<div class="heading h${node.level}" role="heading" aria-level=${node.level + 2}>
        ${drawAll(app, node.inner, key)}
      </div>`;
    case "small":
      return html`<small class="subtext">${drawAll(app, node.inner, key)}</small>`;
    case "list": {
      const items = node.items.map((item, index) => html`<li>${drawAll(app, item, `${key}.${index}`)}</li>`);
      return node.ordered ? html`<ol start=${node.start}>${items}</ol>` : html`<ul>${items}</ul>`;
    }
    case "link":
      return html`<a href=${node.href} target="_blank" rel="noopener noreferrer">${drawAll(app, node.inner, key)}</a>`;
    case "time":
      return time(new Date(node.unix * 1000), node.style);
    case "emoji":
      return emoji(node);
    default:
      return mention(app, node);
  }
}

export function spoiler(app: App, key: string, inner: unknown): TemplateResult {
  const open = app.screen.revealed.has(key);
  const reveal = () => {
    app.screen.revealed.add(key);
    app.store.epoch++;
    app.refresh();
  };
  if (open) return html`<span class="spoiler open">${inner}</span>`;
  return html`<span
    class="spoiler"
    role="button"
    tabindex="0"
    aria-label="Spoiler, press to reveal"
    @click=${reveal}
    @keydown=${(event: KeyboardEvent) => (event.key === "Enter" || event.key === " ") && reveal()}
    ><span aria-hidden="true">${inner}</span></span
  >`;
}

function mention(app: App, node: Node): Drawn {
  const { store } = app;
  switch (node.kind) {
    case "everyone":
      return html`<span class="mention">${node.text}</span>`;
    case "user": {
      const user = store.members.get(node.id)?.user;
      const mine = node.id === store.me?.id ? "mine" : "";
      if (!user) return html`<span class="mention">@unknown-user</span>`;
      return html`<button
        class="mention ${mine}"
        @click=${(event: Event) => app.openMenu(event, { kind: "user", userId: node.id })}
      >@${store.displayName(user)}</button>`;
    }
    case "role": {
      const role = store.roles.get(node.id);
      const paint = role?.color ? `--tint:${hexColor(role.color)}` : "";
      return html`<span class="mention ${role?.color ? "tinted" : ""}" .style=${paint}>@${role?.name ?? "unknown-role"}</span>`;
    }
    case "channel": {
      const channel = store.channels.get(node.id);
      if (!channel) return html`<span class="mention">#unknown</span>`;
      const voice = channel.type === 2 || channel.type === 13;
      return html`<button class="mention" @click=${() => app.openChannel(channel)}>${voice ? icons.voice : "#"}${channel.name}</button>`;
    }
    case "command":
      return html`<button
        class="mention"
        @click=${() => {
          app.composer.typed(`/${node.name} `);
          app.composer.focus();
        }}
      >/${node.name}</button>`;
    default:
      return nothing;
  }
}

/** A custom emoji as a picture from the sandbox, or a Unicode one as text. */
export function emoji(one: { id?: string | null; name?: string | null; animated?: boolean }): Drawn {
  if (!one.id) return one.name ?? "";
  const url = localFile(`/cdn/emojis/${one.id}.${one.animated ? "gif" : "png"}`);
  return html`<img class="emoji" src=${url!} alt=":${one.name}:" title=":${one.name}:" loading="lazy" />`;
}

/** A moment in the reader's own words; relative ones keep themselves up to date. */
export function time(when: Date, style: string): TemplateResult {
  if (Number.isNaN(when.getTime())) return html`<span>Invalid date</span>`;
  const iso = when.toISOString();
  if (style === "R") return html`<live-time class="stamp" iso=${iso} title=${fullDate(when)}></live-time>`;
  return html`<time class="stamp" datetime=${iso} title=${fullDate(when)}>${timestamp(when, style)}</time>`;
}
