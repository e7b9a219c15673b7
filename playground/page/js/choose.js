// Choosing from a list: one of the person's chats, or people and bots, by mouse, by search and by keyboard.

import { avatar, el, fill, iconButton, nameOf } from "./dom.js";
import { complain, dialog } from "./dialogs.js";

const SEARCH_PAUSE = 150; // milliseconds of rest before the playground is asked

/**
 * Shows the peers (users or chats) and resolves with the chosen ones, or null.  `most` above 1 lets several be chosen,
 * `search(words)` finds peers beyond them, `note` stands above the list, `empty` in a list that never had anybody, and
 * `make` {label, act} offers to make one: act() resolves with the new peer or null.
 */
export function choose(title, peers, wishes = {}) {
  return dialog(title, (close) => new Picker(title, peers, wishes, close).parts(), { kind: "picker" });
}

class Picker {
  #chosen = new Map(); // id → peer
  #shown = []; // the peers in the list, as they stand there
  #active = 0; // the one that Enter takes
  #found = { words: "", peers: [] }; // what the last search answered
  #timer = 0;

  constructor(title, peers, { most = 1, yes = "Choose", note = "", empty = "", search, make }, close) {
    Object.assign(this, { title, peers, most, yes, note, empty, search, make, close });
    this.list = el("ul", { id: "choices", role: "listbox", "aria-label": title, "aria-multiselectable": most > 1 });
    this.field = el("input", {
      type: "search",
      role: "combobox",
      placeholder: "Search",
      "aria-label": `Search: ${title}`,
      "aria-controls": "choices",
      "aria-expanded": "true",
      autocomplete: "off",
      spellcheck: "false",
      autofocus: true,
    });
    const all = () => close([...this.#chosen.values()]);
    this.done = el("button", { type: "button", class: "filled", onclick: all });
    this.list.addEventListener("pointermove", (event) => this.#follow(event));
    this.field.addEventListener("input", () => this.#typed());
    this.field.addEventListener("keydown", (event) => this.#key(event));
    this.#draw();
  }

  /** What stands in the dialog. */
  parts() {
    const making = async () => {
      const made = await this.make.act();
      if (made) this.close([made]);
    };
    const head = [el("h2", {}, this.title), iconButton("close", "Close", () => this.close(null))];
    const buttons = [
      this.make && el("button", { type: "button", class: "flat", onclick: making }, this.make.label),
      this.most > 1 && this.done,
    ].filter(Boolean);
    return [
      el("div", { class: "picker-head" }, head),
      this.note && el("p", { class: "hint picker-note" }, this.note),
      this.field,
      this.list,
      buttons.length > 0 && el("div", { class: "sheet-buttons" }, buttons),
    ];
  }

  #take(peer) {
    if (this.most === 1) return this.close([peer]);
    if (!this.#chosen.delete(peer.id) && this.#chosen.size < this.most) this.#chosen.set(peer.id, peer);
    return this.#draw();
  }

  #draw() {
    const words = plain(this.field.value);
    const own = this.peers.filter((peer) => plain(`${nameOf(peer)} @${peer.username ?? ""}`).includes(words));
    const known = new Set(own.map((peer) => peer.id));
    const found = words && this.#found.words === words ? this.#found.peers : [];
    const others = found.filter((peer) => !known.has(peer.id));
    this.#shown = [...own, ...others];
    this.#active = Math.min(this.#active, Math.max(0, this.#shown.length - 1));
    const items = this.#shown.map((peer, index) => this.#item(peer, index));
    if (others.length) items.splice(own.length, 0, el("li", { class: "list-head", role: "presentation" }, "More"));
    if (!items.length) {
      const nothing = words ? `Nothing found for “${this.field.value.trim()}”.` : this.empty;
      items.push(el("li", { class: "list-empty", role: "presentation" }, nothing));
    }
    fill(this.list, items);
    const count = this.#chosen.size;
    this.done.textContent = count ? `${this.yes} (${count})` : this.yes;
    this.done.disabled = count === 0;
    this.#mark();
  }

  #item(peer, index) {
    const chosen = this.#chosen.has(peer.id);
    const options = { index, many: this.most > 1, chosen, shut: !chosen && this.#chosen.size >= this.most };
    return item(peer, options, () => {
      this.#active = index;
      this.#take(peer);
    });
  }

  /** Shows which one Enter would take. */
  #mark() {
    [...this.list.querySelectorAll(".choice")].forEach((choice, index) => {
      choice.classList.toggle("active", index === this.#active);
      if (this.most === 1) choice.setAttribute("aria-selected", String(index === this.#active));
      if (index === this.#active) choice.scrollIntoView({ block: "nearest" });
    });
    if (this.#shown.length) this.field.setAttribute("aria-activedescendant", `choice-${this.#active}`);
    else this.field.removeAttribute("aria-activedescendant");
  }

  /** The mouse moves the mark as the arrow keys do; a list that moves under a resting mouse does not. */
  #follow({ target, movementX, movementY }) {
    const index = [...this.list.querySelectorAll(".choice")].indexOf(target.closest(".choice"));
    if (index < 0 || index === this.#active || !(movementX || movementY)) return;
    this.#active = index;
    this.#mark();
  }

  #typed() {
    this.#active = 0;
    this.#draw();
    clearTimeout(this.#timer);
    const words = plain(this.field.value);
    if (!this.search || !words) return;
    this.#timer = setTimeout(async () => {
      this.#found = { words, peers: await this.search(words).catch((error) => (complain(error), [])) };
      this.#draw();
    }, SEARCH_PAUSE);
  }

  #key(event) {
    const count = this.#shown.length;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!count || (!step && event.key !== "Enter")) return;
    event.preventDefault();
    if (!step) return this.#take(this.#shown[this.#active]);
    this.#active = (this.#active + step + count) % count;
    return this.#mark();
  }
}

const plain = (words) => words.trim().toLowerCase();

function item(peer, { index, many, chosen, shut }, onclick) {
  return el(
    "li",
    {
      role: "option",
      id: `choice-${index}`,
      class: `choice ${chosen ? "chosen" : ""}`,
      "aria-selected": String(chosen),
      "aria-disabled": shut ? "true" : null,
      onclick,
      onpointerdown: (event) => event.preventDefault(), // the search field keeps the focus
    },
    avatar(peer.id, nameOf(peer), "small"),
    el("span", { class: "choice-words" }, el("b", { dir: "auto" }, nameOf(peer)), el("small", {}, detailOf(peer))),
    many && el("span", { class: "choice-box", "aria-hidden": "true" }),
  );
}

const KINDS = { group: "group", supergroup: "group", channel: "channel" };

/** What tells peers of one name apart. */
function detailOf(peer) {
  const kind = peer.is_bot ? "bot" : KINDS[peer.type];
  return [peer.username && `@${peer.username}`, kind].filter(Boolean).join(" · ");
}

/** Lets the person choose a chat to write in, also one they never opened; resolves with it, or null. */
export async function chooseChat(store, title = "Choose a chat", fits = () => true) {
  const own = store.chats.filter(({ chat, can_write }) => can_write && fits(chat)).map(({ chat }) => chat);
  const search = async (words) => (await store.person.search(words)).peers.filter((peer) => peer.is_bot && fits(peer));
  const chosen = await choose(title, own, { search, empty: "There is no chat yet. Search for a bot by its @name." });
  return chosen?.[0] ?? null;
}
