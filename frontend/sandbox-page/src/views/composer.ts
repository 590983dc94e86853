/** The message box with its list of commands, values and mentions. */

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { App } from "../app";
import { LONGEST_MESSAGE } from "../composer/composer";
import type { Composer } from "../composer/composer";
import { OptionType } from "../composer/commands";
import type { Field } from "../composer/commands";
import { optionSuggestions } from "../composer/suggestions";
import type { Suggestion } from "../composer/suggestions";
import { isThread, isVoice, Permission } from "../protocol";
import type { Channel } from "../protocol";
import { applicationIcon, avatar } from "./avatar";
import { icons } from "./icons";

export function composerView(app: App, channel: Channel): TemplateResult {
  const { composer, screen, store } = app;
  const reply = screen.replyTo;
  const needed = isThread(channel) ? Permission.sendInThreads : Permission.sendMessages;
  if (!store.may(channel, needed)) {
    return html`<div class="composer"><p class="box closed">You may not send messages here.</p></div>`;
  }
  return html`<div class="composer">
    ${popupView(app)}
    ${reply
      ? html`<div class="replying">
          <span>Replying to <strong>${store.displayName(reply.author)}</strong></span>
          <button
            class="icon-button"
            aria-label="Do not reply"
            @click=${() => {
              screen.replyTo = undefined;
              composer.focus();
            }}
          >${icons.close}</button>
        </div>`
      : nothing}
    ${composer.files.length ? attached(composer) : nothing}
    <div class="box ${composer.runnable ? "commanding" : ""}">
      ${composer.runnable ? commandLine(app) : plainLine(app, channel)}
      <button class="icon-button send" aria-label="Send" @click=${() => void composer.send()}>${icons.send}</button>
    </div>
  </div>`;
}

/** What a combobox says about its list to assistive technology. */
function popupState(composer: Composer): { open: string; active: string | typeof nothing } {
  const { popup } = composer;
  const marked = popup?.items[popup.index];
  return { open: popup ? "true" : "false", active: marked ? `choice-${popup.index}` : nothing };
}

function keydown(composer: Composer) {
  return (event: KeyboardEvent) => {
    if (!composer.key(event)) return;
    event.preventDefault();
    event.stopPropagation();
  };
}

function plainLine(app: App, channel: Channel): TemplateResult {
  const { composer } = app;
  const { open, active } = popupState(composer);
  const narrow = matchMedia("(max-width: 860px)").matches;
  const invitation = `Message ${isVoice(channel) ? "" : "#"}${channel.name}${narrow ? "" : ", or / for commands"}`;
  const left = LONGEST_MESSAGE - composer.text.length;
  return html`<button
      class="icon-button"
      aria-label="Commands"
      title="Commands"
      @mousedown=${(event: Event) => event.preventDefault()}
      @click=${() => {
        composer.typed("/");
        composer.focus();
      }}
    >
      ${icons.slash}
    </button>
    <label class="icon-button" title="Attach a file">
      ${icons.clip}<span class="sr">Attach a file</span>
      <input
        type="file"
        multiple
        class="sr"
        @change=${(event: Event) => {
          const input = event.target as HTMLInputElement;
          void composer.attach([...(input.files ?? [])]);
          input.value = "";
        }}
      />
    </label>
    <textarea
      data-composer="text"
      rows="1"
      placeholder=${invitation}
      role="combobox"
      aria-label="Message #${channel.name}"
      aria-expanded=${open}
      aria-controls="composer-popup"
      aria-autocomplete="list"
      aria-activedescendant=${active}
      autocomplete="off"
      .value=${live(composer.text)}
      @input=${(event: InputEvent) => {
        const area = event.target as HTMLTextAreaElement;
        composer.typed(area.value, area.selectionStart);
      }}
      @keydown=${keydown(composer)}
      @paste=${(event: ClipboardEvent) => {
        const files = [...(event.clipboardData?.files ?? [])];
        if (!files.length) return;
        event.preventDefault();
        void composer.attach(files);
      }}
    ></textarea>
    ${left < 200 ? html`<span class="left ${left < 0 ? "over" : ""}" aria-live="polite">${left}</span>` : nothing}`;
}

