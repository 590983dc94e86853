/** Pictures of people and applications; drawn ones where somebody has no picture. */

import { html } from "lit";
import type { TemplateResult } from "lit";
import { avatarUrl } from "../format";
import type { Application, User } from "../protocol";
import type { Store } from "../store";
import { halo } from "./icons";

/** A calm hue of its own for every id. */
function hue(id: string): number {
  return Number((BigInt(/^\d+$/.test(id) ? id : "0") * 137n) % 360n);
}

export function avatar(user: User | undefined, name: string, extra = ""): TemplateResult {
  const url = user && avatarUrl(user);
  if (url) return html`<img class="avatar ${extra}" src=${url} alt="" loading="lazy" draggable="false" />`;
  if (user?.bot) return html`<span class="avatar drawn app ${extra}" aria-hidden="true">${halo}</span>`;
  return html`<span class="avatar drawn ${extra}" .style=${`--hue:${hue(user?.id ?? "0")}`} aria-hidden="true"
    >${name.slice(0, 1).toUpperCase()}</span
  >`;
}

export function applicationIcon(application: Application | undefined, store: Store): TemplateResult {
  const known = application?.bot ?? store.members.get(application?.id ?? "")?.user;
  const bot = known ?? { id: application?.id ?? "0", username: "", bot: true };
  return avatar(bot, application?.name ?? "?", "small");
}
