/** Everything the page knows about the guild; changed only by `events.ts` and by the person's acts. */

import type {
  Channel,
  Command,
  DirectoryGuild,
  Guild,
  Hello,
  Member,
  Message,
  Modal,
  Role,
  User,
  VoiceState,
} from "./protocol";
import type { Status } from "./connection";
import { isThread } from "./protocol";

/** An interaction the person started and the bot has not finished answering. */
export interface Pending {
  id: string;
  channelId: string;
  /** What was done: "/play", or the custom id of a component. */
  name: string;
  /** The application that has to answer. */
  applicationName: string;
  kind: "command" | "component" | "modal";
  messageId?: string;
  state: "created" | "acknowledged" | "failed";
  reason?: string;
  at: number;
}

/** The messages of one channel, oldest first. */
export interface History {
  messages: Message[];
  loaded: boolean;
  loading: boolean;
  /** True when nothing older exists. */
  complete: boolean;
  error?: string;
}

export interface Toast {
  id: number;
  text: string;
  tone: "info" | "bad";
}

/** Messages kept for one channel; older ones are asked for again when somebody scrolls up. */
export const KEPT_MESSAGES = 400;

export class Store {
  status: Status = "closed";
  directory: DirectoryGuild[] = [];
  me: User | undefined;
  guild: Guild | undefined;
  channels = new Map<string, Channel>();
  roles = new Map<string, Role>();
  members = new Map<string, Member>();
  presences = new Map<string, string>();
  voiceStates = new Map<string, VoiceState>();
  histories = new Map<string, History>();
  commands: Command[] = [];
  pending = new Map<string, Pending>();
  unread = new Map<string, { since: string; mentions: number }>();
  typing = new Map<string, Map<string, number>>();
  modal: Modal | undefined;
  channelId = "";
  error = "";
  /** Counts what messages look up elsewhere (names, roles, channels), so that views may cache. */
  epoch = 0;

  constructor(private readonly onChange: () => void) {}

  /** Tells the page that something changed. */
  changed(): void {
    this.onChange();
  }

  /** Takes the first frame of a connection: who I am and what the guild looks like now. */
  hello(hello: Hello): void {
    const { guild } = hello;
    const sameGuild = this.guild?.id === guild.id && this.me?.id === hello.user.id;
    this.me = hello.user;
    this.guild = guild;
    this.channels = new Map(
      [...(guild.channels ?? []), ...(guild.threads ?? [])].map((one) => [one.id, one]),
    );
    this.roles = new Map((guild.roles ?? []).map((one) => [one.id, one]));
    this.members = new Map((guild.members ?? []).map((one) => [one.user.id, one]));
    this.voiceStates = new Map((guild.voice_states ?? []).map((one) => [one.user_id, one]));
    this.presences = new Map(
      (guild.presences ?? []).map((one) => [one.user.id, one.status ?? "online"]),
    );
    this.commands = hello.commands;
    this.pending.clear();
    this.typing.clear();
    this.error = "";
    if (sameGuild) {
      for (const history of this.histories.values()) history.loaded = history.loading = false;
    } else {
      this.histories.clear();
      this.unread.clear();
      this.channelId = "";
      this.modal = undefined;
    }
    this.epoch++;
    this.changed();
  }

  history(channelId: string): History {
    let history = this.histories.get(channelId);
    if (!history) {
      history = { messages: [], loaded: false, loading: false, complete: false };
      this.histories.set(channelId, history);
    }
    return history;
  }

  get channel(): Channel | undefined {
    return this.channels.get(this.channelId);
  }

  /** The application behind a bot's message or a command, as the commands describe it. */
  applicationName(id: string | undefined): string {
    const command = this.commands.find((one) => one.application_id === id);
    return command?.application?.name ?? "The application";
  }

  /** The name a person sees for a user in this guild. */
  displayName(user: User): string {
    const member = this.members.get(user.id);
    return member?.nick ?? user.global_name ?? user.username;
  }

  /** The colour of the highest coloured role, or undefined. */
  nameColor(userId: string): string | undefined {
    let best: Role | undefined;
    for (const id of this.members.get(userId)?.roles ?? []) {
      const role = this.roles.get(id);
      if (role?.color && (!best || role.position > best.position)) best = role;
    }
    return best && hexColor(best.color);
  }

  /** The commands that are offered in the channel one looks at. */
  get offered(): Command[] {
    return this.commands.filter(
      (one) => !one.channel_ids || one.channel_ids.includes(this.channelId),
    );
  }

  /** Whether the person holds a permission (a bit of Discord's) in a channel. */
  may(channel: Channel, permission: bigint): boolean {
    return !channel.permissions || (BigInt(channel.permissions) & permission) !== 0n;
  }

  threadsOf(channelId: string): Channel[] {
    return [...this.channels.values()].filter(
      (one) => isThread(one) && one.parent_id === channelId && !one.thread_metadata?.archived,
    );
  }

  inVoice(channelId: string): VoiceState[] {
    return [...this.voiceStates.values()].filter((one) => one.channel_id === channelId);
  }

  get myVoiceChannel(): string | undefined {
    return (this.me && this.voiceStates.get(this.me.id)?.channel_id) || undefined;
  }

  /** Who is typing in a channel at this moment, without oneself. */
  typists(channelId: string): string[] {
    const now = Date.now();
    return [...(this.typing.get(channelId) ?? [])]
      .filter(([user, until]) => until > now && user !== this.me?.id)
      .map(([user]) => {
        const member = this.members.get(user);
        return member ? this.displayName(member.user) : "Somebody";
      });
  }
}

/** 0xRRGGBB as Discord sends colours -> "#rrggbb". */
export function hexColor(color: number): string {
  return `#${color.toString(16).padStart(6, "0")}`;
}
