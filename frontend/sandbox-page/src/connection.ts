/** The WebSocket to /sandbox/people: requests with answers, events, and reconnecting by itself. */

export type Status = "connecting" | "open" | "waiting" | "closed";

/** A request the sandbox refused, with Discord's code and sentence. */
export class Refused extends Error {
  constructor(
    readonly code: number | string,
    message: string,
  ) {
    super(message);
  }
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
  timer: number;
}

const ANSWER_TIMEOUT_MS = 20_000;
const FIRST_RETRY_MS = 300;
const LAST_RETRY_MS = 5_000;

export class Connection {
  status: Status = "closed";
  #socket: WebSocket | undefined;
  #waiting = new Map<number, Waiting>();
  #next = 1;
  #retryMs = FIRST_RETRY_MS;
  #retryTimer = 0;
  #url = "";

  constructor(
    private readonly onEvent: (name: string, data: unknown) => void,
    private readonly onStatus: (status: Status) => void,
  ) {
    // A laptop that wakes up should not wait for the back-off.
    addEventListener("online", () => this.retryNow());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.retryNow();
    });
  }

  /** Connects to `url`, leaving any earlier connection. */
  open(url: string): void {
    this.close();
    this.#url = url;
    this.#connect();
  }

  close(): void {
    clearTimeout(this.#retryTimer);
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
    this.#failAll("the connection was closed");
    this.#set("closed");
  }

  /** Tries at once when a retry is being waited for. */
  retryNow(): void {
    if (this.status === "waiting") this.#connect();
  }

  /** Sends one request; rejects with `Refused`, or with an Error when the connection is lost. */
  request<T>(op: string, data: object = {}): Promise<T> {
    const socket = this.#socket;
    if (!socket || socket.readyState !== WebSocket.OPEN) {
      return Promise.reject(new Error("not connected to the sandbox"));
    }
    const id = this.#next++;
    return new Promise<T>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        reject(new Error("the sandbox did not answer"));
      }, ANSWER_TIMEOUT_MS);
      this.#waiting.set(id, { resolve: resolve as (value: unknown) => void, reject, timer });
      socket.send(JSON.stringify({ id, op, d: data }));
    });
  }

  #connect(): void {
    clearTimeout(this.#retryTimer);
    this.#set("connecting");
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    socket.onopen = () => {
      if (this.#socket !== socket) return;
      this.#retryMs = FIRST_RETRY_MS;
      this.#set("open");
    };
    socket.onmessage = (event) => {
      if (this.#socket === socket) this.#receive(JSON.parse(event.data as string));
    };
    socket.onclose = () => {
      if (this.#socket !== socket) return;
      this.#failAll("the connection to the sandbox was lost");
      this.#set("waiting");
      this.#retryTimer = setTimeout(() => this.#connect(), this.#retryMs);
      this.#retryMs = Math.min(this.#retryMs * 2, LAST_RETRY_MS);
    };
  }

  #receive(frame: Record<string, unknown>): void {
    if (typeof frame["t"] === "string") {
      this.onEvent(frame["t"], frame["d"]);
      return;
    }
    const waiting = this.#waiting.get(frame["re"] as number);
    if (!waiting) return;
    this.#waiting.delete(frame["re"] as number);
    clearTimeout(waiting.timer);
    if (frame["ok"]) {
      waiting.resolve(frame["d"]);
    } else {
      const error = frame["error"] as { code?: number | string; message?: string } | undefined;
      waiting.reject(new Refused(error?.code ?? 0, error?.message ?? "the sandbox refused"));
    }
  }

  #failAll(reason: string): void {
    for (const waiting of this.#waiting.values()) {
      clearTimeout(waiting.timer);
      waiting.reject(new Error(reason));
    }
    this.#waiting.clear();
  }

  #set(status: Status): void {
    if (this.status === status) return;
    this.status = status;
    this.onStatus(status);
  }
}
