/** The left side: guilds, channels, who is in voice, and the person one is. */

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import type { App } from "../app";
import { isThread, isVoice } from "../protocol";
import type { Channel } from "../protocol";
import { avatar } from "./avatar";
import { halo, icons } from "./icons";
import { toggleTheme } from "./theme";
import { voicePanel } from "./voice";

export function sidebar(app: App): TemplateResult {
  const { store } = app;
  return html`<nav class="sidebar" aria-label="Channels">
    <div class="side-head">
      <span class="side-mark">${halo}</span>
      <h2>${store.guild?.name ?? "Sandbox"}</h2>
      <button class="icon-button narrow-only" aria-label="Close channels" @click=${() => closeDrawer(app)}>${icons.close}</button>
    </div>
    ${store.directory.length > 1 ? guilds(app) : nothing}
    <div class="channel-list">${channelTree(app)}</div>
    ${voicePanel(app)} ${mePanel(app)}
  </nav>`;
}

export function closeDrawer(app: App): void {
  app.screen.drawer = undefined;
  app.refresh();
}

function guilds(app: App): TemplateResult {
  const { store } = app;
  return html`<label class="guild-picker">
    <span class="sr">Guild</span>
    <select
      @change=${(event: Event) => {
        const id = (event.target as HTMLSelectElement).value;
        const guild = store.directory.find((one) => one.id === id);
        const same = guild?.members.find((one) => one.user.id === store.me?.id);
        const member = same ?? guild?.members.find((one) => !one.user.bot);
        if (guild && member) app.become(guild.id, member.user.id);
      }}
    >
      ${store.directory.map(
        (one) => html`<option value=${one.id} ?selected=${one.id === store.guild?.id}>${one.name}</option>`,
      )}
    </select>
  </label>`;
}

const byPosition = (a: Channel, b: Channel): number =>
  Number(isVoice(a)) - Number(isVoice(b)) || (a.position ?? 0) - (b.position ?? 0);

function channelTree(app: App): TemplateResult {
  const all = [...app.store.channels.values()].filter((one) => !isThread(one));
  const categories = all.filter((one) => one.type === 4).sort(byPosition);
  const under = (parent: string | null) =>
    all
      .filter((one) => one.type !== 4 && (one.parent_id ?? null) === parent)
      .sort(byPosition)
      .map((one) => channelItem(app, one));
  return html`<ul>${under(null)}</ul>
    ${categories.map(
      (category) => html`<details open>
        <summary>${icons.category}<span>${category.name}</span></summary>
        <ul>${under(category.id)}</ul>
      </details>`,
    )}`;
}

function channelItem(app: App, channel: Channel): TemplateResult {
  const { store } = app;
  const unread = store.unread.get(channel.id);
  const current = store.channelId === channel.id;
  const voice = isVoice(channel);
  const people = voice ? store.inVoice(channel.id) : [];
  const sign = voice ? icons.voice : channel.type === 15 ? icons.forum : icons.hash;
  const joined = store.myVoiceChannel === channel.id;
  return html`<li>
    <button
      class="channel ${current ? "current" : ""} ${unread ? "unread" : ""} ${joined ? "joined" : ""}"
      aria-current=${current ? "page" : nothing}
      data-channel=${channel.id}
      @click=${() => app.openChannel(channel)}
    >
      ${sign}<span class="channel-name">${channel.name}</span>
      ${unread ? html`<span class="sr">, unread</span>` : nothing}
      ${unread?.mentions ? html`<span class="mentions">${unread.mentions}</span>` : nothing}
      ${voice && channel.user_limit ? html`<span class="limit">${people.length}/${channel.user_limit}</span>` : nothing}
      ${voice && !joined ? html`<span class="join" aria-hidden="true">Join</span>` : nothing}
    </button>
    ${people.length ? html`<ul class="in-voice">${people.map((one) => speaker(app, one.user_id))}</ul>` : nothing}
    ${store.threadsOf(channel.id).map(
      (thread) => html`<button
        class="channel thread ${store.channelId === thread.id ? "current" : ""} ${store.unread.has(thread.id) ? "unread" : ""}"
        data-channel=${thread.id}
        @click=${() => app.openChannel(thread)}
      >
        ${icons.thread}<span class="channel-name">${thread.name}</span>
      </button>`,
    )}
  </li>`;
}

