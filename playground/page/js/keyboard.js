// Buttons: the inline keyboard under a message and the reply keyboard under the writing field.

import { el, icon } from "./dom.js";

const SIGNS = {
  url: "external",
  web_app: "app",
  copy_text: "copy",
  switch_inline_query: "reply",
  switch_inline_query_current_chat: "reply",
  switch_inline_query_chosen_chat: "reply",
  login_url: "external",
};
const KEY_SIGNS = {
  request_contact: "phone",
  request_location: "pin",
  web_app: "app",
  request_managed_bot: "bot",
  request_poll: "poll",
  request_users: "user",
  request_chat: "user",
};

/** The inline keyboard of a message, or null.  `press(row, column)` resolves when the bot has answered. */
export function inlineKeyboard(message, press) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows?.length) return null;
  return el(
    "div",
    { class: "inline-keys" },
    rows.map((row, rowIndex) =>
      el(
        "div",
        { class: "key-row" },
        row.map((button, column) => inlineKey(button, () => press(rowIndex, column), `${rowIndex}.${column}`)),
      ),
    ),
  );
}

function inlineKey(button, press, key) {
  const sign = Object.keys(SIGNS).find((kind) => button[kind] !== undefined);
  const element = el(
    "button",
    { type: "button", class: `key ${styleOf(button)}`, data: { key }, disabled: button.disabled },
    el("span", {}, button.text),
    sign && icon(SIGNS[sign]),
  );
  element.addEventListener("click", async () => {
    if (element.classList.contains("waiting")) return;
    element.classList.add("waiting");
    element.setAttribute("aria-busy", "true");
    try {
      await press();
    } finally {
      element.classList.remove("waiting");
      element.removeAttribute("aria-busy");
    }
  });
  return element;
}

const styleOf = (button) => (["primary", "danger", "success"].includes(button.style) ? `style-${button.style}` : "");

/** The reply keyboard as a panel; `press(button)` gets the pressed button as the bot sent it. */
export function replyKeyboard(markup, press) {
  const rows = markup?.keyboard ?? [];
  return el(
    "div",
    { class: `reply-keys ${markup?.resize_keyboard ? "" : "tall"}`, role: "group", "aria-label": "Reply keyboard" },
    rows.map((row) =>
      el(
        "div",
        { class: "key-row" },
        row.map((raw) => replyKey(typeof raw === "string" ? { text: raw } : raw, press)),
      ),
    ),
  );
}

function replyKey(button, press) {
  const sign = Object.keys(KEY_SIGNS).find((kind) => button[kind] !== undefined);
  return el(
    "button",
    { type: "button", class: `key ${styleOf(button)}`, onclick: () => press(button) },
    el("span", {}, button.text),
    sign && icon(KEY_SIGNS[sign]),
  );
}
