/** Ties the parts together: what a person can do, and when the page is drawn again. */

import { Hearing } from "./audio/hearing";
import { Composer } from "./composer/composer";
import { Connection } from "./connection";
import { applyEvent, onlyHere, placeMessage } from "./events";
import { base64 } from "./files";
import { Interactions } from "./interactions";
import { isVoice } from "./protocol";
import type { Attachment, Channel, Command, DirectoryGuild, Message, Modal, OptionValue } from "./protocol";
import { Store } from "./store";
import type { Toast } from "./store";

const HISTORY_PAGE = 50;
const TOAST_MS = 6_000;

/** What is open on the screen beside the conversation. */
export interface Screen {
  drawer: "channels" | "members" | undefined;
  membersShown: boolean;
  menu: Menu | undefined;
  replyTo: Message | undefined;
  editing: string | undefined;
  /** Spoilers and long galleries a person has opened, by key. */
  revealed: Set<string>;
  /** The first message that was unread when the channel was opened. */
  newSince: string | undefined;
  toasts: Toast[];
  image: { url: string; text: string } | undefined;
}
export interface Menu {
  kind: "switch" | "message" | "user" | "react" | "select";
  x: number;
  y: number;
  message?: Message;
  userId?: string;
  key?: string;
  opener: HTMLElement | undefined;
}

export class App {
  readonly store: Store;
  readonly connection: Connection;
  readonly composer: Composer;
  readonly hearing: Hearing;
  readonly screen: Screen = {
    drawer: undefined,
    membersShown: true,
    menu: undefined,
    replyTo: undefined,
    editing: undefined,
    revealed: new Set(),
    newSince: undefined,
    toasts: [],
    image: undefined,
  };
  readonly #interactions: Interactions;
  #drawn = false;
  #toastId = 0;
  #typingSent = 0;

  constructor(private readonly draw: () => void) {
    this.store = new Store(() => this.refresh());
    this.connection = new Connection(
      (name, data) => this.#event(name, data),
      (status) => {
        this.store.status = status;
        this.refresh();
      },
    );
    this.#interactions = new Interactions(this.store, this.connection);
    this.composer = new Composer(this);
    this.hearing = new Hearing(() => this.refresh());
  }

