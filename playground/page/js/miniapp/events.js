// What the page answers to each event of a Mini App.  The names and shapes are Telegram's own.

import { ask, toast } from "../dialogs.js";
import { nameOf } from "../dom.js";
import { themeParams } from "../theme.js";
import { meaningOf } from "../links.js";
import { popup } from "./popup.js";
import { storageAnswers } from "./storage.js";
import { unsupported } from "./unsupported.js";

const LONGEST_DATA = 4096; // bytes of sendData
const nothing = () => {};

/** Event name → what to do; each gets the running app and the event's data. */
export const answers = {
  ...unsupported,
  ...storageAnswers,

  // — starting —
  iframe_ready: (app, data) => (app.canReload = Boolean(data.reload_supported)),
  iframe_will_reload: (app) => app.window.loader.classList.remove("done"),
  web_app_ready: (app) => app.window.ready(),
  web_app_expand: (app) => {
    app.window.expand();
    app.tellViewport();
  },
  web_app_request_theme: (app) => app.tell("theme_changed", { theme_params: themeParams() }),
  web_app_request_viewport: (app) => app.tellViewport(),
  web_app_request_safe_area: (app) => app.tell("safe_area_changed", { top: 0, bottom: 0, left: 0, right: 0 }),
  web_app_request_content_safe_area: (app) =>
    app.tell("content_safe_area_changed", { top: 0, bottom: 0, left: 0, right: 0 }),

  // — looks —
  web_app_set_header_color: (app, data) => app.paint("head", data),
  web_app_set_background_color: (app, data) => app.paint("body", data),
  web_app_set_bottom_bar_color: (app, data) => app.paint("foot", data),
  web_app_request_fullscreen: (app) => {
    if (app.window.fullscreen) return app.tell("fullscreen_failed", { error: "ALREADY_FULLSCREEN" });
    app.window.setFullscreen(true);
    return app.tell("fullscreen_changed", { is_fullscreen: true });
  },
  web_app_exit_fullscreen: (app) => {
    app.window.setFullscreen(false);
    app.tell("fullscreen_changed", { is_fullscreen: false });
  },
  web_app_toggle_orientation_lock: nothing,
  web_app_hide_keyboard: nothing,
  web_app_setup_swipe_behavior: nothing,

  // — buttons —
  web_app_setup_main_button: (app, data) => app.window.button("main", data),
  web_app_setup_secondary_button: (app, data) => app.window.button("secondary", data),
  web_app_setup_back_button: (app, data) => app.window.showBack(Boolean(data.is_visible)),
  web_app_setup_settings_button: (app, data) => (app.window.hasSettings = Boolean(data.is_visible)),
  web_app_setup_closing_behavior: (app, data) => (app.confirmClose = Boolean(data.need_confirmation)),
  web_app_open_popup: async (app, data) => {
    const pressed = await popup(data);
    app.tell("popup_closed", pressed === null ? {} : { button_id: pressed });
  },

  // — leaving —
  web_app_close: (app) => app.close(),
  web_app_data_send: sendData,
  web_app_open_link: (app, data) => openOutside(data.url),
  web_app_open_tg_link: async (app, data) => {
    const url = new URL(String(data.path_full ?? ""), "https://t.me").href;
    app.close();
    await app.follow(url);
  },
  web_app_switch_inline_query: (app, data) => {
    app.close();
    const field = document.getElementById("write");
    if (!field) return;
    field.value = `@${app.bot.username} ${data.query ?? ""}`;
    field.dispatchEvent(new Event("input"));
    field.focus();
  },

  // — asking the person —
  web_app_request_write_access: async (app) => {
    const { allowed } = await app.does("write_access", {});
    const yes = allowed || (await ask("Allow messages?", `May ${nameOf(app.bot)} write to you?`, "Allow"));
    if (yes && !allowed) await app.does("write_access", { allow: true });
    app.tell("write_access_requested", { status: yes ? "allowed" : "cancelled" });
  },
  web_app_request_phone: async (app) => {
    const yes = await ask(
      "Share your phone number?",
      `${nameOf(app.bot)} will get to know your phone number.`,
      "Share",
    );
    if (yes) await app.does("phone", {});
    app.tell("phone_requested", { status: yes ? "sent" : "cancelled" });
  },
  web_app_read_text_from_clipboard: async (app, data) => {
    const text = await navigator.clipboard.readText().catch(() => null);
    app.tell("clipboard_text_received", { req_id: data.req_id, data: text });
  },
  web_app_request_file_download: async (app, data) => {
    const yes =
      /^https?:/i.test(data.url ?? "") && (await ask("Download this file?", data.file_name ?? data.url, "Download"));
    app.tell("file_download_requested", { status: yes ? "downloading" : "cancelled" });
    if (yes) openOutside(data.url);
  },
  web_app_trigger_haptic_feedback: (app, data) => app.note("haptic", { ...data }),

  // — the server —
  web_app_invoke_custom_method: async (app, data) => {
    const answer = await app
      .does("custom_method", { method: String(data.method ?? ""), params: data.params ?? {} })
      .catch((error) => ({ error: error.message }));
    app.tell("custom_method_invoked", { req_id: data.req_id, ...answer });
  },
};

/** `sendData`: only an app opened from the reply keyboard may; the bot gets a service message and the app closes. */
async function sendData(app, { data }) {
  const size = new TextEncoder().encode(String(data ?? "")).length;
  if (app.launch.kind !== "keyboard" || size < 1 || size > LONGEST_DATA)
    return app.note("refused", { type: "web_app_data_send", size });
  app.close();
  await app.person.does(app.bot.id, "web_app_data", { button_text: app.launch.button_text, data: String(data) });
  return app.store.refresh();
}

function openOutside(url) {
  const to = meaningOf(String(url ?? ""));
  if (to.kind === "outside" || to.kind === "chat") window.open(url, "_blank", "noopener,noreferrer");
  else toast("The app wanted to open a link that leads nowhere.");
}
