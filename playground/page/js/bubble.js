// One message as a person knows it: who, what, when, and the buttons below.

import { avatar, el, icon, iconButton, nameOf } from "./dom.js";
import { inlineKeyboard } from "./keyboard.js";
import { media, picture } from "./media.js";
import { menu } from "./dialogs.js";
import { poll } from "./poll.js";
import { service } from "./service.js";
import { formatted, onlyEmoji } from "./text.js";

const clockTime = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const fullTime = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" });

/**
 * The row of a message, or of an album (several messages).  `context` gives me, info, file(id), act (taps on text),
 * press(message, row, column), vote(message, ids), reply(message), forward(messages), copy(text), jump(id), readUpTo, replied(id).
 */
export function messageRow(messages, { first, last }, context) {
  const message = messages[0];
  const words = service(message, context);
  if (words)
    return el("li", { class: "row service", data: { id: message.message_id } }, el("span", { class: "pill" }, words));
  const out = message.from?.id === context.me.id;
  const shared = context.info.kind === "group";
  const bubble = el(
    "div",
    { class: `bubble ${shapeOf(messages)}` },
    content(messages, { out, first, shared }, context),
  );
  const keys = inlineKeyboard(message, (row, column) => context.press(message, row, column));
  const row = el(
    "li",
    {
      class: `row ${out ? "out" : "in"} ${first ? "first" : ""} ${last ? "last" : ""} ${keys ? "keyed" : ""}`,
      data: { id: message.message_id },
    },
    shared &&
      !out &&
      el("span", { class: "aside" }, last && avatar(senderOf(message).id, nameOf(senderOf(message)), "tiny")),
    el("div", { class: "stack" }, bubble, keys),
    iconButton("dots", "Message menu", (event) => actions(event.currentTarget, messages, context), {
      class: "round more",
    }),
  );
  row.addEventListener("contextmenu", (event) => {
    if (event.target.closest("a, img, video")) return;
    event.preventDefault();
    actions({ x: event.clientX, y: event.clientY }, messages, context);
  });
  return row;
}

const senderOf = (message) => message.sender_chat ?? message.from ?? message.chat;

/** Class names that say what is inside, so that pictures reach the edges and emoji stand free. */
function shapeOf(messages) {
  const message = messages[0];
  const bare =
    message.sticker || message.dice || message.video_note || (onlyEmoji(message.text) && !message.entities?.length);
  const visual = message.photo || message.video || message.animation || message.location || message.venue;
  const captioned = messages.some((one) => one.caption);
  return [bare && !message.reply_to_message && "bare", visual && "visual", visual && !captioned && "uncaptioned"]
    .filter(Boolean)
    .join(" ");
}

function content(messages, { out, first, shared }, context) {
  const message = messages[0];
  const named = shared && !out && first;
  const text = message.text ?? messages.find((one) => one.caption)?.caption ?? "";
  const entities = message.entities ?? messages.find((one) => one.caption)?.caption_entities;
  const inner = messages.length > 1 ? album(messages, context) : media(message, context);
  const caption =
    text &&
    el(
      "div",
      { class: `words ${message.text && onlyEmoji(text) ? "big-emoji" : ""}`, dir: "auto" },
      formatted(text, entities, context.act),
      meta(message, out, context),
    );
  const above = message.show_caption_above_media ? [caption, inner] : [inner, caption];
  return [
    named && el("b", { class: `sender tint-${Math.abs(senderOf(message).id) % 7}` }, nameOf(senderOf(message))),
    forwarded(message, context),
    quoted(message, context),
    message.via_bot && el("small", { class: "via" }, `via @${message.via_bot.username}`),
    above,
    message.poll && poll(message, (ids) => context.vote(message, ids)),
    message.checklist && checklist(message.checklist),
    !text && !known(message) && el("div", { class: "words hint" }, "This kind of message cannot be shown here."),
    reactions(message, context),
    !caption && meta(message, out, context),
  ];
}

const REACTIONS = ["👍", "❤", "🔥", "🎉", "😁", "😢"];
const KNOWN = [
  "photo",
  "animation",
  "video",
  "video_note",
  "sticker",
  "voice",
  "audio",
  "document",
  "venue",
  "location",
  "contact",
  "dice",
  "poll",
  "checklist",
];
const known = (message) => KNOWN.some((kind) => message[kind]);

/** Time, "edited", and the ticks of what this person sent. */
function meta(message, out, context) {
  const sent = new Date(message.date * 1000);
  const read = message.message_id <= (context.readUpTo ?? 0);
  const ticks = out && el("span", { class: "ticks", title: read ? "Read" : "Sent" }, icon(read ? "checks" : "check"));
  return el(
    "span",
    { class: "meta", title: fullTime.format(sent) },
    message.edit_date && !message.edit_hide && el("i", {}, "edited"),
    el("time", { datetime: sent.toISOString() }, clockTime.format(sent)),
    ticks,
  );
}

