/** Commands as a person types them: paths with subcommands, search, checks before sending. */

import type { Choice, Command, CommandOption, OptionValue } from "../protocol";

export const OptionType = {
  subcommand: 1,
  group: 2,
  string: 3,
  integer: 4,
  boolean: 5,
  user: 6,
  channel: 7,
  role: 8,
  mentionable: 9,
  number: 10,
  attachment: 11,
} as const;

/** One thing that can be run: a command, or a subcommand with the way to it. */
export interface Runnable {
  command: Command;
  /** Names after the command's own: [], ["show"] or ["filters", "set"]. */
  path: string[];
  /** "play", "queue show". */
  name: string;
  description: string;
  options: CommandOption[];
}

/** A value a person is typing for one option. */
export interface Field {
  option: CommandOption;
  text: string;
  /** Set when a choice, a member, a channel or a role was picked. */
  picked: Choice | undefined;
  error: string;
}

/** Every chat-input command as runnables, grouped subcommands laid flat. */
export function runnables(commands: Command[]): Runnable[] {
  return commands
    .filter((command) => command.type === 1)
    .flatMap((command) => flatten(command, command.options ?? [], [], command.description));
}

function flatten(
  command: Command,
  options: CommandOption[],
  path: string[],
  description: string,
): Runnable[] {
  const nested = options.filter((one) => one.type === OptionType.subcommand || one.type === OptionType.group);
  if (!nested.length) {
    return [{ command, path, name: [command.name, ...path].join(" "), description, options }];
  }
  return nested.flatMap((one) => flatten(command, one.options ?? [], [...path, one.name], one.description));
}

/** Runnables that match what was typed after the slash, best first. */
export function search(all: Runnable[], typed: string): Runnable[] {
  const wanted = typed.trim().toLowerCase().replace(/\s+/g, " ");
  const scored = all.map((one) => ({ one, score: score(one, wanted) }));
  return scored
    .filter((entry) => entry.score >= 0)
    .sort((a, b) => a.score - b.score || a.one.name.localeCompare(b.one.name))
    .map((entry) => entry.one);
}

function score(runnable: Runnable, wanted: string): number {
  if (!wanted) return 0;
  if (runnable.name === wanted) return 0;
  if (runnable.name.startsWith(wanted)) return 1;
  if (runnable.name.split(/[ -]/).some((word) => word.startsWith(wanted))) return 2;
  if (runnable.name.includes(wanted)) return 3;
  if (wanted.length > 2 && runnable.description.toLowerCase().includes(wanted)) return 4;
  return -1;
}

export const emptyField = (option: CommandOption): Field => ({
  option,
  text: "",
  picked: undefined,
  error: "",
});

/** The sentence that says what is wrong with a field, or "" when it may be sent. */
export function problem(field: Field): string {
  const { option, picked } = field;
  const text = field.text.trim();
  if (!text && !picked) return option.required ? "This option is required." : "";
  switch (option.type) {
    case OptionType.string:
      if (option.choices?.length && !picked) return "Choose one of the values.";
      if (option.min_length && text.length < option.min_length)
        return `At least ${option.min_length} characters.`;
      return text.length > (option.max_length ?? 6000)
        ? `At most ${option.max_length ?? 6000} characters.`
        : "";
    case OptionType.integer:
    case OptionType.number:
      return numberProblem(option, picked ? String(picked.value) : text, !!picked);
    case OptionType.attachment:
      return picked ? "" : "Choose a file.";
    default:
      return picked ? "" : "Choose one of the values.";
  }
}

function numberProblem(option: CommandOption, text: string, picked: boolean): string {
  if (option.choices?.length && !picked) return "Choose one of the values.";
  const value = Number(text);
  if (option.type === OptionType.integer && !/^[+-]?\d+$/.test(text)) return "A whole number, please.";
  if (!Number.isFinite(value)) return "A number, please.";
  if (option.min_value !== undefined && value < option.min_value)
    return `At least ${option.min_value}.`;
  if (option.max_value !== undefined && value > option.max_value) return `At most ${option.max_value}.`;
  return "";
}

/** The options of an interaction, wrapped in its subcommands. `focused` is the field being completed. */
export function optionValues(runnable: Runnable, fields: Field[], focused?: Field): OptionValue[] {
  const values = fields
    .filter((field) => field === focused || field.picked || field.text.trim())
    .map((field): OptionValue => {
      const value = field === focused ? field.text : typed(field);
      return {
        name: field.option.name,
        type: field.option.type,
        value,
        ...(field === focused ? { focused: true } : {}),
      };
    });
  const group = runnable.path.length === 2;
  return runnable.path.reduceRight<OptionValue[]>((inner, name, depth) => {
    const type = group && depth === 0 ? OptionType.group : OptionType.subcommand;
    return [{ name, type, options: inner }];
  }, values);
}

function typed(field: Field): string | number | boolean {
  const value = field.picked ? field.picked.value : field.text.trim();
  switch (field.option.type) {
    case OptionType.integer:
    case OptionType.number:
      return Number(value);
    case OptionType.boolean:
      return value === "true";
    default:
      return String(value);
  }
}
