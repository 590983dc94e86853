/** The message box: plain text, or a command with its options; what each key does. */

import type { App } from "../app";
import type { Attachment, Choice } from "../protocol";
import { emptyField, optionValues, problem, runnables, search } from "./commands";
import type { Field, Runnable } from "./commands";
import {
  commandSuggestions,
  fieldSuggestions,
  fromChoice,
  mentionSuggestions,
  optionSuggestions,
  withMentions,
} from "./suggestions";
import type { Suggestion } from "./suggestions";

/** The list above the box. `index` -1 means that nothing is marked: Enter then sends. */
export interface Popup {
  kind: "commands" | "values" | "options" | "mentions";
  items: Suggestion[];
  index: number;
  loading: boolean;
  note: string;
}

const AUTOCOMPLETE_DELAY_MS = 220;
const MOST_FILES = 10;
const MENTION = /(?:^|\s)([@#])([\w.-]*)$/;
export const LONGEST_MESSAGE = 2000;

export class Composer {
  text = "";
  runnable: Runnable | undefined;
  fields: Field[] = [];
  /** Text typed after the last chip, to find another option. */
  tail = "";
  /** Which field has the focus; `fields.length` is the tail. */
  active = 0;
  popup: Popup | undefined;
  /** Files that go with the next message. */
  files: Attachment[] = [];
  #wantsFocus = false;
  #round = 0;
  #timer = 0;

  constructor(private readonly app: App) {}

  reset(): void {
    this.#round++;
    clearTimeout(this.#timer);
    this.text = this.tail = "";
    this.runnable = undefined;
    this.fields = [];
    this.active = 0;
    this.popup = undefined;
    this.files = [];
    this.app.refresh();
  }

  /** Uploads files for the next message (at most ten, as Discord). */
  async attach(files: Iterable<File>): Promise<void> {
    for (const file of files) {
      if (this.files.length >= MOST_FILES) break;
      const attachment = await this.app.upload(file);
      if (attachment) this.files.push(attachment);
    }
    this.focus();
  }

  /** Uploads the file of one option. */
  async attachOption(field: Field, file: File): Promise<void> {
    const attachment = await this.app.upload(file);
    if (attachment) field.picked = { name: attachment.filename, value: attachment.id };
    field.error = "";
    this.app.refresh();
  }

  /** Puts the focus into the box after the next drawing. */
  focus(): void {
    this.#wantsFocus = true;
    this.app.refresh();
  }

  /** Called after each drawing. */
  afterDraw(): void {
    if (!this.#wantsFocus) return;
    this.#wantsFocus = false;
    const key = !this.runnable ? "text" : this.active < this.fields.length ? `${this.active}` : "tail";
    const input = document.querySelector<HTMLInputElement>(`[data-composer="${key}"]`);
    input?.focus();
    if (input?.type !== "file") input?.setSelectionRange(input.value.length, input.value.length);
  }

  /** What was typed into the plain box; `caret` is where. */
  typed(text: string, caret = text.length): void {
    this.text = text;
    this.popup = undefined;
    if (text.startsWith("/") && !text.includes("\n")) this.#offerCommands(text.slice(1));
    else {
      const mention = MENTION.exec(text.slice(0, caret));
      if (mention) {
        const items = mentionSuggestions(this.app.store, mention[1]!, mention[2]!);
        if (items.length) this.#open("mentions", items, 0);
      }
      if (text.trim()) this.app.typing();
    }
    this.app.refresh();
  }

  #offerCommands(typed: string): void {
    const all = runnables(this.app.store.offered);
    const exact = typed.endsWith(" ") && all.find((one) => one.name === typed.trimEnd());
    if (exact) {
      this.choose(exact);
      return;
    }
    const items = commandSuggestions(search(all, typed));
    this.#open("commands", items, 0, items.length ? "" : "No command matches.");
  }

  /** Begins a command: its required options stand in the line at once. */
  choose(runnable: Runnable): void {
    this.text = this.tail = "";
    this.runnable = runnable;
    this.fields = runnable.options.filter((one) => one.required).map(emptyField);
    // One optional option alone is what the person wants to type (as in "/help command").
    if (!this.fields.length && runnable.options.length === 1) {
      this.fields = runnable.options.map(emptyField);
    }
    this.popup = undefined;
    this.enter(0);
  }

  /** Moves the focus to a field (or the tail) and offers its values. */
  enter(index: number): void {
    this.active = Math.max(0, Math.min(index, this.fields.length));
    this.focus();
    this.offer();
  }

  /** The focus came to a field by mouse or Tab. */
  focused(index: number): void {
    if (this.active === index && this.popup) return;
    this.active = index;
    this.offer();
  }

  /** What was typed into a field. */
  fieldTyped(index: number, text: string): void {
    const field = this.fields[index];
    if (!field) return;
    field.text = text;
    field.picked = undefined;
    field.error = "";
    this.active = index;
    this.offer();
  }

  tailTyped(text: string): void {
    this.tail = text;
    this.offer();
  }

  /** Opens the list that belongs to the place of the focus. */
  offer(): void {
    this.#round++;
    clearTimeout(this.#timer);
    this.popup = undefined;
    const field = this.fields[this.active];
    if (!this.runnable) return;
    if (!field) {
      const items = optionSuggestions(this.runnable, this.fields, this.tail);
      if (items.length) this.#open("options", items, this.tail.trim() ? 0 : -1);
    } else if (field.option.autocomplete) {
      this.#autocomplete(this.runnable, field);
    } else {
      const items = fieldSuggestions(this.app.store, field);
      if (items) {
        const chosen = items.findIndex((one) => one.choice?.value === field.picked?.value);
        this.#open("values", items, Math.max(0, chosen), items.length ? "" : "Nothing matches.");
      }
    }
    this.app.refresh();
  }

  /** Asks the bot what fits; only the newest question's answer is shown. */
  #autocomplete(runnable: Runnable, field: Field): void {
    const round = this.#round;
    this.#open("values", [], -1, "", true);
    this.#timer = setTimeout(async () => {
      try {
        const answer = await this.app.connection.request<{ choices: Choice[] }>("autocomplete", {
          channel_id: this.app.store.channelId,
          command_id: runnable.command.id,
          options: optionValues(runnable, this.fields, field),
        });
        if (round !== this.#round) return;
        const items = (answer.choices ?? []).slice(0, 25).map((one) => fromChoice(one, field.option.name));
        // An address is meant as it is typed: Enter should send it, not pick the first suggestion.
        const typedAddress = /^https?:\/\//.test(field.text);
        this.#open("values", items, items.length && !typedAddress && field.text ? 0 : -1, items.length ? "" : "No suggestions.");
      } catch (error) {
        if (round !== this.#round) return;
        this.#open("values", [], -1, `No suggestions: ${(error as Error).message}`);
      }
      this.app.refresh();
    }, AUTOCOMPLETE_DELAY_MS);
  }

  #open(kind: Popup["kind"], items: Suggestion[], index: number, note = "", loading = false): void {
    this.popup = { kind, items, index, loading, note };
  }

  closePopup(): void {
    this.#round++;
    this.popup = undefined;
    this.app.refresh();
  }

  /** Takes one entry of the list. */
  pick(item: Suggestion): void {
    const kind = this.popup?.kind;
    this.popup = undefined;
    if (kind === "commands" && item.runnable) this.choose(item.runnable);
    else if (kind === "mentions") {
      this.text = this.text.replace(MENTION, (all, mark: string) => all.slice(0, all.indexOf(mark)) + item.insert) + " ";
      this.focus();
    } else if (kind === "options") {
      const option = this.runnable?.options.find((one) => one.name === item.key);
      if (option) this.fields.push(emptyField(option));
      this.tail = "";
      this.enter(this.fields.length - 1);
    } else if (kind === "values") {
      const field = this.fields[this.active];
      if (!field || !item.choice) return;
      field.picked = item.choice;
      field.text = item.choice.name;
      field.error = "";
      const open = this.fields.findIndex((one) => one.option.required && !one.text.trim());
      if (open >= 0) this.enter(open);
      else this.focus();
    }
  }

  /** A key in the plain box or in a field. True when it is dealt with. */
  key(event: KeyboardEvent): boolean {
    if (event.isComposing) return false;
    const { popup } = this;
    const marked = popup?.items[popup.index];
    const field = this.runnable ? this.fields[this.active] : undefined;
    switch (event.key) {
      case "ArrowDown":
      case "ArrowUp":
        return this.#move(event.key === "ArrowDown" ? 1 : -1);
      case "Enter":
        if (event.shiftKey && !this.runnable) return false;
        if (marked && !(field?.picked && marked.choice?.value === field.picked.value)) this.pick(marked);
        else void this.send();
        return true;
      case "Tab":
        if (marked && !event.shiftKey && !field?.picked) {
          this.pick(marked);
          return true;
        }
        return this.#tab(event.shiftKey ? -1 : 1);
      case "Escape":
        return this.#escape();
      case "Backspace":
        return this.#backspace(event.target as HTMLInputElement);
      default:
        return false;
    }
  }

  #move(step: number): boolean {
    const { popup } = this;
    if (!popup?.items.length) {
      if (step < 0 && !this.runnable && !this.text) return this.#editLast();
      return false;
    }
    const { length } = popup.items;
    const from = popup.index < 0 && step < 0 ? 0 : popup.index;
    popup.index = (from + step + length) % length;
    this.app.refresh();
    return true;
  }

  #editLast(): boolean {
    const { store, screen } = this.app;
    const mine = store.history(store.channelId).messages.filter((one) => one.author.id === store.me?.id);
    const last = mine[mine.length - 1];
    if (!last) return false;
    screen.editing = last.id;
    this.app.refresh();
    return true;
  }

  #tab(step: number): boolean {
    if (!this.runnable) return false;
    const next = this.active + step;
    const hasTail = optionSuggestions(this.runnable, this.fields, "").length > 0;
    if (next < 0 || next > this.fields.length || (next === this.fields.length && !hasTail)) return false;
    this.enter(next);
    return true;
  }

  #escape(): boolean {
    if (this.popup) {
      this.closePopup();
      return true;
    }
    if (this.runnable) {
      this.#leaveCommand();
      return true;
    }
    if (this.app.screen.replyTo) {
      this.app.screen.replyTo = undefined;
      this.app.refresh();
      return true;
    }
    return false;
  }

  /** Back from the options to the list of commands. */
  #leaveCommand(): void {
    const name = this.runnable?.name ?? "";
    this.reset();
    this.typed(`/${name}`);
    this.focus();
  }

  #backspace(input: HTMLInputElement): boolean {
    if (!this.runnable || input.value) return false;
    const field = this.fields[this.active];
    if (field && !field.option.required) {
      this.fields.splice(this.active, 1);
      this.enter(this.active - 1 >= 0 ? this.active - 1 : 0);
    } else if (!field && this.fields.length) this.enter(this.fields.length - 1);
    else this.#leaveCommand();
    return true;
  }

  /** Sends the message or the command, when nothing is wrong with it. */
  async send(): Promise<void> {
    if (this.runnable) {
      await this.#sendCommand(this.runnable);
      return;
    }
    const text = this.text.trim();
    const { files } = this;
    if ((!text && !files.length) || text.length > LONGEST_MESSAGE) return;
    this.text = "";
    this.files = [];
    this.popup = undefined;
    this.app.refresh();
    const ids = files.map((one) => one.id);
    if (!(await this.app.sendMessage(withMentions(this.app.store, text), ids)) && !this.text) {
      this.text = text; // nothing a person typed is lost
      this.files = files;
      this.app.refresh();
    }
  }

  async #sendCommand(runnable: Runnable): Promise<void> {
    for (const field of this.fields) field.error = problem(field);
    const wrong = this.fields.findIndex((field) => field.error);
    if (wrong >= 0) {
      this.enter(wrong);
      return;
    }
    const options = optionValues(runnable, this.fields);
    this.reset();
    this.focus();
    await this.app.slash(runnable.command, `/${runnable.name}`, options);
  }
}