/** Where a message is from; a bot, group or channel is one tap away. */
function forwarded(message, context) {
  const origin = message.forward_origin;
  if (!origin) return null;
  const who = origin.sender_user ?? origin.chat ?? origin.sender_chat;
  const name = who ? nameOf(who) : origin.sender_user_name;
  const reachable = who?.username && (who.is_bot || who.title);
  const shown = reachable
    ? el("button", { type: "button", onclick: () => context.act.user(who) }, name)
    : el("b", { dir: "auto" }, name);
  return el("small", { class: "forward" }, icon("forward"), el("span", {}, "Forwarded from ", shown));
}

function quoted(message, context) {
  const target = message.reply_to_message;
  if (!target) return null;
  const words = message.quote?.text ?? summary(target);
  return el(
    "button",
    {
      type: "button",
      class: `quote tint-${Math.abs(senderOf(target).id) % 7}`,
      onclick: () => context.jump(target.message_id),
    },
    el("b", {}, nameOf(senderOf(target))),
    el("span", {}, words),
  );
}

function checklist(list) {
  return el(
    "div",
    { class: "poll" },
    el("b", {}, list.title),
    list.tasks.map((task) =>
      el(
        "label",
        {},
        el("input", { type: "checkbox", disabled: true, checked: Boolean(task.completion_date) }),
        task.text,
      ),
    ),
  );
}

/** Pictures side by side: two per line, an odd first one alone. */
function album(messages, context) {
  const pictures = messages.every((one) => one.photo || one.video);
  const parts = messages.map((one) => (one.photo ? picture(one, context, pictures) : media(one, context)));
  return el("div", { class: pictures ? `album ${messages.length % 2 ? "odd" : ""}` : "pile" }, parts);
}

/** What can be done with a message. */
function actions(at, messages, context) {
  const message = messages[0];
  const text = message.text ?? message.caption;
  const own = message.from?.id === context.me.id && !message.via_bot;
  const mine = message.reactions?.find((one) => one.mine)?.emoji;
  menu(at, [
    context.info.can_write && {
      choices: REACTIONS,
      shown: coloured,
      current: mine,
      act: (emoji) => context.react(message, emoji === mine ? null : emoji),
    },
    context.info.can_write && { label: "Reply", icon: "reply", act: () => context.reply(message) },
    !message.has_protected_content && {
      label: "Forward",
      icon: "forward",
      act: () => context.forward(messages),
    },
    own && text && !message.forward_origin && { label: "Edit", icon: "edit", act: () => context.edit(message) },
    text && { label: "Copy text", icon: "copy", act: () => context.copy(text) },
    { label: `Copy id (${message.message_id})`, icon: "copy", act: () => context.copy(String(message.message_id)) },
    (own || context.info.kind === "bot") && {
      label: "Delete",
      icon: "trash",
      danger: true,
      act: () => context.remove(message),
    },
  ]);
}

/** An emoji that browsers would draw as a black sign, in colour. */
const coloured = (emoji) => (emoji === "❤" ? "❤\ufe0f" : emoji);

/** The reactions under a message; pressing one's own takes it back. */
function reactions(message, context) {
  if (!message.reactions?.length) return null;
  return el(
    "div",
    { class: "reactions" },
    message.reactions.map(({ emoji, count, mine }) =>
      el(
        "button",
        {
          type: "button",
          class: mine ? "mine" : "",
          "aria-label": `${emoji} ${count}`,
          "aria-pressed": String(Boolean(mine)),
          onclick: () => context.react(message, mine ? null : emoji),
        },
        coloured(emoji),
        el("small", {}, count),
      ),
    ),
  );
}

const SUMMARIES = {
  photo: "🖼 Photo",
  video: "🎬 Video",
  animation: "GIF",
  voice: "🎤 Voice message",
  audio: "🎵 Audio",
  video_note: "Video message",
  document: "📎 File",
  location: "📍 Location",
  venue: "📍 Place",
  contact: "👤 Contact",
  sticker: "Sticker",
  dice: "🎲",
  checklist: "Checklist",
};

/** A message in one line, for the chat list and for quotes. */
export function summary(message, me) {
  const words = service(message, { me: me ?? { id: 0 } });
  if (words) return words;
  if (message.text) return message.text;
  if (message.poll) return `📊 ${message.poll.question}`;
  const kind = Object.keys(SUMMARIES).find((name) => message[name]);
  const named = message.sticker?.emoji
    ? `${message.sticker.emoji} Sticker`
    : message.document?.file_name
      ? `📎 ${message.document.file_name}`
      : SUMMARIES[kind];
  if (message.caption) return `${(named ?? "").split(" ")[0]} ${message.caption}`;
  return named ?? "Message";
}
