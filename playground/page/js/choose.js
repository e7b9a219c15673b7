// Choosing one of the person's chats, for sharing something into it.

import { avatar, el, nameOf } from "./dom.js";
import { dialog } from "./dialogs.js";

/** Shows the chats in which the person can write; resolves with the chosen one, or null. */
export function chooseChat(store) {
  const chats = store.chats.map(({ chat }) => chat).filter((chat) => chat.type !== "channel");
  return dialog("Choose a chat", (close) => [
    el("h2", {}, "Choose a chat"),
    el(
      "div",
      { class: "members" },
      chats.map((chat) =>
        el(
          "button",
          { type: "button", class: "member", onclick: () => close(chat) },
          avatar(chat.id, nameOf(chat), "tiny"),
          el("span", {}, nameOf(chat)),
        ),
      ),
      chats.length === 0 && el("p", { class: "hint" }, "There is no chat yet."),
    ),
    el(
      "div",
      { class: "sheet-buttons" },
      el("button", { type: "button", class: "flat", onclick: () => close(null) }, "Cancel"),
    ),
  ]);
}
