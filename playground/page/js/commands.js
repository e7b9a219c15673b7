// The list of a bot's commands over the writing field: opened by the menu button or by typing "/".

import { el, fill } from "./dom.js";

/** Makes the list for this writing field; `choose(command)` sends one. */
export function commandList(text, choose) {
  const element = el("ul", {
    class: "commands",
    role: "listbox",
    id: "commands",
    "aria-label": "Commands",
    hidden: true,
  });
  let all = [];
  let shown = [];
  let active = 0;
  let opened = false; // by the menu button, whatever is typed

  text.setAttribute("role", "combobox");
  text.setAttribute("aria-controls", "commands");
  text.setAttribute("aria-expanded", "false");
  text.setAttribute("aria-autocomplete", "list");

  const draw = () => {
    element.hidden = shown.length === 0;
    text.setAttribute("aria-expanded", String(!element.hidden));
    fill(
      element,
      shown.map((one, index) =>
        el(
          "li",
          {
            role: "option",
            id: `command-${index}`,
            "aria-selected": String(index === active),
            class: index === active ? "active" : "",
            onclick: () => pick(index),
          },
          el("b", {}, `/${one.command}${one.bot ? `@${one.bot}` : ""}`),
          el("span", {}, one.description),
        ),
      ),
    );
    if (element.hidden) text.removeAttribute("aria-activedescendant");
    else text.setAttribute("aria-activedescendant", `command-${active}`);
    element.children[active]?.scrollIntoView({ block: "nearest" });
  };

  const pick = (index) => {
    const { command, bot } = shown[index];
    close();
    text.value = "";
    choose(bot ? `${command}@${bot}` : command);
    text.focus({ preventScroll: true });
  };

  const close = () => {
    opened = false;
    shown = [];
    draw();
  };

  /** Follows what is typed. */
  const filter = () => {
    const typed = /^\/(\w*)$/.exec(text.value);
    if (text.value) opened = false;
    const wanted = typed ? all.filter((one) => one.command.startsWith(typed[1].toLowerCase())) : opened ? all : [];
    if (JSON.stringify(wanted) === JSON.stringify(shown)) return;
    shown = wanted;
    active = 0;
    draw();
  };

  const toggle = () => {
    if (element.hidden) {
      opened = true;
      shown = all;
      active = 0;
      draw();
    } else close();
    text.focus({ preventScroll: true });
  };

  /** Keys of the writing field while the list is open; true when one was used. */
  const key = (event) => {
    if (element.hidden) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      active = (active + step + shown.length) % shown.length;
      draw();
    } else if (event.key === "Enter" || event.key === "Tab") pick(active);
    else if (event.key === "Escape") close();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };

  document.addEventListener("pointerdown", (event) => {
    const inside =
      element.contains(event.target) || event.target.closest?.(".menu-button, [aria-label='Commands'], #write");
    if (!inside && !element.hidden) close();
  });
  return { element, filter, toggle, key, set: (commands) => (all = commands ?? []) };
}
