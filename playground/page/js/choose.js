// Choosing from a list: one of the person's chats, or people and bots, by mouse, by search and by keyboard.

import { avatar, el, fill, iconButton, nameOf } from "./dom.js";
import { complain, dialog } from "./dialogs.js";

const SEARCH_PAUSE = 150; // milliseconds of rest before the playground is asked

/**
 * Shows the peers (users or chats) and resolves with the chosen ones, or null.  `most` above 1 lets several be chosen,
 * `search(words)` finds peers beyond them, `note` stands above the list, `empty` in a list that never had anybody, and
 * `make` {label, act} offers to make one: act() resolves with the new peer or null.
 */
export function choose(title, peers, { most = 1, yes = "Choose", note = "", empty = "", search, make } = {}) {
  return dialog(title, (close) => picker(title, peers, { most, yes, note, empty, search, make }, close), {
    kind: "picker",
  });
}

function picker(title, peers, { most, yes, note, empty, search, make }, close) {
  const chosen = new Map(); // id → peer
  const list = el("ul", { id: "choices", role: "listbox", "aria-label": title, "aria-multiselectable": most > 1 });
  const field = el("input", {
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
  const done = el("button", { type: "button", class: "filled", onclick: () => close([...chosen.values()]) });
  let shown = [];
  let active = 0;
  let found = { words: "", peers: [] };

  const take = (peer) => {
    if (most === 1) return close([peer]);
    if (!chosen.delete(peer.id) && chosen.size < most) chosen.set(peer.id, peer);
    return draw();
  };

  const draw = () => {
    const words = plain(field.value);
    const own = peers.filter((peer) => plain(`${nameOf(peer)} @${peer.username ?? ""}`).includes(words));
    const known = new Set(own.map((peer) => peer.id));
    const others = words && found.words === words ? found.peers.filter((peer) => !known.has(peer.id)) : [];
    shown = [...own, ...others];
    active = Math.min(active, Math.max(0, shown.length - 1));
    const full = most > 1 && chosen.size >= most;
    const items = shown.map((peer, index) =>
      item(peer, {
        index,
        active: index === active,
        many: most > 1,
        chosen: chosen.has(peer.id),
        full,
        onclick: () => ((active = index), take(peer)),
      }),
    );
    if (others.length) items.splice(own.length, 0, el("li", { class: "list-head", role: "presentation" }, "More"));
    if (!shown.length) {
      const nothing = words ? `Nothing found for “${field.value.trim()}”.` : empty;
      items.push(el("li", { class: "list-empty", role: "presentation" }, nothing));
    }
    fill(list, items);
    done.textContent = chosen.size ? `${yes} (${chosen.size})` : yes;
    done.disabled = chosen.size === 0;
    if (shown.length) field.setAttribute("aria-activedescendant", `choice-${active}`);
    else field.removeAttribute("aria-activedescendant");
    list.querySelector(".active")?.scrollIntoView({ block: "nearest" });
  };

  let timer = 0;
  field.addEventListener("input", () => {
    active = 0;
    draw();
    clearTimeout(timer);
    const words = plain(field.value);
    if (!search || !words) return;
    timer = setTimeout(async () => {
      const answer = await search(words).catch((error) => (complain(error), []));
      found = { words, peers: answer };
      draw();
    }, SEARCH_PAUSE);
  });
  field.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && shown.length) active = (active + step + shown.length) % shown.length;
    else if (event.key === "Enter" && shown.length) take(shown[active]);
    else return;
    event.preventDefault();
    if (step) draw();
  });
  draw();
  return [
    el(
      "div",
      { class: "picker-head" },
      el("h2", {}, title),
      iconButton("close", "Close", () => close(null)),
    ),
    note && el("p", { class: "hint picker-note" }, note),
    field,
    list,
    (most > 1 || make) &&
      el(
        "div",
        { class: "sheet-buttons" },
        make && el("button", { type: "button", class: "flat", onclick: () => making(make, close) }, make.label),
        most > 1 && done,
      ),
  ];
}

const plain = (words) => words.trim().toLowerCase();

async function making(make, close) {
  const made = await make.act();
  if (made) close([made]);
}

function item(peer, { index, active, many, chosen, full, onclick }) {
  const shut = full && !chosen;
  return el(
    "li",
    {
      role: "option",
      id: `choice-${index}`,
      class: `choice ${active ? "active" : ""} ${chosen ? "chosen" : ""}`,
      "aria-selected": String(many ? chosen : active),
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