  /** Draws soon; many changes in one task are drawn once. */
  refresh(): void {
    if (this.#drawn) return;
    this.#drawn = true;
    queueMicrotask(() => {
      this.#drawn = false;
      this.draw();
    });
  }

  /** Loads who lives here and becomes one of them (`?as=alice&guild=ID`, else the last, else the first). */
  async start(): Promise<void> {
    try {
      const answer = await fetch("/sandbox/people/directory");
      if (!answer.ok) throw new Error(`the directory answered ${answer.status}`);
      const directory = (await answer.json()) as { guilds: DirectoryGuild[] };
      this.store.directory = directory.guilds;
    } catch (error) {
      this.store.error = `The sandbox cannot be reached: ${(error as Error).message}`;
      this.refresh();
      setTimeout(() => void this.start(), 2_000);
      return;
    }
    this.store.error = "";
    const query = new URLSearchParams(location.search);
    const guild =
      this.store.directory.find((one) => one.id === query.get("guild")) ?? this.store.directory[0];
    const wanted = query.get("as") ?? sessionStorage.getItem("as") ?? "alice";
    const people = (guild?.members ?? []).filter((one) => !one.user.bot);
    const member =
      people.find((one) => one.user.username === wanted || one.user.id === wanted) ?? people[0];
    if (!guild || !member) {
      this.store.error = "No guild with a person in it exists in this sandbox yet.";
      this.refresh();
      setTimeout(() => void this.start(), 2_000);
      return;
    }
    this.become(guild.id, member.user.id);
  }

  /** Speaks and listens as another member. */
  become(guildId: string, userId: string): void {
    const guild = this.store.directory.find((one) => one.id === guildId);
    const member = guild?.members.find((one) => one.user.id === userId);
    const url = new URL(location.href);
    const name = member?.user.username ?? userId;
    url.searchParams.set("as", name);
    if (this.store.directory.length > 1) url.searchParams.set("guild", guildId);
    history.replaceState(null, "", url);
    sessionStorage.setItem("as", name);
    this.hearing.stop();
    this.screen.menu = undefined;
    this.composer.reset();
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    this.connection.open(
      `${scheme}://${location.host}/sandbox/people?member=${userId}&guild=${guildId}`,
    );
  }

  /** Shows a channel; joins it when it is a voice channel. */
  openChannel(channel: Channel): void {
    this.screen.drawer = undefined;
    this.screen.replyTo = this.screen.editing = undefined;
    if (isVoice(channel) && this.store.myVoiceChannel !== channel.id) void this.joinVoice(channel);
    if (this.store.channelId !== channel.id) {
      this.store.channelId = channel.id;
      this.composer.reset();
      sessionStorage.setItem("channel", channel.id);
      this.screen.newSince = undefined;
    }
    this.read();
    void this.loadHistory(channel.id);
    this.refresh();
  }

  /** The person looks at the channel: nothing in it is unread any more, but the line stays. */
  read(): void {
    const unread = this.store.unread.get(this.store.channelId);
    if (!unread) return;
    this.screen.newSince = unread.since;
    this.store.unread.delete(this.store.channelId);
    this.refresh();
  }

  /** Loads the newest messages, or the page before the oldest known one. */
  async loadHistory(channelId: string, older = false): Promise<void> {
    const history = this.store.history(channelId);
    if (history.loading || (older ? history.complete : history.loaded)) return;
    history.loading = true;
    const before = older ? history.messages[0]?.id : undefined;
    try {
      const { messages } = await this.connection.request<{ messages: Message[] }>("history", {
        channel_id: channelId,
        limit: HISTORY_PAGE,
        ...(before ? { before } : {}),
      });
      if (!older) history.messages = onlyHere(history.messages);
      for (const message of messages) placeMessage(history.messages, message);
      history.complete = messages.length < HISTORY_PAGE;
      history.loaded = true;
      history.error = undefined;
    } catch (error) {
      history.error = (error as Error).message;
    } finally {
      history.loading = false;
      this.refresh();
    }
  }

  async joinVoice(channel: Channel): Promise<void> {
    const me = this.store.me;
    if (!me) return;
    // The audio context has to be made inside the click that asked for it.
    this.hearing.prepare();
    if (await this.ask("voice_join", { channel_id: channel.id })) this.hearing.start(me.id);
  }

  async leaveVoice(): Promise<void> {
    this.hearing.stop();
    await this.ask("voice_leave", {});
  }

  /** Sends a request and shows a refusal to the person; answers whether it went well. */
  async ask(op: string, data: object): Promise<boolean> {
    try {
      await this.connection.request(op, data);
      return true;
    } catch (error) {
      this.toast((error as Error).message, "bad");
      return false;
    }
  }

  async sendMessage(content: string, attachmentIds: string[] = []): Promise<boolean> {
    const reply = this.screen.replyTo;
    this.#typingSent = 0;
    const sent = await this.ask("send_message", {
      channel_id: this.store.channelId,
      content,
      ...(reply ? { reply_to: reply.id } : {}),
      ...(attachmentIds.length ? { attachment_ids: attachmentIds } : {}),
    });
    if (sent) this.screen.replyTo = undefined;
    this.refresh();
    return sent;
  }

  /** Gives a file to the sandbox; undefined (and a word to the person) when it was refused. */
  async upload(file: File): Promise<Attachment | undefined> {
    try {
      const answer = await this.connection.request<{ attachment: Attachment }>("upload", {
        filename: file.name,
        content_type: file.type,
        data: await base64(file),
      });
      return answer.attachment;
    } catch (error) {
      this.toast((error as Error).message, "bad");
      return undefined;
    }
  }

  /** Tells the others, at most every eight seconds, that the person writes. */
  typing(): void {
    if (Date.now() - this.#typingSent < 8_000) return;
    this.#typingSent = Date.now();
    this.connection.request("typing", { channel_id: this.store.channelId }).catch(() => undefined);
  }

  async slash(command: Command, name: string, options: OptionValue[]): Promise<void> {
    await this.#interactions.start("slash", { command_id: command.id, options }, { kind: "command", name, command });
  }

  async contextMenu(command: Command, targetId: string): Promise<void> {
    const data = { command_id: command.id, target_id: targetId };
    await this.#interactions.start("context", data, { kind: "command", name: command.name, command });
  }

  async click(message: Message, customId: string): Promise<void> {
    await this.#interactions.start(
      "click",
      { message_id: message.id, custom_id: customId },
      { kind: "component", name: customId, message },
    );
  }

  async select(message: Message, customId: string, values: string[]): Promise<void> {
    await this.#interactions.start(
      "select",
      { message_id: message.id, custom_id: customId, values },
      { kind: "component", name: customId, message },
    );
  }

