// The window a Mini App lives in: head with close, back and menu, the frame, and the buttons at the foot.

import { el, iconButton } from "../dom.js";
import { menu } from "../dialogs.js";

const SANDBOX =
  "allow-scripts allow-same-origin allow-popups allow-forms allow-modals allow-popups-to-escape-sandbox allow-storage-access-by-user-activation";
const ALLOW = "camera; microphone; geolocation; clipboard-write; autoplay; fullscreen; payment";
const COLOUR = /^#[0-9a-f]{6}$/i;

/** Whether white or black words are readable on this colour. */
const inkOn = (colour) => {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  return red * 0.299 + green * 0.587 + blue * 0.114 > 150 ? "#000000" : "#ffffff";
};

export class AppWindow {
  constructor({ title, url, onclose, onback, onsettings, onmain, onsecondary, onreload, onresize }) {
    this.expanded = false;
    this.fullscreen = false;
    this.hasSettings = false;
    this.onresize = onresize;
    this.frame = el("iframe", {
      class: "app-frame",
      title,
      sandbox: SANDBOX,
      allow: ALLOW,
      src: url,
      referrerpolicy: "no-referrer",
    });
    this.loader = el("div", { class: "app-loader", "aria-hidden": "true" }, el("i"));
    this.leftButton = iconButton("close", "Close app", onclose);
    this.back = iconButton("back", "Back", onback, { hidden: true });
    this.head = el(
      "header",
      { class: "app-head" },
      this.back,
      this.leftButton,
      el("span", { class: "head-words" }, el("b", { dir: "auto" }, title), el("small", {}, "mini app")),
      iconButton("dots", "App menu", (event) => this.#menu(event.currentTarget, { onsettings, onreload })),
    );
    this.main = footButton("main", onmain);
    this.secondary = footButton("secondary", onsecondary);
    this.foot = el("footer", { class: "app-foot", hidden: true }, this.secondary, this.main);
    this.element = el(
      "dialog",
      { class: "app", "aria-label": title },
      this.head,
      el("div", { class: "app-body" }, this.frame, this.loader),
      this.foot,
    );
    this.element.addEventListener("cancel", (event) => {
      event.preventDefault(); // Escape is a wish, which the app may want confirmed
      onclose();
    });
    this.frame.addEventListener("load", () => this.ready());
    this.watch = new ResizeObserver(() => onresize(true));
    document.body.append(this.element);
    this.element.showModal();
    this.watch.observe(this.frame);
  }

  #menu(at, { onsettings, onreload }) {
    menu(at, [
      this.hasSettings && { label: "Settings", icon: "gear", act: onsettings },
      !this.expanded && { label: "Expand", icon: "expand", act: () => this.expand() },
      this.fullscreen && { label: "Leave full screen", icon: "expand", act: () => this.setFullscreen(false) },
      { label: "Reload", icon: "reload", act: onreload },
    ]);
  }

  /** The size the app may draw in. */
  size() {
    return { width: this.frame.clientWidth, height: this.frame.clientHeight };
  }

  /** Shows the app instead of the loader. */
  ready() {
    this.loader.classList.add("done");
  }

  expand() {
    this.expanded = true;
    this.element.classList.add("expanded");
  }

  setFullscreen(on) {
    this.fullscreen = on;
    this.element.classList.toggle("fullscreen", on);
  }

  showBack(visible) {
    this.back.hidden = !visible;
    this.leftButton.hidden = false;
  }

  /** Paints one of "head", "body", "foot"; `colour` is #rrggbb or undefined for the theme's own. */
  paint(part, colour) {
    const name = { head: "--app-head", body: "--app-body", foot: "--app-foot" }[part];
    const valid = COLOUR.test(colour ?? "");
    if (valid) this.element.style.setProperty(name, colour);
    else this.element.style.removeProperty(name);
    if (part !== "head") return;
    if (valid) this.element.style.setProperty("--app-head-ink", inkOn(colour));
    else this.element.style.removeProperty("--app-head-ink");
  }

  /** Draws the main or the secondary button as the app wants it. */
  button(which, wish) {
    const button = this[which];
    button.hidden = !wish.is_visible;
    button.disabled = wish.is_active === false;
    button.classList.toggle("busy", Boolean(wish.is_progress_visible));
    button.classList.toggle("shine", Boolean(wish.has_shine_effect));
    if (wish.is_progress_visible) button.setAttribute("aria-busy", "true");
    else button.removeAttribute("aria-busy");
    button.firstElementChild.textContent = wish.text ?? "";
    paintButton(button, wish);
    if (which === "secondary")
      this.foot.dataset.position = ["left", "right", "top", "bottom"].includes(wish.position) ? wish.position : "left";
    this.foot.hidden = this.main.hidden && this.secondary.hidden;
  }

  reload() {
    this.loader.classList.remove("done");
    const { src } = this.frame;
    this.frame.src = "about:blank";
    this.frame.addEventListener("load", () => (this.frame.src = src), { once: true });
  }

  remove() {
    this.watch.disconnect();
    this.element.close();
    this.element.remove();
  }
}

function footButton(which, onclick) {
  return el(
    "button",
    { type: "button", class: `app-button ${which}`, hidden: true, onclick },
    el("span"),
    el("i", { class: "spinner", "aria-hidden": "true" }),
  );
}

function paintButton(button, { color, text_color: ink }) {
  if (COLOUR.test(color ?? "")) button.style.setProperty("--button", color);
  else button.style.removeProperty("--button");
  if (COLOUR.test(ink ?? "")) button.style.setProperty("--ink", ink);
  else button.style.removeProperty("--ink");
}
