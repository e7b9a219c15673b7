// The popup a Mini App asks for: a title, a message and up to three buttons.

import { el } from "../dom.js";
import { dialog } from "../dialogs.js";

const WORDS = { ok: "OK", close: "Close", cancel: "Cancel" };
const LIMITS = { title: 64, message: 256, buttons: 3 };

/** Shows it and resolves with the id of the pressed button, or null when it was dismissed. */
export function popup({ title, message, buttons }) {
  const offered = (Array.isArray(buttons) && buttons.length ? buttons : [{ type: "close", id: "" }]).slice(
    0,
    LIMITS.buttons,
  );
  const heading = String(title ?? "").slice(0, LIMITS.title);
  return dialog(heading || "Message", (close) => [
    heading && el("h2", {}, heading),
    el("p", {}, String(message ?? "").slice(0, LIMITS.message)),
    el(
      "div",
      { class: "sheet-buttons" },
      offered.map((button, index) =>
        el(
          "button",
          {
            type: "button",
            class: `flat ${button.type === "destructive" ? "danger" : ""}`,
            autofocus: index === 0,
            onclick: () => close(String(button.id ?? "")),
          },
          WORDS[button.type] ?? button.text ?? "OK",
        ),
      ),
    ),
  ]);
}
