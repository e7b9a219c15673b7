// The form in which a person makes the bot another bot asked for: name and username editable, errors shown in place.

import { Refused } from "./api.js";
import { el } from "./dom.js";
import { dialog } from "./dialogs.js";

/**
 * Shows the form; `suggested` is {name, username, manager}.  `confirm(name, username)` makes the bot and may raise
 * `Refused`, whose sentence is shown.  Resolves with the made bot, or null when the person cancelled.
 */
export function managedBotForm(suggested, confirm) {
  return dialog("Create bot", (close) => form(suggested, confirm, close), { kind: "managed" });
}

/** The words of a refusal without the code that Telegram's clients get and people never see. */
const sentence = (words) => words.replace(/^[A-Z_]+: (.)/, (whole, first) => first.toUpperCase());

function form(suggested, confirm, close) {
  const name = el("input", {
    id: "bot-name",
    value: suggested.name ?? "",
    maxlength: "64",
    required: true,
    autocomplete: "off",
    autofocus: true,
  });
  const username = el("input", {
    id: "bot-username",
    value: suggested.username ?? "",
    maxlength: "32",
    required: true,
    autocomplete: "off",
    spellcheck: "false",
    autocapitalize: "off",
  });
  const fault = el("p", { class: "fault", role: "alert" });
  const create = el("button", { type: "submit", class: "filled" }, "Create");
  const link = el("span", { class: "hint" });
  const showLink = () =>
    (link.textContent = username.value
      ? `The link will be t.me/${username.value}`
      : "Letters, digits and _, ending in “bot”.");
  username.addEventListener("input", showLink);
  showLink();
  const submit = async (event) => {
    event.preventDefault();
    fault.textContent = "";
    create.disabled = true;
    try {
      close((await confirm(name.value.trim(), username.value.trim().replace(/^@/, ""))).bot);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      fault.textContent = sentence(error.message);
      (/name is|name must be 1|NAME_INVALID/i.test(error.message) && !/username/i.test(error.message)
        ? name
        : username
      ).focus();
    } finally {
      create.disabled = false;
    }
  };
  const manager = suggested.manager;
  return el(
    "form",
    { onsubmit: submit, novalidate: true },
    el("h2", {}, "Create bot"),
    el(
      "p",
      { class: "hint" },
      manager
        ? `@${manager.username ?? manager} will manage the new bot. It belongs to you.`
        : "The new bot belongs to you.",
    ),
    el("label", { class: "field", for: "bot-name" }, el("span", {}, "Name"), name),
    el(
      "label",
      { class: "field", for: "bot-username" },
      el("span", {}, "Username"),
      el("span", { class: "prefixed" }, el("i", { "aria-hidden": "true" }, "@"), username),
    ),
    link,
    fault,
    el(
      "div",
      { class: "sheet-buttons" },
      el("button", { type: "button", class: "flat", onclick: () => close(null) }, "Cancel"),
      create,
    ),
  );
}
