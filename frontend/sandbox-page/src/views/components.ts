/** Components of messages: rows, buttons, selects, and the layout components of version 2. */

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import type { App } from "../app";
import type { Component, Message } from "../protocol";
import { hexColor } from "../store";
import { attachmentView, picture } from "./embed";
import { icons } from "./icons";
import { emoji, markdown, spoiler } from "./markdown";
import { selectOpener } from "./select";

/** Discord: Component Reference, component types. */
export const Kind = {
  row: 1,
  button: 2,
  stringSelect: 3,
  textInput: 4,
  userSelect: 5,
  roleSelect: 6,
  mentionableSelect: 7,
  channelSelect: 8,
  section: 9,
  text: 10,
  thumbnail: 11,
  gallery: 12,
  file: 13,
  separator: 14,
  container: 17,
  label: 18,
  fileUpload: 19,
  radioGroup: 21,
  checkboxGroup: 22,
  checkbox: 23,
} as const;

const STYLES = ["", "primary", "secondary", "success", "danger", "link", "primary"];

export function componentsView(app: App, message: Message): TemplateResult {
  return html`${(message.components ?? []).map((one, index) => draw(app, message, one, `${message.id}.c${index}`))}`;
}

function draw(app: App, message: Message, one: Component, key: string): TemplateResult | typeof nothing {
  const inner = () => (one.components ?? []).map((child, index) => draw(app, message, child, `${key}.${index}`));
  switch (one.type) {
    case Kind.row:
      return html`<div class="action-row">${inner()}</div>`;
    case Kind.button:
      return button(app, message, one);
    case Kind.stringSelect:
    case Kind.userSelect:
    case Kind.roleSelect:
    case Kind.mentionableSelect:
    case Kind.channelSelect:
      return selectOpener(app, one, `${message.id}:${one.custom_id}`, (values) =>
        void app.select(message, one.custom_id ?? "", values),
      );
    case Kind.text:
      return html`<div class="text-display">${markdown(app, one.content ?? "", key)}</div>`;
    case Kind.section:
      return html`<div class="section">
        <div>${inner()}</div>
        ${one.accessory ? draw(app, message, one.accessory, `${key}.x`) : nothing}
      </div>`;
    case Kind.thumbnail:
      return html`<div class="thumbnail">${maybeHidden(app, key, one.spoiler, picture(app, one.media!, one.description ?? ""))}</div>`;
    case Kind.gallery:
      return html`<div class="gallery n${Math.min(one.items?.length ?? 1, 4)}">
        ${(one.items ?? []).map((item, index) =>
          maybeHidden(app, `${key}.${index}`, item.spoiler, picture(app, item.media, item.description ?? "")),
        )}
      </div>`;
    case Kind.file:
      return attachmentView(
        app,
        { ...one.file!, id: key, filename: one.name ?? one.file!.url.split("/").pop() ?? "file", size: one.size ?? 0 },
        key,
      );
    case Kind.separator:
      return html`<hr class="separator ${one.divider === false ? "bare" : ""} ${one.spacing === 2 ? "wide" : ""}" />`;
    case Kind.container: {
      const accent = one.accent_color === null || one.accent_color === undefined ? "" : `--edge:${hexColor(one.accent_color)}`;
      return maybeHidden(
        app,
        key,
        one.spoiler,
        html`<div class="container ${accent ? "edged" : ""}" .style=${accent}>${inner()}</div>`,
      );
    }
    default:
      return nothing;
  }
}

function maybeHidden(app: App, key: string, hidden: boolean | undefined, drawn: TemplateResult): TemplateResult {
  return hidden ? spoiler(app, key, drawn) : drawn;
}

function button(app: App, message: Message, one: Component): TemplateResult {
  const face = html`${one.emoji ? html`<span class="button-emoji">${emoji(one.emoji)}</span>` : nothing}${one.label
      ? html`<span>${one.label}</span>`
      : nothing}`;
  const style = STYLES[one.style ?? 2] ?? "secondary";
  const name = one.label ?? one.emoji?.name ?? "button";
  if (one.style === 5 && !one.disabled) {
    return html`<a class="component button link" href=${one.url ?? "#"} target="_blank" rel="noopener noreferrer"
      >${face}${icons.link}</a
    >`;
  }
  const pending = [...app.store.pending.values()].find(
    (entry) => entry.messageId === message.id && entry.name === one.custom_id && entry.state !== "failed",
  );
  return html`<button
    class="component button ${style} ${pending ? "pending" : ""}"
    ?disabled=${one.disabled}
    aria-busy=${pending ? "true" : "false"}
    aria-label=${name}
    data-custom-id=${one.custom_id ?? nothing}
    @click=${() => !pending && void app.click(message, one.custom_id ?? "")}
  >
    <span class="face">${face}</span>${pending ? html`<span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>` : nothing}
  </button>`;
}
