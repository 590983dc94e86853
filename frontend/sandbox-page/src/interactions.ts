/** Starts interactions and remembers them until the bot has answered. */

import type { Connection } from "./connection";
import type { Command, Message } from "./protocol";
import type { Pending, Store } from "./store";

/** What the person did: ran a command, used a component of a message, or sent a form. */
interface Deed {
  kind: Pending["kind"];
  name: string;
  command?: Command;
  message?: Message;
}

export class Interactions {
  /** Ids the bot answered while the sandbox's own answer to the request was still on its way. */
  readonly #early = new Set<string>();
  #starting = 0;

  constructor(
    private readonly store: Store,
    private readonly connection: Connection,
  ) {}

  /** Sees every event before the store does. */
  watch(name: string, data: unknown): void {
    if (!this.#starting || (name !== "INTERACTION_STATE" && name !== "MODAL_OPEN")) return;
    const event = data as { interaction_id: string; state?: string };
    if (event.state !== "created") this.#early.add(event.interaction_id);
  }

  /** Sends the request; a refusal is kept as a failed attempt. Answers whether it was taken. */
  async start(op: string, data: object, deed: Deed): Promise<boolean> {
    const { store } = this;
    const channelId = deed.message?.channel_id ?? store.channelId;
    const application = deed.command?.application_id ?? deed.message?.application_id;
    const pending: Pending = {
      id: `local-${performance.now()}`,
      channelId,
      name: deed.name,
      kind: deed.kind,
      state: "created",
      at: Date.now(),
      applicationName: deed.command?.application?.name ?? store.applicationName(application),
      ...(deed.message ? { messageId: deed.message.id } : {}),
    };
    // A new attempt takes the place of a failed one of the same thing.
    for (const old of store.pending.values()) {
      const same = old.name === pending.name && old.messageId === pending.messageId;
      if (same && old.state === "failed") store.pending.delete(old.id);
    }
    store.pending.set(pending.id, pending);
    store.changed();
    this.#starting++;
    try {
      const answer = await this.connection.request<{ interaction_id?: string } | null>(op, {
        channel_id: channelId,
        ...data,
      });
      store.pending.delete(pending.id);
      const id = answer?.interaction_id;
      if (id && !this.#early.has(id)) store.pending.set(id, { ...pending, id });
      return true;
    } catch (error) {
      pending.state = "failed";
      pending.reason = (error as Error).message;
      return false;
    } finally {
      if (--this.#starting === 0) this.#early.clear();
      store.changed();
    }
  }
}
