// Everything that lies over the page for a moment: dialogs, alerts, toasts, menus, the large picture.

import { byId, el, icon, iconButton, put } from "./dom.js";

/**
 * Opens a modal dialog and resolves with what `close(value)` was given, or null when it was dismissed.
 * `build(close)` returns its children.
 */
export function dialog(title, build, { kind = "" } = {}) {
  return new Promise((resolve) => {
    let value = null;
    const box = el("dialog", { class: `sheet ${kind}`, "aria-label": title });
    const close = (answer) => {
      value = answer;
      box.close();
    };
    put(box, [el("div", { class: "sheet-body" }, build(close))]);
    box.addEventListener("click", (event) => event.target === box && box.close());
    box.addEventListener("close", () => {
      box.remove();
      resolve(value);
    });
    document.body.append(box);
    box.showModal();
  });
}

/** Says something and waits for OK. */
export function tell(title, text) {
  return dialog(title, (close) => [
    title && el("h2", {}, title),
    el("p", {}, text),
    el(
      "div",
      { class: "sheet-buttons" },
      el("button", { type: "button", class: "flat", autofocus: true, onclick: () => close(true) }, "OK"),
    ),
  ]);
}

/** Asks for a yes; resolves true or false. */
export async function ask(title, text, yes, { dangerous = false } = {}) {
  const answer = await dialog(title, (close) => [
    el("h2", {}, title),
    text && el("p", {}, text),
    el(
      "div",
      { class: "sheet-buttons" },
      el("button", { type: "button", class: "flat", onclick: () => close(false) }, "Cancel"),
      el(
        "button",
        { type: "button", class: `flat ${dangerous ? "danger" : ""}`, autofocus: true, onclick: () => close(true) },
        yes,
      ),
    ),
  ]);
  return answer === true;
}

/**
 * Asks for a few words; resolves with {name: value} or null.  `fields`: {name, label, value?, type?, required?, step?, prefix?}.
 */
export function askFor(title, fields, yes, note = "") {
  return dialog(title, (close) => {
    const inputs = fields.map((field) =>
      el("input", {
        name: field.name,
        type: field.type ?? "text",
        value: field.value ?? "",
        required: field.required ?? false,
        step: field.step,
        autocomplete: "off",
        id: `ask-${field.name}`,
      }),
    );
    const submit = (event) => {
      event.preventDefault();
      close(Object.fromEntries(inputs.map((input) => [input.name, input.value.trim()])));
    };
    return el(
      "form",
      { onsubmit: submit },
      el("h2", {}, title),
      note && el("p", { class: "hint" }, note),
      fields.map((field, index) =>
        el("label", { class: "field", for: `ask-${field.name}` }, el("span", {}, field.label), inputs[index]),
      ),
      el(
        "div",
        { class: "sheet-buttons" },
        el("button", { type: "button", class: "flat", onclick: () => close(null) }, "Cancel"),
        el("button", { type: "submit", class: "flat" }, yes),
      ),
    );
  });
}

let toastTimer = 0;

/** A short note at the lower edge that goes away by itself. */
export function toast(text) {
  const box = byId("toast");
  box.textContent = text;
  box.classList.remove("leaving");
  box.hidePopover(); // shown anew it lies above dialogs opened since
  box.showPopover();
  clearTimeout(toastTimer);
  toastTimer = setTimeout(
    () => {
      box.classList.add("leaving");
      toastTimer = setTimeout(() => box.hidePopover(), 250);
    },
    3000 + text.length * 30,
  );
}

/** Shows the sentence of an error. */
export const complain = (error) => toast(error.message ?? String(error));

/** The picture on its own, as large as the window allows. */
export function showPicture(source, caption) {
  return dialog(
    "Photo",
    (close) => [
      el("img", { src: source, alt: caption ?? "Photo", onclick: () => close(null) }),
      caption && el("p", {}, caption),
      iconButton("close", "Close photo", () => close(null)),
    ],
    { kind: "picture-view" },
  );
}

let openMenu = null;

/**
 * A menu at an element or a point: items are {label, icon, act, danger?, href?}, or {choices, shown(choice), current, act(choice)} for a
 * row of short ones.  Arrow keys move, Escape closes.
 */
export function menu(at, items) {
  openMenu?.();
  const back = document.activeElement;
  const list = el(
    "div",
    { class: "menu", role: "menu" },
    items.filter(Boolean).map((item) => menuItem(item, () => close())),
  );
  const close = () => {
    list.remove();
    document.removeEventListener("pointerdown", outside, true);
    openMenu = null;
    if (back instanceof HTMLElement && back.isConnected) back.focus({ preventScroll: true });
  };
  const outside = (event) => !list.contains(event.target) && close();
  list.addEventListener("keydown", (event) => {
    const all = [...list.querySelectorAll("[role=menuitem]")];
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (step) all[(all.indexOf(document.activeElement) + step + all.length) % all.length].focus();
    if (event.key === "Escape" || event.key === "Tab") close();
    if (step || event.key === "Escape") event.preventDefault();
    event.stopPropagation();
  });
  ([...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body).append(list);
  place(list, at);
  document.addEventListener("pointerdown", outside, true);
  openMenu = close;
  list.querySelector("[role=menuitem]")?.focus({ preventScroll: true });
}

function menuItem(item, close) {
  if (item.choices) {
    const button = (choice) =>
      el(
        "button",
        {
          type: "button",
          role: "menuitem",
          tabindex: "-1",
          class: choice === item.current ? "current" : "",
          onclick: () => (close(), item.act(choice)),
        },
        item.shown(choice),
      );
    return el("div", { class: "menu-choices" }, item.choices.map(button));
  }
  const inside = [
    item.icon && (typeof item.icon === "string" ? icon(item.icon) : item.icon),
    el("span", {}, item.label),
  ];
  const shape = {
    role: "menuitem",
    class: `menu-item ${item.danger ? "danger" : ""} ${item.current ? "current" : ""}`,
    tabindex: "-1",
  };
  if (item.href) return el("a", { ...shape, href: item.href }, inside);
  return el("button", { ...shape, type: "button", onclick: () => (close(), item.act()) }, inside);
}

/** Puts a menu where it was asked for, inside the window. */
function place(list, at) {
  const spot =
    at instanceof Element ? at.getBoundingClientRect() : { left: at.x, right: at.x, top: at.y, bottom: at.y };
  const { width, height } = list.getBoundingClientRect();
  const left = spot.left + width > innerWidth - 8 ? Math.max(8, spot.right - width) : spot.left;
  const below = spot.bottom + 4;
  const top = below + height > innerHeight - 8 ? Math.max(8, spot.top - height - 4) : below;
  list.style.setProperty("left", `${left}px`);
  list.style.setProperty("top", `${top}px`);
}
