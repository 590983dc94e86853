/** Embeds, attachments, and pictures in general. */

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import type { App } from "../app";
import { localFile, size, timestamp } from "../format";
import type { Attachment, Embed, Media, Message, Poll } from "../protocol";
import { hexColor } from "../store";
import { icons } from "./icons";
import { emoji, markdown, spoiler } from "./markdown";

const LARGEST = { width: 520, height: 350 };

/** The box a picture will need, so that the page does not jump when it arrives. */
function box(media: Media): string {
  if (!media.width || !media.height) return "";
  const scale = Math.min(1, LARGEST.width / media.width, LARGEST.height / media.height);
  return `aspect-ratio:${media.width}/${media.height};width:${Math.round(media.width * scale)}px`;
}

/** A picture from the sandbox; one from elsewhere is only named, because nothing outside is fetched. */
export function picture(app: App, media: Media, text: string, extra = ""): TemplateResult {
  const url = localFile(media.url) ?? localFile(media.proxy_url);
  if (!url) return outside(media.url, "picture");
  return html`<button
    class="picture ${extra}"
    aria-label=${text ? `Open picture: ${text}` : "Open picture"}
    @click=${() => {
      app.screen.image = { url, text };
      app.refresh();
    }}
  >
    <img src=${url} alt=${text} loading="lazy" .style=${box(media)} />
  </button>`;
}

function outside(url: string, what: string): TemplateResult {
  let host = url;
  try {
    host = new URL(url).host;
  } catch {
    // Shown as it is: an attachment:// name, or no address at all.
  }
  return html`<a class="outside" href=${url} target="_blank" rel="noopener noreferrer"
    >${icons.link}<span>${what} at ${host}<small>not fetched: this page loads nothing from outside</small></span></a
  >`;
}

function smallImage(url: string | undefined, extra: string): TemplateResult | typeof nothing {
  const local = localFile(url);
  return local ? html`<img class=${extra} src=${local} alt="" loading="lazy" />` : nothing;
}

export function embedView(app: App, embed: Embed, key: string): TemplateResult {
  const color = embed.color === null || embed.color === undefined ? "" : `--edge:${hexColor(embed.color)}`;
  const link = (url: string | undefined, text: unknown) =>
    url ? html`<a href=${url} target="_blank" rel="noopener noreferrer">${text}</a>` : text;
  const footer = [embed.footer?.text, embed.timestamp && timestamp(new Date(embed.timestamp), "f")].filter(Boolean);
  return html`<article class="embed" .style=${color}>
    <div class="embed-body">
      ${embed.provider?.name ? html`<div class="embed-provider">${embed.provider.name}</div>` : nothing}
      ${embed.author
        ? html`<div class="embed-author">
            ${smallImage(embed.author.icon_url, "embed-icon")}${link(embed.author.url, embed.author.name)}
          </div>`
        : nothing}
      ${embed.title
        ? html`<div class="embed-title">${link(embed.url, markdown(app, embed.title, `${key}.t`))}</div>`
        : nothing}
      ${embed.description
        ? html`<div class="embed-description">${markdown(app, embed.description, `${key}.d`)}</div>`
        : nothing}
      ${embed.fields?.length
        ? html`<dl class="embed-fields">
            ${embed.fields.map(
              (field, index) =>
                html`<div class="embed-field ${field.inline ? "inline" : ""}">
                  <dt>${markdown(app, field.name, `${key}.n${index}`)}</dt>
                  <dd>${markdown(app, field.value, `${key}.v${index}`)}</dd>
                </div>`,
            )}
          </dl>`
        : nothing}
    </div>
    ${embed.thumbnail ? html`<div class="embed-thumbnail">${picture(app, embed.thumbnail, "")}</div>` : nothing}
    ${embed.image ? html`<div class="embed-image">${picture(app, embed.image, "")}</div>` : nothing}
    ${footer.length
      ? html`<div class="embed-footer">${smallImage(embed.footer?.icon_url, "embed-icon")}<span>${footer.join(" • ")}</span></div>`
      : nothing}
  </article>`;
}

export function attachmentView(app: App, file: Attachment, key: string): TemplateResult {
  const text = file.description ?? file.title ?? file.filename;
  const drawn = plainAttachment(app, file, text);
  return file.filename.startsWith("SPOILER_") ? spoiler(app, key, drawn) : drawn;
}

function plainAttachment(app: App, file: Attachment, text: string): TemplateResult {
  const type = file.content_type ?? "";
  const url = localFile(file.url);
  if (!url) return outside(file.url, file.filename);
  if (type.startsWith("image/")) return picture(app, file, text);
  return html`<div class="file">
    ${icons.file}
    <div class="file-name">
      <a href=${url} target="_blank" rel="noopener" download=${file.filename}>${file.filename}</a>
      <small>${size(file.size)}</small>
    </div>
    ${type.startsWith("audio/") ? html`<audio controls preload="none" src=${url} aria-label=${text}></audio>` : nothing}
    ${type.startsWith("video/") ? html`<video controls preload="none" src=${url} aria-label=${text}></video>` : nothing}
  </div>`;
}

export function pollView(poll: Poll): TemplateResult {
  const counts = new Map((poll.results?.answer_counts ?? []).map((one) => [one.id, one.count]));
  const total = [...counts.values()].reduce((sum, one) => sum + one, 0);
  return html`<section class="poll" aria-label="Poll">
    <strong>${poll.question.text}</strong>
    ${poll.answers.map((answer) => {
      const share = total ? (counts.get(answer.answer_id) ?? 0) / total : 0;
      return html`<div class="poll-answer" .style=${`--share:${share}`}>
        ${answer.poll_media.emoji ? emoji(answer.poll_media.emoji) : nothing}
        <span>${answer.poll_media.text}</span><span>${Math.round(share * 100)} %</span>
      </div>`;
    })}
    <small>${total} ${total === 1 ? "vote" : "votes"}${poll.results?.is_finalized ? " • final" : ""}</small>
  </section>`;
}

/** A file that an embed shows (attachment://name) is not shown a second time above it. */
function standaloneFiles(message: Message): Attachment[] {
  const inEmbeds = new Set(
    (message.embeds ?? []).flatMap((embed) =>
      [embed.image?.url, embed.thumbnail?.url, embed.author?.icon_url, embed.footer?.icon_url].filter(Boolean),
    ),
  );
  return (message.attachments ?? []).filter((file) => !inEmbeds.has(file.url));
}

/** Everything a message carries below its text, but components. */
export function extras(app: App, message: Message): TemplateResult {
  const files = standaloneFiles(message);
  return html`${files.length
      ? html`<div class="attachments">
          ${files.map((file) => attachmentView(app, file, `${message.id}.a${file.id}`))}
        </div>`
      : nothing}
  ${(message.embeds ?? []).map((embed, index) => embedView(app, embed, `${message.id}.e${index}`))}
  ${message.poll ? pollView(message.poll) : nothing}`;
}
