/** Everything that opens over the page at a place: member switcher, menus, profiles, pictures. */

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import type { App, Menu } from "../app";
import { emptyField } from "../composer/commands";
import { longDate } from "../format";
import { Permission } from "../protocol";
import type { Command, Message } from "../protocol";
import { hexColor } from "../store";
import { applicationIcon, avatar } from "./avatar";
import { icons } from "./icons";

const QUICK = ["👍", "❤️", "😂", "🎉", "🎵", "👀", "🔥", "✨", "🙏", "😮", "😢", "👎"];

export function menuView(app: App): TemplateResult | typeof nothing {
  const { menu } = app.screen;
  if (!menu) return nothing;
  const inside =
    menu.kind === "switch"
      ? switcher(app)
      : menu.kind === "user"
        ? profile(app, menu.userId!)
        : menu.kind === "react"
          ? reactions(app, menu.message!)
          : messageMenu(app, menu);
  return html`<div class="menu-shade" @click=${() => app.closeMenu()} @contextmenu=${(event: Event) => {
      event.preventDefault();
      app.closeMenu();
    }}></div>
    <div
      class="menu ${menu.kind}"
      role=${menu.kind === "user" ? "dialog" : "menu"}
      aria-label=${{ switch: "Switch member", user: "Profile", react: "Reactions", message: "Message", select: "" }[menu.kind]}
      .style=${`--x:${menu.x}px;--y:${menu.y}px`}
      @keydown=${(event: KeyboardEvent) => moveInMenu(app, event)}
    >
      ${inside}
    </div>`;
}

function moveInMenu(app: App, event: KeyboardEvent): void {
  if (event.key === "Escape") app.closeMenu();
  else if (event.key === "Tab") app.closeMenu();
  else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const items = [...document.querySelectorAll<HTMLElement>(".menu button, .menu a")];
    const at = items.indexOf(document.activeElement as HTMLElement);
    items[(at + (event.key === "ArrowDown" ? 1 : -1) + items.length) % items.length]?.focus();
  } else return;
  event.preventDefault();
  event.stopPropagation();
}

/** Puts a menu inside the window and its first entry into focus. Called after each drawing. */
export function settleMenu(): void {
  const menu = document.querySelector<HTMLElement>(".menu");
  if (!menu) return;
  const box = menu.getBoundingClientRect();
  const x = parseFloat(menu.style.getPropertyValue("--x"));
  const y = parseFloat(menu.style.getPropertyValue("--y"));
  const margin = 8;
  menu.style.left = `${Math.max(margin, Math.min(x, innerWidth - box.width - margin))}px`;
  menu.style.top = `${Math.max(margin, Math.min(y, innerHeight - box.height - margin))}px`;
  if (!menu.contains(document.activeElement)) menu.querySelector<HTMLElement>("button, a")?.focus();
}

function act(app: App, then: () => void): () => void {
  return () => {
    app.closeMenu();
    then();
  };
}

function switcher(app: App): TemplateResult {
  const { store } = app;
  const guild = store.directory.find((one) => one.id === store.guild?.id);
  const people = (guild?.members ?? []).filter((one) => !one.user.bot);
  return html`<p class="menu-title">Be somebody else</p>
    ${people.map((one) => {
      const name = one.nick ?? one.user.global_name ?? one.user.username;
      const roles = (store.members.get(one.user.id)?.roles ?? [])
        .map((id) => store.roles.get(id)?.name)
        .filter(Boolean);
      const owner = store.guild?.owner_id === one.user.id ? ["Owner"] : [];
      const mine = one.user.id === store.me?.id;
      return html`<div class="switch-row">
        <button role="menuitemradio" aria-checked=${mine ? "true" : "false"} data-become=${one.user.username} @click=${act(app, () => app.become(guild!.id, one.user.id))}>
          ${avatar(one.user, name, "small")}
          <span class="entry-text"><span>${name}</span><small>${[...owner, ...roles].join(", ") || "Member"}</small></span>
          <span class="tick">${mine ? icons.check : nothing}</span>
        </button>
        <a
          role="menuitem"
          class="icon-button"
          href="?as=${encodeURIComponent(one.user.username)}"
          target="_blank"
          aria-label="Open ${name} in another window"
          title="Open in another window"
          @click=${() => app.closeMenu()}
          >${icons.window}</a
        >
      </div>`;
    })}
    <p class="menu-note">Open a second window to be two people at once.</p>`;
}

function reactions(app: App, message: Message): TemplateResult {
  return html`<div class="quick">
    ${QUICK.map(
      (name) =>
        html`<button role="menuitem" aria-label="React with ${name}" @click=${act(app, () => {
          void app.ask("react", { channel_id: message.channel_id, message_id: message.id, emoji: name });
        })}>${name}</button>`,
    )}
  </div>`;
}

function apps(app: App, type: number, targetId: string): TemplateResult | typeof nothing {
  const commands = app.store.offered.filter((one) => one.type === type);
  if (!commands.length) return nothing;
  return html`<p class="menu-title">Apps</p>
    ${commands.map(
      (one: Command) =>
        html`<button role="menuitem" @click=${act(app, () => void app.contextMenu(one, targetId))}>
          ${applicationIcon(one.application, app.store)}<span>${one.name}</span>
        </button>`,
    )}`;
}

