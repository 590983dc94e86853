/** Drawn symbols; all 24 x 24 in the colour of the text. */

import { svg, html } from "lit";
import type { TemplateResult } from "lit";

const icon = (body: TemplateResult): TemplateResult =>
  html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${body}</svg>`;

export const icons = {
  hash: icon(svg`<path d="M9.5 3 7.5 21M16.5 3l-2 18M4 8.5h17M3 15.5h17"/>`),
  voice: icon(svg`<path d="M11 5 6.5 9H3v6h3.5L11 19zM15.5 9a4 4 0 0 1 0 6M18.5 6a8 8 0 0 1 0 12"/>`),
  voiceOff: icon(svg`<path d="M11 5 6.5 9H3v6h3.5L11 19zM16 9.5l5 5M21 9.5l-5 5"/>`),
  category: icon(svg`<path d="m6 9 6 6 6-6"/>`),
  thread: icon(svg`<path d="M5 4v9a4 4 0 0 0 4 4h9M14 13l4 4-4 4M9 7h9M9 11h5"/>`),
  forum: icon(svg`<path d="M4 5h16v11H10l-4 4v-4H4zM8 9h8M8 12h5"/>`),
  people: icon(svg`<circle cx="9" cy="8" r="3.4"/><path d="M3 19c.6-3.6 3-5.4 6-5.4s5.4 1.8 6 5.4M16 5a3.3 3.3 0 0 1 0 6.2M18 14.3c1.7.8 2.7 2.4 3 4.7"/>`),
  menu: icon(svg`<path d="M4 7h16M4 12h16M4 17h16"/>`),
  close: icon(svg`<path d="m6 6 12 12M18 6 6 18"/>`),
  leave: icon(svg`<path d="M10 4H6a1 1 0 0 0-1 1v14a1 1 0 0 0 1 1h4M15 8l4 4-4 4M19 12h-9"/>`),
  reply: icon(svg`<path d="M10 6 4 12l6 6M4 12h9a7 7 0 0 1 7 7"/>`),
  more: icon(svg`<path d="M5 12h.01M12 12h.01M19 12h.01" stroke-width="3.5"/>`),
  smile: icon(svg`<circle cx="12" cy="12" r="9"/><path d="M8 14.5c2 2.7 6 2.7 8 0M9 9.5h.01M15 9.5h.01"/>`),
  send: icon(svg`<path d="M4 12 20 4l-5 16-3.5-6.5z"/>`),
  slash: icon(svg`<rect x="3" y="3" width="18" height="18" rx="5"/><path d="m14 7.5-4 9"/>`),
  moon: icon(svg`<path d="M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z"/>`),
  sun: icon(svg`<circle cx="12" cy="12" r="4"/><path d="M12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6 19 19M5 19l1.4-1.4M17.6 6.4 19 5"/>`),
  eye: icon(svg`<path d="M2 12c3-5 6.5-7 10-7s7 2 10 7c-3 5-6.5 7-10 7s-7-2-10-7z"/><circle cx="12" cy="12" r="3"/>`),
  check: icon(svg`<path d="m5 12.5 4.5 4.5L19 7.5"/>`),
  link: icon(svg`<path d="M14 4h6v6M20 4l-9 9M18 14v5a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1h5"/>`),
  file: icon(svg`<path d="M6 3h8l5 5v12a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM14 3v5h5"/>`),
  warn: icon(svg`<path d="M12 4 2.5 20h19zM12 10v4M12 17h.01"/>`),
  window: icon(svg`<rect x="3" y="5" width="18" height="14" rx="2"/><path d="M3 9h18"/>`),
  clip: icon(svg`<path d="M12 5v14M5 12h14"/>`),
  pin: icon(svg`<path d="M9 3h6l-1 7 3 3H7l3-3zM12 13v8"/>`),
};

/** The sign of the place: a halo over two wings. */
export const halo = html`<svg class="halo" viewBox="0 0 32 32" aria-hidden="true">
  <ellipse class="ring" cx="16" cy="8" rx="7.5" ry="2.8" />
  <path class="wings" d="M14.8 27.5c-6-.6-11-5.5-12-13.5 2.6 2.8 5.3 4 8 4.6 2.6.6 4 2.8 4 5.7zM17.2 27.5c6-.6 11-5.5 12-13.5-2.6 2.8-5.3 4-8 4.6-2.6.6-4 2.8-4 5.7z" />
</svg>`;