function commandLine(app: App): TemplateResult {
  const { composer, store } = app;
  const runnable = composer.runnable!;
  const { open, active } = popupState(composer);
  const rest = optionSuggestions(runnable, composer.fields, "").length;
  return html`<div class="command-line" @click=${(event: Event) => {
    if (event.target === event.currentTarget) composer.enter(composer.fields.length);
  }}>
    ${applicationIcon(runnable.command.application, store)}
    <span class="command-name">/${runnable.name}</span>
    ${composer.fields.map((field, index) => chip(app, field, index))}
    <input
      class="tail"
      data-composer="tail"
      role="combobox"
      aria-label=${rest ? `More options of /${runnable.name}` : `Enter sends /${runnable.name}`}
      aria-expanded=${open}
      aria-controls="composer-popup"
      aria-activedescendant=${active}
      autocomplete="off"
      ?readonly=${!rest}
      placeholder=${rest ? `+${rest} optional` : ""}
      size=${Math.max(12, composer.tail.length)}
      .value=${live(composer.tail)}
      @focus=${() => composer.focused(composer.fields.length)}
      @input=${(event: Event) => composer.tailTyped((event.target as HTMLInputElement).value)}
      @keydown=${keydown(composer)}
    />
  </div>`;
}

function chip(app: App, field: Field, index: number): TemplateResult {
  const { composer } = app;
  const { open, active } = popupState(composer);
  const { option } = field;
  const numeric = option.type === OptionType.integer || option.type === OptionType.number;
  const focused = composer.active === index;
  return html`<label class="chip ${focused ? "focused" : ""} ${field.error ? "wrong" : ""} ${field.picked ? "picked" : ""}">
    <span class="chip-name">${option.name}</span>
    ${option.type === OptionType.attachment ? fileInput(composer, field, index) : textInput()}
  </label>`;

  function textInput(): TemplateResult {
    return html`<input
      data-composer=${index}
      data-option=${option.name}
      role="combobox"
      aria-expanded=${focused ? open : "false"}
      aria-controls="composer-popup"
      aria-activedescendant=${focused ? active : nothing}
      aria-required=${option.required ? "true" : "false"}
      aria-invalid=${field.error ? "true" : "false"}
      aria-description=${field.error || option.description}
      autocomplete="off"
      spellcheck="false"
      inputmode=${numeric ? "decimal" : "text"}
      size=${Math.max(4, Math.min(40, field.text.length + 1))}
      .value=${live(field.text)}
      @focus=${() => composer.focused(index)}
      @input=${(event: Event) => composer.fieldTyped(index, (event.target as HTMLInputElement).value)}
      @keydown=${keydown(composer)}
    />`;
  }
}

function attached(composer: Composer): TemplateResult {
  const remove = (gone: Composer["files"][number]) => {
    composer.files = composer.files.filter((one) => one !== gone);
    composer.focus();
  };
  return html`<div class="attached">
    ${composer.files.map(
      (file) => html`<span class="attached-file">
        ${icons.file}${file.filename}
        <button class="icon-button" aria-label="Remove ${file.filename}" @click=${() => remove(file)}>${icons.close}</button>
      </span>`,
    )}
  </div>`;
}

function fileInput(composer: Composer, field: Field, index: number): TemplateResult {
  return html`<input
    type="file"
    data-composer=${index}
    data-option=${field.option.name}
    aria-label="${field.option.name}: ${field.option.description}"
    @focus=${() => composer.focused(index)}
    @change=${(event: Event) => {
      const file = (event.target as HTMLInputElement).files?.[0];
      if (file) void composer.attachOption(field, file);
    }}
    @keydown=${(event: KeyboardEvent) => {
      if (event.key === "Enter" && !field.picked) return;
      keydown(composer)(event);
    }}
  />`;
}

