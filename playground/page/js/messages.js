// The list of messages of the open chat: rows that live as long as their message stays the same.

import { byId, el, fill, icon } from "./dom.js";
import { messageRow } from "./bubble.js";
import { service } from "./service.js";
import { formatted } from "./text.js";

const GROUP_GAP = 10 * 60; // seconds after which the same sender starts a new group of bubbles
const PORTION = 80; // entries drawn at once
const EARLY = 600; // pixels from the top at which more of the past is drawn
const NEAR = 120; // pixels from the end that still count as "at the end"
const dayName = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const dayAndYear = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "long", year: "numeric" });

const list = () => byId("messages");
const scroller = () => byId("scroll");
let rows = new Map(); // key → {stamp, element}
let shown = null; // what was drawn last: {chat, messages, draft, draftEntities, context}
let limit = 0; // how many of the newest entries are drawn; more when the person scrolls up
let following = true; // the newest message stays in sight until the person scrolls up

/** Draws the newest messages (given oldest first) and, below them, the draft the bot is writing. */
export function showMessages(chat, messages, draft, draftEntities, context) {
  const fresh = shown?.chat !== chat;
  if (fresh) {
    rows = new Map();
    following = true;
    limit = PORTION;
  } else if (!following) {
    limit += Math.max(0, messages.length - shown.messages.length); // nothing vanishes above somebody who reads there
  }
  shown = { chat, messages, draft, draftEntities, context };
  draw(fresh);
  if (following) scrollToEnd(!fresh);
}

function draw(fresh) {
  const { messages, draft, draftEntities, context } = shown;
  reconcile([...withDays(groups(messages).slice(-limit), context), ...draftRow(draft, draftEntities, context)], fresh);
}

/** Draws more of the past above what stands there, which does not move.  False when there is no more. */
function drawEarlier() {
  if (!shown || shown.messages.length <= limit) return false;
  const fromEnd = scroller().scrollHeight - scroller().scrollTop;
  limit += PORTION;
  draw(true);
  scroller().scrollTop = scroller().scrollHeight - fromEnd;
  return true;
}

/** Neighbouring messages of one album become one entry. */
function groups(messages) {
  const result = [];
  for (const message of messages) {
    const before = result.at(-1);
    const together = message.media_group_id && before?.[0].media_group_id === message.media_group_id;
    if (together) before.push(message);
    else result.push([message]);
  }
  return result;
}

const sender = (message) => `${message.sender_chat?.id ?? message.from?.id}`;
const dayOf = (message) => new Date(message.date * 1000).toDateString();
const isService = (message) => service(message, { me: { id: 0 } }) !== null;

/** Adjacent entries of one sender within a few minutes stick together. */
function joined(one, two) {
  if (!one || !two || isService(one[0]) || isService(two[0])) return false;
  return (
    sender(one[0]) === sender(two[0]) && dayOf(one[0]) === dayOf(two[0]) && two[0].date - one.at(-1).date < GROUP_GAP
  );
}

function withDays(entries, context) {
  const result = [];
  entries.forEach((entry, index) => {
    const day = dayOf(entry[0]);
    if (!entries[index - 1] || dayOf(entries[index - 1][0]) !== day) {
      result.push({
        key: `day ${day}`,
        stamp: day,
        make: () => el("li", { class: "row service day" }, el("span", { class: "pill" }, dayWords(entry[0]))),
      });
    }
    const place = { first: !joined(entries[index - 1], entry), last: !joined(entry, entries[index + 1]) };
    const read = entry[0].from?.id === context.me.id && entry[0].message_id <= (context.readUpTo ?? 0);
    const stamp = JSON.stringify([entry, place, read, context.info.can_write]);
    result.push({ key: `m ${entry[0].message_id}`, stamp, make: () => messageRow(entry, place, context) });
  });
  return result;
}

function dayWords(message) {
  const day = new Date(message.date * 1000);
  const today = new Date();
  const midnight = new Date(today.getFullYear(), today.getMonth(), today.getDate());
  const ago = Math.round((midnight - new Date(day.getFullYear(), day.getMonth(), day.getDate())) / 86_400_000);
  if (ago === 0) return "Today";
  if (ago === 1) return "Yesterday";
  return day.getFullYear() === today.getFullYear() ? dayName.format(day) : dayAndYear.format(day);
}

