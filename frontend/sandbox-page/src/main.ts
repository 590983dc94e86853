/** Starts the page. */

import "./views/live-time";
import { render } from "lit";
import { App } from "./app";
import { followMessages } from "./views/chat";
import { settleComposer } from "./views/composer";
import { settleMenu } from "./views/menus";
import { settleModal } from "./views/modal";
import { pageView } from "./views/page";
import { closeSelects, settleSelect } from "./views/select";
import { applyTheme } from "./views/theme";
import { animateSpectrum } from "./views/voice";

const root = document.getElementById("app")!;

function draw(): void {
  render(pageView(app), root);
  settleMenu();
  settleModal();
  settleComposer(app.composer);
  settleSelect();
  document.querySelector<HTMLElement>(".editor:not(:focus), .lightbox button:not(:focus)")?.focus();
  app.composer.afterDraw();
  followMessages(app);
  const { store } = app;
  const mentions = [...store.unread.values()].reduce((sum, one) => sum + one.mentions, 0);
  const mark = mentions ? `(${mentions}) ` : store.unread.size ? "• " : "";
  document.title = `${mark}${store.channel?.name ? `#${store.channel.name} · ` : ""}${store.guild?.name ?? "Seraphim"}`;
}

/** Typing anywhere writes into the message box, as in Discord. */
function typeAnywhere(event: KeyboardEvent): void {
  const target = event.target as HTMLElement;
  const busy = target.closest("input, textarea, select, [contenteditable], dialog, .menu, .lightbox");
  if (busy || event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1) return;
  if (event.key === " " && target.closest("button, a, summary, [role=button]")) return;
  const box = document.querySelector<HTMLTextAreaElement>('[data-composer="text"], [data-composer="tail"]');
  box?.focus();
}

applyTheme();
const app = new App(draw);
addEventListener("keydown", typeAnywhere);
addEventListener("focus", () => app.read());
document.addEventListener("visibilitychange", () => !document.hidden && app.read());
document.addEventListener("mousedown", (event) => {
  if (!(event.target as HTMLElement).closest(".select")) closeSelects();
});
animateSpectrum(app.hearing);

// For tests: what the page knows, and the sound itself.
Object.assign(window, {
  sandbox: {
    get state() {
      const { store } = app;
      return {
        status: store.status,
        me: store.me,
        guild: store.guild,
        channelId: store.channelId,
        channels: [...store.channels.values()],
        members: [...store.members.values()],
        voiceStates: [...store.voiceStates.values()],
        messages: store.histories.get(store.channelId)?.messages ?? [],
        pending: [...store.pending.values()],
        commands: store.commands,
        modal: store.modal,
      };
    },
    request: (op: string, data: object) => app.connection.request(op, data),
    audio: {
      get state() {
        return app.hearing.state;
      },
      get level() {
        return app.hearing.level;
      },
      get packets() {
        return app.hearing.stats.packets;
      },
      get decodedSamples() {
        return app.hearing.stats.samples;
      },
      get stats() {
        return { ...app.hearing.stats };
      },
      record: (seconds: number, from?: "decoded" | "played") => app.hearing.record(seconds, from),
    },
  },
});

draw();
void app.start();
