/** A select of any kind: a button with what is chosen, and a list that can be searched. */

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { App } from "../app";
import { channels, roles, users } from "../composer/suggestions";
import type { Component } from "../protocol";
import { avatar } from "./avatar";
import { icons } from "./icons";
import { emoji } from "./markdown";

interface Entry {
  value: string;
  label: string;
  detail: string;
  face: unknown;
}
interface Choosing {
  chosen: string[];
  typed: string;
  index: number;
  close(): void;
}

/** What is being chosen now, by select; forgotten when the list closes. */
const choosing = new Map<string, Choosing>();
/** What was chosen last, shown until the bot redraws its message. */
const lastChosen = new WeakMap<Component, string[]>();

function entries(app: App, select: Component, typed: string): Entry[] {
  const { store } = app;
  if (select.type === 3) {
    return (select.options ?? [])
      .filter((one) => one.label.toLowerCase().includes(typed.toLowerCase()))
      .map((one) => ({
        value: one.value,
        label: one.label,
        detail: one.description ?? "",
        face: one.emoji ? html`<span class="entry-emoji">${emoji(one.emoji)}</span>` : nothing,
      }));
  }
  const found =
    select.type === 5
      ? users(store, typed)
      : select.type === 6
        ? roles(store, typed)
        : select.type === 8
          ? channels(store, typed, select.channel_types)
          : [...users(store, typed), ...roles(store, typed)];
  return found.map((one) => ({
    value: one.key,
    label: one.label,
    detail: one.detail,
    face: one.avatarOf
      ? avatar(store.members.get(one.avatarOf)?.user, one.label, "small")
      : one.symbol
        ? one.symbol === "voice"
          ? icons.voice
          : icons.hash
        : html`<span class="swatch" .style=${one.swatch ? `background:${one.swatch}` : ""}></span>`,
  }));
}

function initial(select: Component): string[] {
  return (
    lastChosen.get(select) ??
    (select.type === 3
      ? (select.options ?? []).filter((one) => one.default).map((one) => one.value)
      : (select.default_values ?? []).map((one) => one.id))
  );
}

/** The closed select; opens its list below itself. `submit` gets the values once they are chosen. */
export function selectOpener(
  app: App,
  select: Component,
  key: string,
  submit: (values: string[]) => void,
): TemplateResult {
  const open = choosing.get(key);
  const chosen = open?.chosen ?? initial(select);
  const all = entries(app, select, "");
  const names = chosen.map((value) => all.find((one) => one.value === value)?.label ?? value);
  const toggle = () => {
    if (open) close(app, select, key, submit);
    else {
      closeSelects();
      const end = () => close(app, select, key, submit);
      choosing.set(key, { chosen: [...chosen], typed: "", index: 0, close: end });
      app.store.epoch++;
      app.refresh();
    }
  };
  return html`<div class="select ${open ? "open" : ""}" @focusout=${(event: FocusEvent) => {
    const inside = (event.currentTarget as HTMLElement).contains(event.relatedTarget as Node | null);
    if (!inside && choosing.has(key) && event.relatedTarget) close(app, select, key, submit);
  }}>
    <button
      type="button"
      class="select-face"
      role="combobox"
      aria-expanded=${open ? "true" : "false"}
      aria-haspopup="listbox"
      aria-label=${select.placeholder ?? "Make a selection"}
      data-custom-id=${select.custom_id ?? nothing}
      ?disabled=${select.disabled}
      @click=${toggle}
    >
      ${names.length
        ? html`<span class="select-names">${names.join(", ")}</span>`
        : html`<span class="placeholder">${select.placeholder ?? "Make a selection"}</span>`}
      ${icons.category}
    </button>
    ${open ? list(app, select, key, open, submit) : nothing}
  </div>`;
}

