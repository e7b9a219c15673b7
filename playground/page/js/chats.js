// The left column: search, the person's chats, and what the search found.

import { get } from "./api.js";
import { avatar, byId, el, nameOf, renew } from "./dom.js";
import { complain } from "./dialogs.js";
import { service } from "./service.js";
import { summary } from "./bubble.js";

const SUGGESTED = 3; // bots shown to somebody who has no chat yet
const SEARCH_PAUSE = 150; // milliseconds of rest before a search is sent
const clockTime = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const shortDay = new Intl.DateTimeFormat(undefined, { weekday: "short" });
const shortDate = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });

/** The address of a chat inside the page. */
export const addressOf = (chat) => `#${chat.username ? `@${chat.username}` : chat.id}`;

/** Draws the list and keeps it; call once.  `store` is followed, the search asks its person. */
export function chatList(store) {
  const list = byId("chats");
  const input = byId("search");
  let found = null; // peers, while a search stands
  let welcome = null; // a few bots to begin with, for somebody without chats
  let timer = 0;

  const draw = () => {
    const words = input.value.trim().replace(/^@/, "").toLowerCase();
    const own = words
      ? store.chats.filter(({ chat }) => `${nameOf(chat)} ${chat.username ?? ""}`.toLowerCase().includes(words))
      : store.chats;
    const known = new Set(own.map(({ chat }) => chat.id));
    const others = words ? (found ?? []).filter((peer) => !known.has(peer.id)) : [];
    const focused = document.activeElement?.closest?.("#chats a")?.getAttribute("href");
    if (!words && own.length === 0 && store.seen) suggest();
    const begin = words || own.length ? [] : (welcome ?? []);
    const drawn = renew(list, [words, own, others, begin, store.open?.peer, found === null], () => [
      own.map((entry) => chatItem(entry, store)),
      others.length > 0 && el("li", { class: "list-head", role: "presentation" }, "Global search"),
      others.map((peer) => peerItem(peer, store)),
      own.length + others.length === 0 &&
        el(
          "li",
          { class: "list-empty", role: "presentation" },
          words ? `Nothing found for “${input.value.trim()}”.` : "No chats yet. Search for a bot by its @name.",
        ),
      begin.length > 0 && el("li", { class: "list-head", role: "presentation" }, "Bots here"),
      begin.map((peer) => peerItem(peer, store)),
    ]);
    if (drawn && focused) list.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
    byId("clear-search").hidden = input.value === "";
  };

  const suggest = async () => {
    if (welcome) return;
    welcome = [];
    const { bots } = await get("/state").catch(() => ({ bots: [] }));
    welcome = bots.filter((bot) => !bot.manager_id).slice(0, SUGGESTED);
    draw();
  };

  const search = async () => {
    const words = input.value.trim();
    try {
      const peers = words ? (await store.person.search(words)).peers : null;
      if (words === input.value.trim()) found = peers;
    } catch (error) {
      complain(error);
    }
    draw();
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, SEARCH_PAUSE);
    draw();
  });
  const clear = () => {
    input.value = "";
    found = null;
    draw();
  };
  byId("clear-search").addEventListener("click", () => (clear(), input.focus()));
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") clear();
    if (event.key === "ArrowDown" || event.key === "Enter") {
      const first = list.querySelector("a");
      if (event.key === "Enter") first?.click();
      else first?.focus();
      event.preventDefault();
    }
  });
  list.addEventListener("click", (event) => event.target.closest("a") && input.value && clear());
  list.addEventListener("keydown", (event) => walk(event, list, input));
  store.on("chats", draw);
  store.on("open", draw);
  return { draw };
}

/** Arrow keys go through the list. */
function walk(event, list, input) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const links = [...list.querySelectorAll("a")];
  const next = links[links.indexOf(document.activeElement) + step];
  if (next) next.focus();
  else if (step < 0) input.focus();
}

function item(chat, store, first, second) {
  const open = store.open?.peer === chat.id;
  return el(
    "li",
    {},
    el(
      "a",
      { class: `chat ${open ? "open" : ""}`, href: addressOf(chat), "aria-current": open ? "true" : null },
      avatar(chat.id, nameOf(chat)),
      el(
        "span",
        { class: "chat-words" },
        el("span", { class: "chat-line" }, first),
        el("span", { class: "chat-line second" }, second),
      ),
    ),
  );
}

function chatItem({ chat, last, unread }, store) {
  const mine = last?.from?.id === store.person.id;
  const inGroup = chat.type !== undefined && chat.type !== "private" && chat.type !== "channel";
  const who =
    mine && last && !isAction(last)
      ? "You: "
      : inGroup && last?.from && !isAction(last)
        ? `${last.from.first_name}: `
        : "";
  return item(
    chat,
    store,
    [el("b", { dir: "auto" }, nameOf(chat)), last && el("time", {}, when(last.date))],
    [
      el(
        "span",
        { class: "chat-last", dir: "auto" },
        who && el("span", { class: "who" }, who),
        last ? summary(last, store.person.user) : "No messages yet",
      ),
      unread > 0 && el("span", { class: "unread", "aria-label": `${unread} unread` }, unread > 99 ? "99+" : unread),
    ],
  );
}

const isAction = (message) => service(message, { me: { id: 0 } }) !== null;

function peerItem(peer, store) {
  const kind = peer.is_bot ? "bot" : (peer.type ?? "");
  return item(
    peer,
    store,
    [el("b", { dir: "auto" }, nameOf(peer)), el("small", { class: "hint" }, kind)],
    [el("span", { class: "chat-last" }, peer.username ? `@${peer.username}` : "")],
  );
}

/** Today the hour, this week the day, else the date. */
function when(seconds) {
  const date = new Date(seconds * 1000);
  const days = (Date.now() - date) / 86_400_000;
  if (date.toDateString() === new Date().toDateString()) return clockTime.format(date);
  return days < 6 && days > 0 ? shortDay.format(date) : shortDate.format(date);
}