function messageMenu(app: App, menu: Menu): TemplateResult {
  const message = menu.message!;
  const { store, screen } = app;
  const mine = message.author.id === store.me?.id;
  const channel = store.channels.get(message.channel_id);
  const target = { channel_id: message.channel_id, message_id: message.id };
  const item = (face: unknown, text: string, then: () => void, extra = "") =>
    html`<button role="menuitem" class=${extra} @click=${act(app, then)}>${face}<span>${text}</span></button>`;
  return html`${item(icons.reply, "Reply", () => {
    screen.replyTo = message;
    app.composer.focus();
  })}
  ${mine
    ? item(icons.slash, "Edit message", () => {
        screen.editing = message.id;
        app.refresh();
      })
    : nothing}
  ${channel && channel.type === 0 && !message.thread && app.store.may(channel, Permission.createThreads)
    ? item(icons.thread, "Create thread", () => {
        const name = message.content.slice(0, 60) || "New thread";
        void app.createThread(message.channel_id, name, message.id);
      })
    : nothing}
  ${item(icons.link, "Copy message id", () => void navigator.clipboard?.writeText(message.id))}
  ${apps(app, 3, message.id)}
  ${channel && (mine || app.store.may(channel, Permission.manageMessages))
    ? item(icons.close, "Delete message", () => void app.ask("delete_message", target), "danger")
    : nothing}`;
}

/** Discord's epoch: a snowflake's upper bits are milliseconds since 2015 (API reference: Snowflakes). */
function created(id: string): Date {
  return new Date(Number(BigInt(id) >> 22n) + 1_420_070_400_000);
}

function profile(app: App, userId: string): TemplateResult {
  const { store } = app;
  const member = store.members.get(userId);
  const user = member?.user;
  if (!user) return html`<p class="menu-note">Not a member of this server.</p>`;
  const name = store.displayName(user);
  const roles = member.roles
    .map((id) => store.roles.get(id))
    .filter((one) => one !== undefined)
    .sort((a, b) => b.position - a.position);
  const person = store.directory.some((guild) => guild.members.some((one) => one.user.id === userId));
  const mention = () => {
    app.composer.typed(`${app.composer.text}@${name} `);
    app.composer.focus();
  };
  return html`<div class="profile-head">${avatar(user, name, "large")}</div>
    <strong class="profile-name">${name}${user.bot ? html`<span class="badge">APP</span>` : nothing}</strong>
    <small>${user.username} • since ${longDate(created(user.id))}</small>
    ${roles.length
      ? html`<div class="profile-roles">
          ${roles.map((one) => html`<span class="role ${one.color ? "tinted" : ""}" .style=${one.color ? `--tint:${hexColor(one.color)}` : ""}>${one.name}</span>`)}
        </div>`
      : nothing}
    <button @click=${act(app, mention)}>${icons.reply}<span>Mention</span></button>
    ${person && !user.bot && userId !== store.me?.id
      ? html`<button @click=${act(app, () => app.become(store.guild!.id, userId))}>${icons.people}<span>Be ${name}</span></button>`
      : nothing}
    ${user.bot ? botCommands(app, userId) : nothing} ${apps(app, 2, userId)}`;
}

function botCommands(app: App, userId: string): TemplateResult | typeof nothing {
  const all = app.store.offered.filter(
    (one) => one.type === 1 && (one.application?.bot?.id ?? one.application_id) === userId,
  );
  const plain = all.filter((one) => !(one.options ?? []).some((option) => option.type <= 2)).slice(0, 6);
  if (!plain.length) return nothing;
  return html`<p class="menu-title">Try</p>
    <div class="profile-roles">
      ${plain.map(
        (command) =>
          html`<button
            class="role"
            @click=${act(app, () => {
              app.composer.choose({
                command,
                path: [],
                name: command.name,
                description: command.description,
                options: command.options ?? [],
              });
              app.composer.fields = app.composer.fields.map((one) => emptyField(one.option));
            })}
          >/${command.name}</button>`,
      )}
    </div>`;
}

/** A picture over the whole window. */
export function pictureView(app: App): TemplateResult | typeof nothing {
  const { image } = app.screen;
  if (!image) return nothing;
  const close = () => {
    app.screen.image = undefined;
    app.refresh();
  };
  return html`<div class="lightbox" role="dialog" aria-modal="true" aria-label=${image.text || "Picture"} @click=${close} @keydown=${(event: KeyboardEvent) => event.key === "Escape" && close()}>
    <img src=${image.url} alt=${image.text} />
    <button class="icon-button" aria-label="Close" autofocus>${icons.close}</button>
  </div>`;
}

export function toasts(app: App): TemplateResult {
  return html`<div class="toasts" role="status" aria-live="polite">
    ${app.screen.toasts.map((one) => html`<div class="toast ${one.tone}">${one.text}</div>`)}
  </div>`;
}
