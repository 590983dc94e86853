/** The form a bot opens: text inputs, labels, selects, choices; checked before it is sent. */

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { App } from "../app";
import type { Component, Modal } from "../protocol";
import { applicationIcon } from "./avatar";
import { Kind } from "./components";
import { icons } from "./icons";
import { markdown } from "./markdown";
import { selectOpener } from "./select";

type Value = string | string[] | boolean;

/** What is being filled in; belongs to one interaction. */
let filling: { id: string; values: Map<string, Value>; errors: Map<string, string>; sending: boolean } | undefined;

/** The inputs of a modal with the texts that stand over them (Label, or the input's own). */
interface Entry {
  input: Component;
  label: string;
  description: string;
}

function entries(components: Component[]): (Entry | Component)[] {
  return components.flatMap((one): (Entry | Component)[] => {
    if (one.type === Kind.row) return (one.components ?? []).map((input) => ({ input, label: input.label ?? "", description: "" }));
    if (one.type === Kind.label && one.component) {
      return [{ input: one.component, label: one.label ?? "", description: one.description ?? "" }];
    }
    return [one];
  });
}

const isEntry = (one: Entry | Component): one is Entry => "input" in one;

function start(modal: Modal): NonNullable<typeof filling> {
  if (filling?.id === modal.interaction_id) return filling;
  const values = new Map<string, Value>();
  for (const one of entries(modal.components)) {
    if (isEntry(one)) values.set(one.input.custom_id ?? "", initial(one.input));
  }
  filling = { id: modal.interaction_id, values, errors: new Map(), sending: false };
  return filling;
}

function initial(input: Component): Value {
  if (input.type === Kind.checkbox) return input.default ?? false;
  if (input.type === Kind.textInput) return input.value ?? "";
  const chosen = (input.options ?? []).filter((one) => one.default).map((one) => one.value);
  if (input.type === Kind.radioGroup) return chosen[0] ?? "";
  return input.default_values?.map((one) => one.id) ?? chosen;
}

function problem(input: Component, value: Value): string {
  const required = input.required ?? true;
  if (typeof value === "boolean") return "";
  if (!value.length) return required ? "This field is required." : "";
  if (typeof value === "string" && input.type === Kind.textInput) {
    if (value.length < (input.min_length ?? 0)) return `At least ${input.min_length} characters.`;
    if (value.length > (input.max_length ?? 4000)) return `At most ${input.max_length ?? 4000} characters.`;
  }
  if (Array.isArray(value) && value.length < (input.min_values ?? 1)) return `Choose at least ${input.min_values}.`;
  return "";
}

/** Opens the form as a modal dialog, which keeps the focus inside. Called after each drawing. */
export function settleModal(): void {
  document.querySelector<HTMLDialogElement>("dialog.modal:not([open])")?.showModal();
}

export function modalView(app: App): TemplateResult | typeof nothing {
  const { modal } = app.store;
  if (!modal) return nothing;
  const form = start(modal);
  const close = () => {
    app.store.modal = undefined;
    filling = undefined;
    app.composer.focus();
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    form.errors.clear();
    for (const one of entries(modal.components)) {
      if (!isEntry(one)) continue;
      const wrong = problem(one.input, form.values.get(one.input.custom_id ?? "") ?? "");
      if (wrong) form.errors.set(one.input.custom_id ?? "", wrong);
    }
    if (form.errors.size) {
      app.refresh();
      document.querySelector<HTMLElement>(`[name="${CSS.escape([...form.errors.keys()][0]!)}"]`)?.focus();
      return;
    }
    form.sending = true;
    app.refresh();
    const sent = await app.submitModal(modal, Object.fromEntries(form.values));
    form.sending = false;
    if (sent) close();
    app.refresh();
  };
  const failed = [...app.store.pending.values()].find((one) => one.kind === "modal" && one.state === "failed");
  return html`<dialog
    class="modal"
    aria-label=${modal.title}
    @cancel=${(event: Event) => {
      event.preventDefault();
      close();
    }}
  >
    <form @submit=${submit} novalidate>
      <header>
        ${applicationIcon(modal.application, app.store)}
        <h2>${modal.title}</h2>
        <button type="button" class="icon-button" aria-label="Close" @click=${close}>${icons.close}</button>
      </header>
      <div class="fields">${entries(modal.components).map((one) => field(app, form, one))}</div>
      ${failed ? html`<p class="failed" role="alert">${icons.warn}${failed.reason ?? "Something went wrong. Try again."}</p>` : nothing}
      <footer>
        <small>This form goes to ${modal.application?.name ?? "the application"}, not to a person.</small>
        <button type="button" class="component button secondary" @click=${close}>Cancel</button>
        <button type="submit" class="component button primary" ?disabled=${form.sending}>Submit</button>
      </footer>
    </form>
  </dialog>`;
}

