// The line above the messages: who this chat is with, what they are doing, and what can be done with the chat.

import { avatar, byId, el, icon, iconButton, nameOf, renew } from "./dom.js";
import { jumpTo } from "./messages.js";
import { summary } from "./bubble.js";
import { ask, complain, dialog, menu } from "./dialogs.js";
import { chooseMember, memberList, mover } from "./members.js";

const ACTIONS = {
  typing: "typing",
  upload_photo: "sending a photo",
  record_video: "recording a video",
  upload_video: "sending a video",
  record_voice: "recording a voice message",
  upload_voice: "sending a voice message",
  upload_document: "sending a file",
  choose_sticker: "choosing a sticker",
  find_location: "looking for a place",
  record_video_note: "recording a video",
  upload_video_note: "sending a video",
};

/** Draws the head of the open chat. */
export function showHeader(store, back) {
  const box = byId("head");
  const { info, typing, action } = store.open;
  const { chat } = info;
  const status = typing
    ? el(
        "span",
        { class: "typing" },
        `${ACTIONS[action] ?? "typing"}`,
        el("i", { class: "dots", "aria-hidden": "true" }),
      )
    : statusOf(info);
  const focused = document.activeElement?.closest?.("#head button")?.getAttribute("aria-label");
  const facts = [chat, info.blocked, info.member_count, info.status, typing && action, typing];
  const drawn = renew(box, facts, () => [
    iconButton("back", "Back to the chats", back, { class: "round only-narrow" }),
    el(
      "button",
      { type: "button", class: "head-title", "aria-label": `About ${nameOf(chat)}`, onclick: () => about(store) },
      avatar(chat.id, nameOf(chat), "small"),
      el(
        "span",
        { class: "head-words" },
        el("b", { dir: "auto" }, nameOf(chat)),
        el("small", { "aria-live": "polite" }, status),
      ),
    ),
    iconButton("dots", "Chat menu", (event) => chatMenu(event.currentTarget, store)),
  ]);
  if (drawn && focused) box.querySelector(`[aria-label="${CSS.escape(focused)}"]`)?.focus();
}

/** The line of the newest pinned message, if there is one; pressing it shows the message. */
export function showPinned(info) {
  const { pinned } = info;
  renew(
    byId("pinned"),
    pinned,
    () =>
      pinned &&
      el(
        "button",
        { type: "button", class: "pin-bar", onclick: () => jumpTo(pinned.message_id) },
        icon("clip"),
        el("span", {}, el("b", {}, "Pinned message"), el("i", { dir: "auto" }, summary(pinned))),
      ),
  );
}

function statusOf(info) {
  if (info.kind === "bot") return info.blocked ? "blocked" : "bot";
  if (info.kind === "channel") return `${info.member_count} subscriber${info.member_count === 1 ? "" : "s"}`;
  return `${info.member_count} member${info.member_count === 1 ? "" : "s"}`;
}

function chatMenu(at, store) {
  const { info, peer } = store.open;
  const does = (deed) =>
    store.person
      .does(peer, deed)
      .then(() => store.refresh())
      .catch(complain);
  menu(at, [
    { label: "About", icon: "user", act: () => about(store) },
    info.status &&
      info.status !== "left" && {
        label: "Add a member…",
        icon: "plus",
        act: () => chooseMember(info).then((user) => user && mover(store)(user, "member")),
      },
    {
      label: "Clear history",
      icon: "trash",
      act: async () =>
        (await ask("Clear history", `Delete all messages with ${nameOf(info.chat)} on your side?`, "Clear", {
          dangerous: true,
        })) && does("clear"),
    },
    info.status &&
      info.status !== "left" && {
        label: info.kind === "channel" ? "Leave channel" : "Leave group",
        icon: "back",
        danger: true,
        act: () => mover(store)(store.person.user, "left"),
      },
    info.kind === "bot" &&
      (info.blocked
        ? { label: "Unblock bot", icon: "block", act: () => does("unblock") }
        : { label: "Stop and block bot", icon: "block", danger: true, act: () => does("block") }),
  ]);
}

/** What Telegram shows on a profile: name, @name, what it is for, who made it. */
function about(store) {
  const { info } = store.open;
  const { chat, profile } = info;
  const lines = [
    chat.username && ["Username", `@${chat.username}`],
    profile?.short_description && ["About", profile.short_description],
    !profile?.short_description && info.description && ["About", info.description],
    profile?.manager && ["Managed by", `${nameOf(profile.manager)} (@${profile.manager.username})`],
    ["Id", String(chat.id)],
  ].filter(Boolean);
  return dialog(`About ${nameOf(chat)}`, (close) => [
    el(
      "div",
      { class: "profile" },
      avatar(chat.id, nameOf(chat), "large"),
      el("h2", { dir: "auto" }, nameOf(chat)),
      el("p", { class: "hint" }, statusOf(info)),
    ),
    info.members && memberList(info, store.person.user, (user, status) => (close(null), mover(store)(user, status))),
    el(
      "dl",
      {},
      lines.map(([label, value]) => [el("dt", {}, label), el("dd", { dir: "auto" }, value)]),
    ),
    el(
      "div",
      { class: "sheet-buttons" },
      el("button", { type: "button", class: "flat", autofocus: true, onclick: () => close(null) }, "Close"),
    ),
  ]);
}
