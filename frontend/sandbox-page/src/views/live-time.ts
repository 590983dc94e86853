/** <live-time iso="..."> says how far away a moment is and keeps that true. */

import { fromNow } from "../format";

class LiveTime extends HTMLElement {
  static observedAttributes = ["iso"];
  #timer = 0;

  connectedCallback(): void {
    this.#show();
  }

  disconnectedCallback(): void {
    clearTimeout(this.#timer);
  }

  attributeChangedCallback(): void {
    if (this.isConnected) this.#show();
  }

  #show(): void {
    clearTimeout(this.#timer);
    const when = new Date(this.getAttribute("iso") ?? "");
    this.textContent = fromNow(when);
    const away = Math.abs(when.getTime() - Date.now());
    // Seconds change every second, hours need no such hurry.
    this.#timer = setTimeout(() => this.#show(), away < 90_000 ? 1_000 : 30_000);
  }
}

customElements.define("live-time", LiveTime);
