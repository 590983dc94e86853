/** What each event of the people protocol changes in the store. */

import { hasFlag, isThread, MessageFlag } from "./protocol";
import type {
  Channel,
  Command,
  Emoji,
  Hello,
  Member,
  Message,
  Modal,
  Role,
  VoiceState,
} from "./protocol";
import { KEPT_MESSAGES, type Store } from "./store";

type Data = Record<string, never>;
type Apply = (store: Store, data: never) => void;

/** Discord shows "is typing" for ten seconds after the last TYPING_START. */
const TYPING_MS = 10_000;

/** Puts a message in its place by id; replaces an equal one. */
export function placeMessage(messages: Message[], message: Message): void {
  const id = BigInt(message.id);
  let index = messages.length;
  while (index > 0 && BigInt(messages[index - 1]!.id) > id) index--;
  if (index > 0 && messages[index - 1]!.id === message.id) messages[index - 1] = message;
  else messages.splice(index, 0, message);
}

function messageCreate(store: Store, message: Message): void {
  const history = store.history(message.channel_id);
  placeMessage(history.messages, message);
  if (history.messages.length > KEPT_MESSAGES) {
    history.messages.splice(0, history.messages.length - KEPT_MESSAGES);
    history.complete = false;
  }
  store.typing.get(message.channel_id)?.delete(message.author.id);
  settle(store, message);
  const mine = message.author.id === store.me?.id;
  if (mine || (message.channel_id === store.channelId && !document.hidden)) return;
  const unread = store.unread.get(message.channel_id) ?? { since: message.id, mentions: 0 };
  if (mentionsMe(store, message)) unread.mentions++;
  store.unread.set(message.channel_id, unread);
}

/** Whether a message pings the person whose page this is. */
export function mentionsMe(store: Store, message: Message): boolean {
  const me = store.me?.id;
  if (!me) return false;
  const roles = store.members.get(me)?.roles ?? [];
  return (
    !!message.mention_everyone ||
    !!message.mentions?.some((user) => user.id === me) ||
    !!message.mention_roles?.some((role) => roles.includes(role))
  );
}

/** An answer ends the "sending" line of the interaction it belongs to. */
function settle(store: Store, message: Message): void {
  const id = message.interaction_metadata?.id ?? message.interaction?.id;
  if (id) store.pending.delete(id);
}

function messageUpdate(store: Store, change: Partial<Message> & { id: string; channel_id: string }): void {
  const { messages } = store.history(change.channel_id);
  const index = messages.findIndex((one) => one.id === change.id);
  if (index < 0) return;
  messages[index] = { ...messages[index]!, ...change };
  settle(store, messages[index]!);
}

function messageDelete(store: Store, gone: { ids: string[]; channel_id: string }): void {
  const history = store.history(gone.channel_id);
  history.messages = history.messages.filter((one) => !gone.ids.includes(one.id));
}

function sameEmoji(a: Emoji, b: Emoji): boolean {
  return a.id || b.id ? a.id === b.id : a.name === b.name;
}

interface ReactionEvent {
  channel_id: string;
  message_id: string;
  user_id: string;
  emoji: Emoji;
}

function react(store: Store, event: ReactionEvent, step: 1 | -1): void {
  const { messages } = store.history(event.channel_id);
  const index = messages.findIndex((one) => one.id === event.message_id);
  const message = messages[index];
  if (!message) return;
  const mine = event.user_id === store.me?.id;
  const reactions = (message.reactions ?? []).map((one) => ({ ...one }));
  const known = reactions.find((one) => sameEmoji(one.emoji, event.emoji));
  if (known) {
    known.count += step;
    if (mine) known.me = step === 1;
  } else if (step === 1) {
    reactions.push({ emoji: event.emoji, count: 1, me: mine });
  }
  messages[index] = { ...message, reactions: reactions.filter((one) => one.count > 0) };
}

function clearReactions(store: Store, event: { channel_id: string; message_id: string; emoji?: Emoji }): void {
  const { messages } = store.history(event.channel_id);
  const index = messages.findIndex((one) => one.id === event.message_id);
  const message = messages[index];
  if (!message) return;
  const left = event.emoji
    ? (message.reactions ?? []).filter((one) => !sameEmoji(one.emoji, event.emoji!))
    : [];
  messages[index] = { ...message, reactions: left };
}

function channelChange(store: Store, channel: Channel): void {
  store.channels.set(channel.id, { ...store.channels.get(channel.id), ...channel });
  if (!isThread(channel)) return;
  // The message a thread grew from has the thread's id (Discord: Start Thread from Message).
  const messages = channel.parent_id ? store.history(channel.parent_id).messages : [];
  const index = messages.findIndex((one) => one.id === channel.id);
  if (index >= 0) messages[index] = { ...messages[index]!, thread: channel };
}