function draftRow(draft, entities, context) {
  if (draft === null || draft === undefined) return [];
  const words = draft
    ? [formatted(draft, entities, context.act), el("span", { class: "caret" })]
    : el("span", { class: "thinking" }, "Thinking", el("i", {}, "…"));
  const make = () =>
    el(
      "li",
      { class: "row in first last draft", "aria-hidden": "true" },
      el("div", { class: "stack" }, el("div", { class: "bubble" }, el("div", { class: "words", dir: "auto" }, words))),
    );
  return [{ key: "draft", stamp: JSON.stringify([draft, entities]), make }];
}

/** Makes the list's children be `wanted`, keeping every element whose stamp did not change. */
function reconcile(wanted, quiet) {
  const kept = new Map();
  if (rows.size === 0) list().replaceChildren();
  let place = list().firstElementChild;
  for (const { key, stamp, make } of wanted) {
    const old = rows.get(key);
    let element = old?.element;
    if (!old || old.stamp !== stamp) {
      element = make();
      if (old) replaceRow(old.element, element);
      else if (!quiet) element.classList.add("arriving");
      if (old && place === old.element) place = element;
    }
    kept.set(key, { stamp, element });
    if (place === element) place = place.nextElementSibling;
    else list().insertBefore(element, place);
  }
  for (const [key, { element }] of rows) if (!kept.has(key)) element.remove();
  rows = kept;
}

/** Swaps a row without taking the keyboard focus away from a button in it. */
function replaceRow(old, element) {
  const key = old.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  old.replaceWith(element);
  if (key !== undefined)
    (element.querySelector(`[data-key="${CSS.escape(key)}"]`) ?? byId("write")).focus({ preventScroll: true });
}

const isAtEnd = () => scroller().scrollHeight - scroller().scrollTop - scroller().clientHeight < NEAR;

/** Shows the newest message, and goes on doing so. */
export function scrollToEnd(smooth = false) {
  following = true;
  scroller().scrollTo({ top: scroller().scrollHeight, behavior: smooth ? "smooth" : "instant" });
}

/** Shows one message and lets it glow for a moment. */
export function jumpTo(messageId) {
  const find = () => list().querySelector(`[data-id="${Number(messageId)}"]`);
  while (!find()) if (!drawEarlier()) return;
  following = false;
  const row = find();
  row.scrollIntoView({ block: "center", behavior: "smooth" });
  row.classList.add("glow");
  setTimeout(() => row.classList.remove("glow"), 1600);
}

/** Marks the day that lies over the messages of its day; css shows it only while the list moves. */
function markDays() {
  const top = scroller().getBoundingClientRect().top + 8;
  for (const day of list().querySelectorAll(".day"))
    day.classList.toggle("over", day.getBoundingClientRect().top <= top);
}

/** Follows the scrolling: who scrolls up stays there, who is at the end stays at the end when pictures load.  Called once. */
export function watchScroll() {
  let before = 0;
  let resting = 0;
  let touched = -Infinity; // when the person last moved the list; a held scroll bar counts until it is let go
  const jump = byId("jump");
  fill(jump, icon("down"));
  jump.addEventListener("click", () => scrollToEnd(true));
  const scrolled = () => {
    const top = scroller().scrollTop;
    if (isAtEnd()) following = true;
    else if (top < before - 1) {
      // Only a person scrolls up: a list that lost its oldest rows or a line of typing moves by itself.
      if (performance.now() - touched < 1000) following = false;
      else if (following) scrollToEnd();
    }
    before = top;
    jump.hidden = following;
    if (top < EARLY) drawEarlier();
    markDays();
    list().classList.add("moving");
    clearTimeout(resting);
    resting = setTimeout(() => list().classList.remove("moving"), 900);
  };
  const resized = () => {
    if (following) scrollToEnd();
    markDays();
  };
  scroller().addEventListener("scroll", scrolled, { passive: true });
  const touch = () => (touched = performance.now());
  for (const event of ["wheel", "touchmove"]) scroller().addEventListener(event, touch, { passive: true });
  scroller().addEventListener("pointerdown", () => (touched = Infinity));
  for (const event of ["pointerup", "pointercancel"]) addEventListener(event, () => touched === Infinity && touch());
  addEventListener("keydown", (event) => ["ArrowUp", "PageUp", "Home"].includes(event.key) && touch());
  new ResizeObserver(resized).observe(list());
  new ResizeObserver(resized).observe(scroller());
}