function close(app: App, select: Component, key: string, submit: (values: string[]) => void): void {
  const open = choosing.get(key);
  choosing.delete(key);
  app.store.epoch++;
  app.refresh();
  if (!open) return;
  const before = initial(select);
  const same = before.length === open.chosen.length && before.every((one) => open.chosen.includes(one));
  if (same || open.chosen.length < (select.min_values ?? 1)) return;
  lastChosen.set(select, open.chosen);
  submit(open.chosen);
}

function list(
  app: App,
  select: Component,
  key: string,
  open: Choosing,
  submit: (values: string[]) => void,
): TemplateResult {
  const shown = entries(app, select, open.typed);
  const most = select.max_values ?? 1;
  const again = () => {
    app.store.epoch++;
    app.refresh();
  };
  const choose = (entry: Entry) => {
    if (most === 1) {
      open.chosen = [entry.value];
      lastChosen.delete(select);
      close(app, select, key, submit);
      return;
    }
    const has = open.chosen.includes(entry.value);
    if (has) open.chosen = open.chosen.filter((one) => one !== entry.value);
    else if (open.chosen.length < most) open.chosen = [...open.chosen, entry.value];
    again();
  };
  const keydown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && shown.length) open.index = (open.index + step + shown.length) % shown.length;
    else if (event.key === "Enter" && shown[open.index]) choose(shown[open.index]!);
    else if (event.key === "Escape") choosing.delete(key);
    else return;
    event.preventDefault();
    event.stopPropagation();
    again();
  };
  const searchable = select.type !== 3 || (select.options?.length ?? 0) > 8;
  return html`<div class="select-list" @keydown=${keydown}>
    <input
      class=${searchable ? "select-search" : "select-search unseen"}
      aria-label="Search"
      placeholder="Search"
      autocomplete="off"
      ?readonly=${!searchable}
      .value=${live(open.typed)}
      @input=${(event: Event) => {
        open.typed = (event.target as HTMLInputElement).value;
        open.index = 0;
        again();
      }}
      autofocus
    />
    <div role="listbox" aria-multiselectable=${most > 1 ? "true" : "false"}>
      ${shown.map(
        (entry, index) => html`<div
          class="entry ${index === open.index ? "marked" : ""}"
          role="option"
          aria-selected=${open.chosen.includes(entry.value) ? "true" : "false"}
          @mousedown=${(event: Event) => event.preventDefault()}
          @click=${() => choose(entry)}
        >
          ${entry.face}
          <span class="entry-text"><span>${entry.label}</span>${entry.detail ? html`<small>${entry.detail}</small>` : nothing}</span>
          <span class="tick">${open.chosen.includes(entry.value) ? icons.check : nothing}</span>
        </div>`,
      )}
      ${shown.length ? nothing : html`<p class="none">Nothing matches.</p>`}
    </div>
    ${most > 1
      ? html`<button type="button" class="select-done" @click=${() => close(app, select, key, submit)}>
          Done${open.chosen.length ? ` (${open.chosen.length})` : ""}
        </button>`
      : nothing}
  </div>`;
}

/** Gives an open list the focus, and turns it upwards where there is no room below. After each drawing. */
export function settleSelect(): void {
  const list = document.querySelector<HTMLElement>(".select-list");
  const select = list?.closest<HTMLElement>(".select");
  if (!list || !select) return;
  const frame = (select.closest(".messages, dialog") ?? document.body).getBoundingClientRect();
  const face = select.getBoundingClientRect();
  const above = face.top - frame.top;
  list.classList.toggle("up", frame.bottom - face.bottom < list.offsetHeight + 8 && above > list.offsetHeight);
  const focused = document.activeElement;
  if (select.contains(focused) && !focused?.classList.contains("select-face")) return;
  list.querySelector<HTMLInputElement>(".select-search")?.focus({ preventScroll: true });
}

/** Closes an open list as a click elsewhere does: what was chosen counts. */
export function closeSelects(): void {
  for (const open of choosing.values()) open.close();
}
