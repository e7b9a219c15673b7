// Opens a Mini App and carries messages between it and the page (the web client's protocol: JSON strings by postMessage).
// Only the frame's own window, at the very origin it was opened with, is heard; everything else is dropped.

import { currentTheme, onTheme, themeParams } from "../theme.js";
import { ask } from "../dialogs.js";
import { nameOf } from "../dom.js";
import { answers } from "./events.js";
import { AppWindow } from "./window.js";

let open = null; // one app at a time, as in Telegram

/** Opens the app behind the menu button or another button of the open chat; `follow(url)` opens Telegram links. */
export async function openApp(store, source, { follow }) {
  open?.close();
  const { person, open: chat } = store;
  const launch = await person.does(chat.peer, "open_app", { ...source, theme_params: themeParams() });
  const url = new URL(launch.url);
  if (url.origin === location.origin) throw new Error("A Mini App cannot live on the playground's own address.");
  open = new MiniApp({ store, person, bot: chat.info.chat, launch, origin: url.origin, follow });
  return open;
}

/** A running app: its window, what it asked for, and the way to tell it something. */
export class MiniApp {
  #stopTheme;
  #listener = (event) => this.#hear(event);
  #leaving = () => this.#endQuery(true); // the tab is being closed

  constructor({ store, person, bot, launch, origin, follow }) {
    Object.assign(this, { store, person, bot, launch, origin, follow });
    this.confirmClose = false;
    this.colours = {}; // what the app wished for its head, body and foot
    this.log = []; // what the app did that nothing on this page shows, such as haptic feedback
    this.closed = false;
    this.canReload = false;
    this.alive = false; // true once the app has spoken: before that nobody listens
    this.window = new AppWindow({
      title: nameOf(bot),
      url: launch.url,
      onclose: () => this.leave(),
      onback: () => this.tell("back_button_pressed"),
      onsettings: () => this.tell("settings_button_pressed"),
      onmain: () => this.tell("main_button_pressed"),
      onsecondary: () => this.tell("secondary_button_pressed"),
      onreload: () => this.reload(),
      onresize: (stable) => this.tellViewport(stable),
    });
    addEventListener("message", this.#listener);
    addEventListener("pagehide", this.#leaving);
    this.#stopTheme = onTheme(() => {
      for (const [part, wish] of Object.entries(this.colours)) this.paint(part, wish);
      this.tell("theme_changed", { theme_params: themeParams() });
    });
    this.window.element.dataset.theme = currentTheme();
  }

  #hear(event) {
    if (event.source !== this.window.frame.contentWindow) return;
    this.alive = event.origin === this.origin;
    if (!this.alive) {
      this.note("refused", { origin: event.origin });
      return;
    }
    const message = parsed(event.data);
    if (!message) return;
    const answer = answers[message.type];
    if (answer)
      Promise.resolve(answer(this, message.data)).catch((error) =>
        this.note("failed", { type: message.type, error: error.message }),
      );
    else this.note("unknown", { type: message.type });
  }

  /** Sends an event to the app. */
  tell(eventType, eventData = {}) {
    if (this.closed || !this.alive) return;
    this.window.frame.contentWindow?.postMessage(JSON.stringify({ eventType, eventData }), this.origin);
  }

  tellViewport(stable = true) {
    const { width, height } = this.window.size();
    this.tell("viewport_changed", { width, height, is_state_stable: stable, is_expanded: this.window.expanded });
  }

  /** Paints a part in a colour as apps name it: #rrggbb, or one of the theme's, which changes with the theme. */
  paint(part, wish) {
    this.colours[part] = wish;
    const named = String(wish.color_key ?? "").endsWith("bg_color") ? themeParams()[wish.color_key] : undefined;
    this.window.paint(part, wish.color ?? named);
  }

  /** Keeps what happened where a person at the console, or a test, can look it up. */
  note(kind, data) {
    this.log.push({ kind, ...data });
    console.debug("mini app:", kind, data);
  }

  /** Asks the playground for something on the app's behalf. */
  does(deed, body) {
    return this.person.does(this.bot.id, `mini_app/${deed}`, body);
  }

  /** Asks the app to load itself anew, where it said it can; loads the frame anew otherwise. */
  reload() {
    const ask = this.alive && this.canReload;
    if (ask) this.tell("reload_iframe");
    this.alive = false;
    if (!ask) this.window.reload();
  }

  /** What pressing the cross does: asks first when the app wanted that. */
  async leave() {
    const sure =
      !this.confirmClose ||
      (await ask("Close this app?", "Changes that you made may not be saved.", "Close", { dangerous: true }));
    if (sure) this.close();
  }

  /** Ends the app. */
  close() {
    if (this.closed) return;
    this.closed = true;
    removeEventListener("message", this.#listener);
    removeEventListener("pagehide", this.#leaving);
    this.#stopTheme();
    this.window.remove();
    if (open === this) open = null;
    this.#endQuery();
    this.store.refresh().catch(() => {});
  }

  /** From now on the bot has a minute to answer the app's query. */
  #endQuery(keepalive = false) {
    const { query_id } = this.launch;
    if (query_id) this.person.does(this.bot.id, "mini_app/close", { query_id }, { keepalive }).catch(() => {});
  }
}

/** {type, data} of a message in the protocol's shape, or null. */
function parsed(text) {
  if (typeof text !== "string") return null;
  try {
    const { eventType, eventData } = JSON.parse(text);
    return typeof eventType === "string"
      ? { type: eventType, data: eventData && typeof eventData === "object" ? eventData : {} }
      : null;
  } catch {
    return null;
  }
}
