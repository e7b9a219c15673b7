// Small tools for building the page.  Everything a person or a bot wrote goes through text nodes, never through markup.

/**
 * Makes one element: el("p", {class: "hint", onclick: press}, "words", child, [more children]).
 * `on…` become listeners, `data` becomes dataset, booleans become bare attributes, null and false vanish.
 */
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "data") Object.assign(element.dataset, value);
    else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  put(element, children);
  return element;
}

/** Appends children: nodes as they are, anything else as text; null and false are left out. */
export function put(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return element;
}

/** Empties an element and fills it anew. */
export function fill(element, ...children) {
  element.replaceChildren();
  return put(element, children);
}

const stamps = new WeakMap();

/** Fills an element by `make(facts)` only when the facts (JSON) differ from last time: what stays keeps focus and clicks. */
export function renew(element, facts, make) {
  const stamp = JSON.stringify(facts ?? null);
  if (stamps.get(element) === stamp) return false;
  stamps.set(element, stamp);
  fill(element, make(facts));
  return true;
}

/** The element with this id; the page's skeleton always has it. */
export const byId = (id) => document.getElementById(id);

// Icons are drawn as strokes on a 24 × 24 field; those in FILLED are shapes.
const PATHS = {
  search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM15.5 15.5 20 20",
  menu: "M4 7h16M4 12h16M4 17h16",
  back: "M20 12H5M11 5l-7 7 7 7",
  close: "M6 6l12 12M18 6 6 18",
  send: "M3.4 20.4 21.6 12 3.4 3.6 3.3 10l11.4 2-11.4 2z",
  attach: "m20 11-8.3 8.3a5 5 0 0 1-7.1-7.1l8.5-8.5a3.3 3.3 0 0 1 4.7 4.7l-8.4 8.4a1.7 1.7 0 0 1-2.4-2.4L14.6 7",
  keyboard: "M4 6h16v12H4zM8 10h.01M12 10h.01M16 10h.01M8 14h8",
  commands: "M5 4h14a1 1 0 0 1 1 1v14a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1ZM14 8l-4 8",
  down: "m6 9 6 6 6-6",
  check: "m5 13 4 4L19 7",
  checks: "m2 13 4 4L16 7M11.5 16.5l.5.5L22 7",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM12 7v5l3 2",
  moon: "M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5Z",
  sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.4M5.6 18.4 7 17M17 7l1.4-1.4",
  user: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4 20c1-4 4.5-5.5 8-5.5s7 1.5 8 5.5",
  plus: "M12 5v14M5 12h14",
  file: "M7 3h7l5 5v12a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1ZM14 3v5h5",
  image: "M5 5h14a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1ZM4 16l5-5 5 5 2-2 4 4M15.5 9.500h.01",
  pin: "M12 21s7-6.2 7-11.500a7 7 0 0 0-14 0C5 14.8 12 21 12 21ZM12 12a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z",
  clip: "M9 3h6l-1 7 4 4H6l4-4zM12 14v7",
  play: "M8 5.500v13l11-6.500z",
  pause: "M8 5.500h3v13H8zM14 5.500h3v13h-3z",
  reply: "M9 7 4 12l5 5M4 12h9a7 7 0 0 1 7 7",
  forward: "m15 7 5 5-5 5M20 12h-9a7 7 0 0 0-7 7",
  poll: "M6 20v-9M12 20V4M18 20v-6",
  music: "M9 18V5l11-2v13M9 18a3 3 0 1 1-3-3 3 3 0 0 1 3 3ZM20 16a3 3 0 1 1-3-3 3 3 0 0 1 3 3Z",
  mic: "M12 15a3.500 3.500 0 0 0 3.500-3.500v-5a3.500 3.500 0 0 0-7 0v5A3.500 3.500 0 0 0 12 15ZM5 11.500a7 7 0 0 0 14 0M12 18.500V21",
  edit: "M4 20l4-1L19 8l-3-3L5 16zM14 7l3 3",
  copy: "M9 9h10v11H9zM15 9V4H5v11h4",
  dots: "M12 5.500h.01M12 12h.01M12 18.500h.01",
  external: "M8 16 17 7M9.5 7H17v7.5",
  app: "M4 6h16v13H4zM4 10h16",
  phone: "M6 3h3l2 5-2.5 1.500a11 11 0 0 0 6 6L16 13l5 2v3a2 2 0 0 1-2 2A16 16 0 0 1 4 5a2 2 0 0 1 2-2Z",
  bot: "M6 9h12a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1v-8a1 1 0 0 1 1-1ZM12 9V5M12 5h.01M9 13.500h.01M15 13.500h.01",
  trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  block: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM5.7 5.700l12.6 12.6",
  reload: "M20 11a8 8 0 1 0-2.3 6.300M20 5v6h-6",
  gear: "M12 15.500a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.600l2.1 2.100M16.3 16.300l2.1 2.100M5.6 18.400l2.1-2.100M16.3 7.700l2.1-2.1",
  expand: "M8 4H4v4M16 4h4v4M8 20H4v-4M16 20h4v-4",
};
const FILLED = new Set(["send", "play", "pause"]);

/** An icon as an SVG element, hidden from screen readers: its button carries the words. */
export function icon(name) {
  const namespace = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(namespace, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("icon", ...(FILLED.has(name) ? ["solid"] : []));
  const path = document.createElementNS(namespace, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/** A round button with an icon and spoken words. */
export function iconButton(name, label, onclick, more = {}) {
  return el(
    "button",
    { type: "button", class: "round", "aria-label": label, title: label, onclick, ...more },
    icon(name),
  );
}

const COLOURS = 7; // the pairs of css/theme.css, as Telegram colours people by their id

/** The letters of a name in a coloured disc. */
export function avatar(id, name, size = "") {
  const letters = [
    ...String(name || "?")
      .trim()
      .split(/\s+/)
      .slice(0, 2),
  ]
    .map((word) => [...word][0] ?? "")
    .join("");
  return el(
    "span",
    { class: `avatar ${size} tint-${Math.abs(Number(id) || 0) % COLOURS}`, "aria-hidden": "true" },
    letters.toUpperCase() || "?",
  );
}

/** What to call a user or a chat. */
export function nameOf(peer) {
  if (!peer) return "";
  return peer.title ?? [peer.first_name, peer.last_name].filter(Boolean).join(" ") ?? "";
}

/** A file's size in words. */
export function sizeOf(bytes) {
  if (!bytes) return "";
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

/** Seconds as m:ss. */
export function lengthOf(seconds) {
  const whole = Math.max(0, Math.floor(seconds || 0));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