function field(app: App, form: NonNullable<typeof filling>, one: Entry | Component): TemplateResult | typeof nothing {
  if (!isEntry(one)) {
    return one.type === Kind.text ? html`<div class="text-display">${markdown(app, one.content ?? "", "modal")}</div>` : nothing;
  }
  const id = one.input.custom_id ?? "";
  const error = form.errors.get(id);
  const required = one.input.required ?? one.input.type !== Kind.checkbox;
  return html`<div class="field ${error ? "wrong" : ""}">
    <label for="field-${id}">${one.label}${required ? html`<span class="star" title="required">*</span>` : nothing}</label>
    ${one.description ? html`<small>${one.description}</small>` : nothing}
    ${control(app, form, one.input)}
    ${error ? html`<em role="alert">${error}</em>` : nothing}
  </div>`;
}

function control(app: App, form: NonNullable<typeof filling>, input: Component): TemplateResult {
  const id = input.custom_id ?? "";
  const value = form.values.get(id) ?? "";
  const set = (next: Value) => {
    form.values.set(id, next);
    form.errors.delete(id);
    app.refresh();
  };
  switch (input.type) {
    case Kind.textInput: {
      const typed = (event: Event) => set((event.target as HTMLInputElement).value);
      const text = value as string;
      const counter = input.max_length ? html`<small class="counter">${text.length}/${input.max_length}</small>` : nothing;
      return input.style === 2
        ? html`<textarea id="field-${id}" name=${id} rows="4" placeholder=${input.placeholder ?? ""} .value=${live(text)} @input=${typed}></textarea>${counter}`
        : html`<input id="field-${id}" name=${id} autocomplete="off" placeholder=${input.placeholder ?? ""} .value=${live(text)} @input=${typed} />${counter}`;
    }
    case Kind.checkbox:
      return html`<input id="field-${id}" name=${id} type="checkbox" .checked=${value as boolean} @change=${(event: Event) => set((event.target as HTMLInputElement).checked)} />`;
    case Kind.radioGroup:
    case Kind.checkboxGroup:
      return choices(input, value as string | string[], set);
    case Kind.fileUpload:
      return html`<p class="none">Files cannot be sent from this page.</p>`;
    default:
      return selectOpener(app, withChosen(input, value as string[]), `modal:${id}`, set);
  }
}

const shown = new Map<string, Component>();

/** The select as a component whose defaults are what was chosen so far. */
function withChosen(input: Component, value: string[]): Component {
  const key = `${input.custom_id}:${value.join()}`;
  let one = shown.get(key);
  if (!one) {
    one = {
      ...input,
      options: (input.options ?? []).map((option) => ({ ...option, default: value.includes(option.value) })),
      default_values: value.map((id) => ({ id, type: "" })),
    };
    shown.clear();
    shown.set(key, one);
  }
  return one;
}

function choices(input: Component, value: string | string[], set: (next: Value) => void): TemplateResult {
  const many = Array.isArray(value);
  const id = input.custom_id ?? "";
  return html`<div class="choices" role=${many ? "group" : "radiogroup"}>
    ${(input.options ?? []).map((option) => {
      const on = many ? value.includes(option.value) : value === option.value;
      const change = () =>
        set(many ? (on ? value.filter((one) => one !== option.value) : [...value, option.value]) : option.value);
      return html`<label><input type=${many ? "checkbox" : "radio"} name=${id} .checked=${on} @change=${change} /><span>${option.label}${option.description
        ? html`<small>${option.description}</small>`
        : nothing}</span></label>`;
    })}
  </div>`;
}
