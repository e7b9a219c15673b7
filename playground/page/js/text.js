// Turns a text with Bot API entities into nodes.  Offsets count UTF-16 units, as JavaScript strings do.

import { el, put } from "./dom.js";

const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);
const PLAIN_TAGS = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code" };

/**
 * The text as a fragment.  `act` says what taps do: act.command(text), act.mention(username), act.link(url, shown),
 * act.user(user), act.copy(text).
 */
export function formatted(text, entities, act) {
  const sorted = [...(entities ?? [])]
    .filter((entity) => entity.length > 0 && entity.offset >= 0 && entity.offset + entity.length <= text.length)
    .sort((one, two) => one.offset - two.offset || two.length - one.length);
  const fragment = document.createDocumentFragment();
  put(fragment, nodes(text, 0, text.length, sorted, act));
  return fragment;
}

/** The nodes of text[start:end]; `entities` are those inside, outer before inner. */
function nodes(text, start, end, entities, act) {
  const result = [];
  let at = start;
  for (let index = 0; index < entities.length;) {
    const entity = entities[index];
    const stop = Math.min(entity.offset + entity.length, end);
    if (entity.offset < at) at = entity.offset; // the line end a block swallowed is formatted itself
    if (entity.offset > at) result.push(text.slice(at, entity.offset));
    let next = index + 1;
    while (next < entities.length && entities[next].offset < stop) next += 1;
    const inside = nodes(text, entity.offset, stop, entities.slice(index + 1, next), act);
    result.push(wrapped(entity, text.slice(entity.offset, stop), inside, act));
    at = BLOCKS.has(entity.type) && text[stop] === "\n" ? stop + 1 : stop; // a block ends its line by itself
    index = next;
  }
  if (at < end) result.push(text.slice(at, end));
  return result;
}

/** One entity around its children. */
function wrapped(entity, words, inside, act) {
  const tag = PLAIN_TAGS[entity.type];
  if (entity.type === "code") return el("code", { title: "Copy", onclick: () => act.copy(words) }, inside);
  if (tag) return el(tag, {}, inside);
  switch (entity.type) {
    case "pre":
      return codeBlock(entity, words, inside, act);
    case "spoiler":
      return spoiler(inside);
    case "blockquote":
      return el("blockquote", {}, inside);
    case "expandable_blockquote":
      return expandable(inside);
    case "text_link":
      return link(entity.url, inside, () => act.link(entity.url, words));
    case "url":
      return link(/^[a-z][a-z0-9+.-]*:/i.test(words) ? words : `http://${words}`, inside, null, act, words);
    case "email":
      return link(`mailto:${words}`, inside);
    case "phone_number":
      return link(`tel:${words.replace(/[^+\d]/g, "")}`, inside);
    case "mention":
      return button(inside, () => act.mention(words));
    case "text_mention":
      return button(inside, () => act.user(entity.user));
    case "bot_command":
      return button(inside, () => act.command(words));
    case "hashtag":
    case "cashtag":
      return el("span", { class: "tag" }, inside);
    default:
      return el("span", {}, inside); // custom_emoji and kinds newer than this page show their own text
  }
}

function link(url, inside, onclick, act, words) {
  const press = onclick ?? (act ? () => act.link(url, words) : null);
  const listener = press
    ? (event) => {
        event.preventDefault();
        press();
      }
    : null;
  const safe = /^(https?|mailto|tel|tg):/i.test(url) ? url : null; // never javascript: and the like
  return el(
    "a",
    {
      href: safe ?? "#",
      rel: "noopener noreferrer",
      target: "_blank",
      onclick: safe ? listener : (event) => event.preventDefault(),
    },
    inside,
  );
}

const button = (inside, onclick) => el("button", { type: "button", class: "inline-link", onclick }, inside);

function codeBlock(entity, words, inside, act) {
  const copy = el("button", { type: "button", class: "copy", onclick: () => act.copy(words) }, "Copy");
  return el(
    "div",
    { class: "code-block" },
    el("div", { class: "code-head" }, entity.language ?? "code", copy),
    el("pre", {}, inside),
  );
}

function spoiler(inside) {
  const hidden = el(
    "span",
    { class: "spoiler", role: "button", tabindex: "0", "aria-label": "Hidden text, press to show" },
    el("span", {}, inside),
  );
  const show = (event) => {
    if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    hidden.classList.add("shown");
    hidden.removeAttribute("role");
    hidden.removeAttribute("aria-label");
  };
  hidden.addEventListener("click", show, { once: true });
  hidden.addEventListener("keydown", show);
  return hidden;
}

function expandable(inside) {
  const quote = el("blockquote", { class: "folded", tabindex: "0", title: "Show all" }, inside);
  quote.addEventListener("click", () => quote.classList.toggle("folded"));
  quote.addEventListener("keydown", (event) => event.key === "Enter" && quote.classList.toggle("folded"));
  return quote;
}

/** True for a text of one to three emoji and nothing else: it is shown large. */
export function onlyEmoji(text) {
  if (!text || text.length > 40 || !/^[\p{Extended_Pictographic}\p{Emoji_Component}\u200d\ufe0f]+$/u.test(text))
    return false;
  if (/^[\d#*]+$/.test(text)) return false;
  return [...new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(text)].length <= 3;
}