function speaker(app: App, userId: string): TemplateResult {
  const { store } = app;
  const user = store.members.get(userId)?.user;
  const name = user ? store.displayName(user) : "Somebody";
  const state = store.voiceStates.get(userId);
  const speaking = app.hearing.speaking(userId);
  return html`<li>
    <button
      class="speaker ${speaking ? "speaking" : ""}"
      aria-label="${name}${speaking ? ", speaking" : ""}"
      data-voice-user=${userId}
      @click=${(event: Event) => app.openMenu(event, { kind: "user", userId })}
    >
      ${avatar(user, name, "small")}<span>${name}</span>
      ${state?.mute || state?.self_mute ? html`<span class="muted-sign" title="Muted">${icons.voiceOff}</span>` : nothing}
    </button>
  </li>`;
}

function mePanel(app: App): TemplateResult {
  const { me } = app.store;
  if (!me) return html``;
  const name = app.store.displayName(me);
  return html`<div class="me">
    <button
      class="me-face"
      aria-haspopup="menu"
      aria-label="You are ${name}. Switch to another member"
      @click=${(event: Event) => app.openMenu(event, { kind: "switch" })}
    >
      ${avatar(me, name, "medium")}
      <span class="me-names"><strong>${name}</strong><small>Switch member</small></span>
    </button>
    <button class="icon-button" aria-label="Light or dark" title="Light or dark" @click=${() => toggleTheme()}>
      <span class="when-dark">${icons.sun}</span><span class="when-light">${icons.moon}</span>
    </button>
  </div>`;
}

export function memberList(app: App): TemplateResult {
  const { store } = app;
  const hoisted = [...store.roles.values()].filter((one) => one.hoist).sort((a, b) => b.position - a.position);
  const left = new Set(store.members.keys());
  const groups = hoisted.map((role) => {
    const ids = [...left].filter((id) => store.members.get(id)?.roles.includes(role.id));
    for (const id of ids) left.delete(id);
    return { name: role.name, ids };
  });
  const bots = [...left].filter((id) => store.members.get(id)?.user.bot);
  for (const id of bots) left.delete(id);
  groups.push({ name: "Members", ids: [...left] }, { name: "Apps", ids: bots });
  return html`<aside class="members" aria-label="Members">
    <div class="side-head narrow-only">
      <h2>Members</h2>
      <button class="icon-button" aria-label="Close members" @click=${() => closeDrawer(app)}>${icons.close}</button>
    </div>
    ${groups
      .filter((group) => group.ids.length)
      .map(
        (group) => html`<h3>${group.name} — ${group.ids.length}</h3>
          <ul>${group.ids.map((id) => memberItem(app, id))}</ul>`,
      )}
  </aside>`;
}

function memberItem(app: App, id: string): TemplateResult {
  const { store } = app;
  const member = store.members.get(id)!;
  const name = store.displayName(member.user);
  const color = store.nameColor(id);
  const offline = store.presences.get(id) === "offline";
  const open = (event: Event) => app.openMenu(event, { kind: "user", userId: id });
  return html`<li>
    <button class="member ${offline ? "offline" : ""} ${app.hearing.speaking(id) ? "speaking" : ""}" @click=${open} @contextmenu=${open}>
      ${avatar(member.user, name, "medium")}
      <span class="member-name" .style=${color ? `--tint:${color}` : ""}>${name}</span>
      ${member.user.bot ? html`<span class="badge">APP</span>` : nothing}
      ${id === store.me?.id ? html`<span class="you">you</span>` : nothing}
    </button>
  </li>`;
}