/** Hint above the chips: what the option with the focus is for, and what is wrong with it. */
function optionHint(composer: Composer): TemplateResult | typeof nothing {
  const field = composer.fields[composer.active];
  if (!composer.runnable) return nothing;
  if (!field) {
    return html`<div class="popup-hint"><strong>/${composer.runnable.name}</strong><span>${composer.runnable.description}</span></div>`;
  }
  return html`<div class="popup-hint ${field.error ? "wrong" : ""}">
    <strong>${field.option.name}</strong><span>${field.option.description}</span>
    ${field.error ? html`<em role="alert">${field.error}</em>` : field.option.required ? html`<small>required</small>` : html`<small>optional</small>`}
  </div>`;
}

function popupView(app: App): TemplateResult | typeof nothing {
  const { composer } = app;
  const { popup } = composer;
  const hint = optionHint(composer);
  if (!popup && hint === nothing) return nothing;
  let group = "";
  return html`<div class="popup">
    ${hint}
    ${popup
      ? html`<div id="composer-popup" role="listbox" aria-label=${popup.kind === "commands" ? "Commands" : "Choices"} aria-busy=${popup.loading ? "true" : "false"} class="popup-list">
          ${popup.items.map((item, index) => {
            const heading = item.group !== group ? html`<div class="popup-group" role="presentation">${item.group}</div>` : nothing;
            group = item.group;
            return html`${heading}${row(app, item, index)}`;
          })}
          ${popup.loading && !popup.items.length ? html`<p class="none"><span class="dots"><i></i><i></i><i></i></span> Loading suggestions</p>` : nothing}
          ${popup.note ? html`<p class="none" role="status">${popup.note}</p>` : nothing}
        </div>`
      : nothing}
  </div>`;
}

function row(app: App, item: Suggestion, index: number): TemplateResult {
  const { composer, store } = app;
  const popup = composer.popup!;
  return html`<div
    class="entry ${index === popup.index ? "marked" : ""}"
    id="choice-${index}"
    role="option"
    aria-selected=${index === popup.index ? "true" : "false"}
    @mousedown=${(event: Event) => event.preventDefault()}
    @mousemove=${() => {
      if (popup.index === index) return;
      popup.index = index;
      app.refresh();
    }}
    @click=${() => composer.pick(item)}
  >
    ${item.avatarOf ? face(app, item) : nothing}
    ${item.symbol ? (item.symbol === "voice" ? icons.voice : icons.hash) : nothing}
    ${item.swatch !== undefined ? html`<span class="swatch" .style=${item.swatch ? `background:${item.swatch}` : ""}></span>` : nothing}
    <span class="entry-text">
      <span>${item.label}${item.runnable ? signature(item) : nothing}</span>
      ${item.detail ? html`<small>${item.detail}</small>` : nothing}
    </span>
    ${item.runnable ? html`<small class="entry-app">${item.group}</small>` : nothing}
  </div>`;

  function face(owner: App, one: Suggestion): TemplateResult {
    if (one.runnable) return applicationIcon(one.runnable.command.application, store);
    return avatar(owner.store.members.get(one.avatarOf!)?.user, one.label, "small");
  }
}

function signature(item: Suggestion): TemplateResult {
  return html`${item.runnable!.options.slice(0, 4).map(
    (one) => html`<span class="signature ${one.required ? "" : "optional"}">${one.name}</span>`,
  )}`;
}

/** Keeps the marked entry in view and the text area as tall as its text. Called after each drawing. */
export function settleComposer(composer: Composer): void {
  document.querySelector(".popup .entry.marked")?.scrollIntoView({ block: "nearest" });
  const area = document.querySelector<HTMLTextAreaElement>('textarea[data-composer="text"]');
  if (!area) return;
  const lines = Math.min(8, composer.text.split("\n").length);
  if (area.rows !== lines) area.rows = lines;
}
