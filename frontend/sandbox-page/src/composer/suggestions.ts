/** What the list above the message box offers, for each thing one can be typing. */

import { isThread } from "../protocol";
import type { Choice } from "../protocol";
import type { Store } from "../store";
import { OptionType } from "./commands";
import type { Field, Runnable } from "./commands";

export interface Suggestion {
  key: string;
  label: string;
  detail: string;
  /** Items of one group stand under one heading. */
  group: string;
  /** Whose picture stands before it: a user's or an application's id. */
  avatarOf?: string;
  swatch?: string;
  symbol?: string;
  runnable?: Runnable;
  choice?: Choice;
  /** Text that replaces what was typed (mentions). */
  insert?: string;
}

/** Discord shows at most 25 choices. */
const MOST = 25;

function matches(typed: string, ...names: (string | null | undefined)[]): boolean {
  const wanted = typed.trim().toLowerCase().replace(/^[@#]/, "");
  return !wanted || names.some((name) => name?.toLowerCase().includes(wanted));
}

export function commandSuggestions(found: Runnable[]): Suggestion[] {
  const byApplication = new Map<string, Runnable[]>();
  for (const one of found) {
    const list = byApplication.get(one.command.application_id) ?? [];
    list.push(one);
    byApplication.set(one.command.application_id, list);
  }
  return [...byApplication.values()].flat().map((one) => ({
    key: `${one.command.id}:${one.path.join(":")}`,
    label: `/${one.name}`,
    detail: one.description,
    group: one.command.application?.name ?? "Application",
    avatarOf: one.command.application?.bot?.id ?? one.command.application_id,
    runnable: one,
  }));
}

/** The values a field offers without asking the bot; undefined when it offers none. */
export function fieldSuggestions(store: Store, field: Field): Suggestion[] | undefined {
  const { option, text } = field;
  const typed = field.picked ? "" : text;
  switch (option.type) {
    case OptionType.boolean:
      return [
        { name: "True", value: "true" },
        { name: "False", value: "false" },
      ]
        .filter((one) => matches(typed, one.name))
        .map((one) => fromChoice(one, option.name));
    case OptionType.user:
      return users(store, typed);
    case OptionType.role:
      return roles(store, typed);
    case OptionType.mentionable:
      return [...users(store, typed), ...roles(store, typed)].slice(0, MOST);
    case OptionType.channel:
      return channels(store, typed, option.channel_types);
    default:
      if (!option.choices?.length) return undefined;
      return option.choices
        .filter((one) => matches(typed, one.name))
        .map((one) => fromChoice(one, option.name));
  }
}

export function fromChoice(choice: Choice, group: string): Suggestion {
  return { key: String(choice.value), label: choice.name, detail: "", group, choice };
}

export function users(store: Store, typed: string): Suggestion[] {
  return [...store.members.values()]
    .filter((one) => matches(typed, one.user.username, one.user.global_name, one.nick))
    .slice(0, MOST)
    .map((one) => ({
      key: one.user.id,
      label: store.displayName(one.user),
      detail: one.user.username,
      group: "Members",
      avatarOf: one.user.id,
      choice: { name: `@${store.displayName(one.user)}`, value: one.user.id },
    }));
}

export function roles(store: Store, typed: string): Suggestion[] {
  return [...store.roles.values()]
    .filter((one) => one.id !== store.guild?.id && matches(typed, one.name))
    .sort((a, b) => b.position - a.position)
    .slice(0, MOST)
    .map((one) => ({
      key: one.id,
      label: `@${one.name}`,
      detail: "Role",
      group: "Roles",
      swatch: one.color ? `#${one.color.toString(16).padStart(6, "0")}` : "",
      choice: { name: `@${one.name}`, value: one.id },
    }));
}

export function channels(store: Store, typed: string, types?: number[]): Suggestion[] {
  return [...store.channels.values()]
    .filter((one) => (types?.length ? types.includes(one.type) : true))
    .filter((one) => matches(typed, one.name))
    .slice(0, MOST)
    .map((one) => ({
      key: one.id,
      label: one.name ?? "",
      detail: isThread(one) ? "Thread" : (store.channels.get(one.parent_id ?? "")?.name ?? ""),
      group: "Channels",
      symbol: one.type === 2 || one.type === 13 ? "voice" : one.type === 4 ? "category" : "hash",
      choice: { name: `#${one.name}`, value: one.id },
    }));
}

/** Optional options that are not yet in the line. */
export function optionSuggestions(runnable: Runnable, fields: Field[], typed: string): Suggestion[] {
  const present = new Set(fields.map((field) => field.option.name));
  return runnable.options
    .filter((one) => !present.has(one.name) && matches(typed, one.name))
    .map((one) => ({
      key: one.name,
      label: one.name,
      detail: one.description,
      group: "Optional",
    }));
}

/** Members, roles and channels while a mention is being typed ("@al", "#mus"). */
export function mentionSuggestions(store: Store, mark: string, typed: string): Suggestion[] {
  const found =
    mark === "#" ? channels(store, typed, [0, 2, 5, 13, 15]) : [...users(store, typed), ...roles(store, typed)];
  return found.slice(0, 8).map((one) => ({ ...one, insert: one.choice!.name }));
}

/** "@Alice" and "#music" as typed -> the mentions Discord sends. */
export function withMentions(store: Store, text: string): string {
  const names: [string, string][] = [
    ...[...store.members.values()].flatMap((one): [string, string][] => [
      [`@${store.displayName(one.user)}`, `<@${one.user.id}>`],
      [`@${one.user.username}`, `<@${one.user.id}>`],
    ]),
    ...[...store.roles.values()]
      .filter((one) => one.id !== store.guild?.id)
      .map((one): [string, string] => [`@${one.name}`, `<@&${one.id}>`]),
    ...[...store.channels.values()].map((one): [string, string] => [`#${one.name}`, `<#${one.id}>`]),
  ];
  names.sort((a, b) => b[0].length - a[0].length);
  let result = "";
  for (let at = 0; at < text.length; ) {
    const before = at ? text[at - 1]! : " ";
    const known =
      /[@#]/.test(text[at]!) && !/[\w<]/.test(before)
        ? names.find(
            ([name]) =>
              text.slice(at, at + name.length).toLowerCase() === name.toLowerCase() &&
              !/\w/.test(text[at + name.length] ?? ""),
          )
        : undefined;
    result += known ? known[1] : text[at];
    at += known ? known[0].length : 1;
  }
  return result;
}