  async submitModal(modal: Modal, fields: Record<string, unknown>): Promise<boolean> {
    const data = { interaction_id: modal.interaction_id, custom_id: modal.custom_id, fields };
    return this.#interactions.start("modal_submit", data, { kind: "modal", name: modal.title });
  }

  #event(name: string, data: unknown): void {
    this.#interactions.watch(name, data);
    applyEvent(this.store, name, data);
    if (name === "HELLO") this.#settleIn();
    if (name === "CHANNEL_DELETE" && !this.store.channel) this.#settleIn();
    if (name === "VOICE_STATE_UPDATE") this.#followVoice(data as { user_id: string });
  }

  /** After HELLO: opens a channel, and goes on hearing where one was. */
  #settleIn(): void {
    const { store } = this;
    const texts = [...store.channels.values()]
      .filter((one) => one.type === 0)
      .sort((a, b) => (a.position ?? 0) - (b.position ?? 0));
    const last = store.channels.get(store.channelId || (sessionStorage.getItem("channel") ?? ""));
    const channel = (last && (!isVoice(last) || store.channelId) ? last : undefined) ?? texts[0];
    if (channel) {
      store.channelId = channel.id;
      void this.loadHistory(channel.id);
    }
    if (store.myVoiceChannel && store.me) this.hearing.start(store.me.id);
    else this.hearing.stop();
    this.refresh();
  }

  #followVoice(change: { user_id: string }): void {
    const { me, myVoiceChannel } = this.store;
    if (!me || change.user_id !== me.id) return;
    if (myVoiceChannel) this.hearing.start(me.id);
    else this.hearing.stop();
  }

  /** Creates a thread from a message (or a bare one) and opens it. */
  async createThread(channelId: string, name: string, messageId?: string): Promise<void> {
    try {
      const { channel: thread } = await this.connection.request<{ channel: Channel }>("create_thread", {
        channel_id: channelId,
        name,
        ...(messageId ? { message_id: messageId } : {}),
      });
      this.store.channels.set(thread.id, thread);
      this.openChannel(thread);
    } catch (error) {
      this.toast((error as Error).message, "bad");
    }
  }

  /** Removes an ephemeral message, or a failed attempt, that only this person sees. */
  dismiss(channelId: string, messageId: string): void {
    const target = { channel_id: channelId, message_id: messageId };
    if (!this.store.pending.has(messageId)) {
      this.connection.request("delete_message", target).catch(() => undefined);
    }
    const history = this.store.history(channelId);
    history.messages = history.messages.filter((one) => one.id !== messageId);
    this.store.pending.delete(messageId);
    this.refresh();
  }

  toast(text: string, tone: Toast["tone"] = "info"): void {
    const toast = { id: ++this.#toastId, text, tone };
    this.screen.toasts = [...this.screen.toasts.slice(-2), toast];
    this.refresh();
    setTimeout(() => {
      this.screen.toasts = this.screen.toasts.filter((one) => one !== toast);
      this.refresh();
    }, TOAST_MS);
  }

  openMenu(event: Event, menu: Omit<Menu, "x" | "y" | "opener">): void {
    event.preventDefault();
    event.stopPropagation();
    const opener = event.currentTarget as HTMLElement;
    const box = opener.getBoundingClientRect();
    const mouse = event instanceof MouseEvent && event.type === "contextmenu";
    this.screen.menu = {
      ...menu,
      x: mouse ? event.clientX : box.left,
      y: mouse ? event.clientY : box.bottom + 4,
      opener,
    };
    this.refresh();
  }

  closeMenu(): void {
    const opener = this.screen.menu?.opener;
    this.screen.menu = undefined;
    this.refresh();
    opener?.focus();
  }
}