function memberChange(store: Store, member: Partial<Member> & { user: Member["user"] }): void {
  const known = store.members.get(member.user.id);
  store.members.set(member.user.id, { roles: [], ...known, ...member });
}

function interactionState(store: Store, event: { interaction_id: string; state: string }): void {
  const pending = store.pending.get(event.interaction_id);
  if (!pending) return;
  if (event.state === "answered" || event.state === "deferred") store.pending.delete(pending.id);
  else if (event.state === "acknowledged") {
    if (pending.kind === "command") pending.state = "acknowledged";
    else store.pending.delete(pending.id);
  } else if (event.state === "failed") pending.state = "failed";
}

function interactionFailed(store: Store, event: { interaction_id: string; reason?: string }): void {
  const pending = store.pending.get(event.interaction_id);
  if (!pending) return;
  pending.state = "failed";
  pending.reason = event.reason;
}

/** Events that change names, roles or channels: messages that show them have to be drawn again. */
const NAMING = /^(HELLO|GUILD_|CHANNEL_|THREAD_|COMMANDS_)/;

const EVENTS: Record<string, Apply> = {
  HELLO: (store, data: Hello) => store.hello(data),
  MESSAGE_CREATE: messageCreate,
  MESSAGE_UPDATE: messageUpdate,
  MESSAGE_DELETE: (store, data: { id: string; channel_id: string }) =>
    messageDelete(store, { ids: [data.id], channel_id: data.channel_id }),
  MESSAGE_DELETE_BULK: messageDelete,
  MESSAGE_REACTION_ADD: (store, data: ReactionEvent) => react(store, data, 1),
  MESSAGE_REACTION_REMOVE: (store, data: ReactionEvent) => react(store, data, -1),
  MESSAGE_REACTION_REMOVE_ALL: clearReactions,
  MESSAGE_REACTION_REMOVE_EMOJI: clearReactions,
  CHANNEL_CREATE: channelChange,
  CHANNEL_UPDATE: channelChange,
  CHANNEL_DELETE: (store, data: Channel) => void store.channels.delete(data.id),
  THREAD_CREATE: channelChange,
  THREAD_UPDATE: channelChange,
  THREAD_DELETE: (store, data: Channel) => void store.channels.delete(data.id),
  GUILD_UPDATE: (store, data: Data) => {
    if (store.guild) store.guild = { ...store.guild, ...data };
  },
  GUILD_ROLE_CREATE: (store, data: { role: Role }) => void store.roles.set(data.role.id, data.role),
  GUILD_ROLE_UPDATE: (store, data: { role: Role }) => void store.roles.set(data.role.id, data.role),
  GUILD_ROLE_DELETE: (store, data: { role_id: string }) => void store.roles.delete(data.role_id),
  GUILD_MEMBER_ADD: memberChange,
  GUILD_MEMBER_UPDATE: memberChange,
  GUILD_MEMBER_REMOVE: (store, data: { user: { id: string } }) => {
    store.members.delete(data.user.id);
    store.voiceStates.delete(data.user.id);
  },
  PRESENCE_UPDATE: (store, data: { user: { id: string }; status?: string }) =>
    void store.presences.set(data.user.id, data.status ?? "online"),
  VOICE_STATE_UPDATE: (store, data: VoiceState) => {
    if (data.channel_id) store.voiceStates.set(data.user_id, data);
    else store.voiceStates.delete(data.user_id);
  },
  TYPING_START: (store, data: { channel_id: string; user_id: string }) => {
    const typing = store.typing.get(data.channel_id) ?? new Map<string, number>();
    typing.set(data.user_id, Date.now() + TYPING_MS);
    store.typing.set(data.channel_id, typing);
    setTimeout(() => store.changed(), TYPING_MS + 50);
  },
  COMMANDS_UPDATE: (store, data: { commands: Command[] }) => {
    if (Array.isArray(data.commands)) store.commands = data.commands;
  },
  MODAL_OPEN: (store, data: Modal) => {
    store.modal = data;
    store.pending.delete(data.interaction_id);
  },
  INTERACTION_STATE: interactionState,
  INTERACTION_FAILED: interactionFailed,
};

/** Applies one event; unknown events are none of the page's business. */
export function applyEvent(store: Store, name: string, data: unknown): void {
  const apply = EVENTS[name];
  if (!apply) return;
  apply(store, data as never);
  if (NAMING.test(name)) store.epoch++;
  store.changed();
}

/** Messages that are only on this screen (ephemeral) and would be lost with a reload of the history. */
export function onlyHere(messages: Message[]): Message[] {
  return messages.filter((one) => hasFlag(one, MessageFlag.ephemeral));
}
