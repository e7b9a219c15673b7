// What surrounds the Mini App: Telegram's main button, back button, popups, haptics, colours of its bars.
// Each sends what Telegram's own script sends for the same act, and nothing if nothing has changed.

import { framed, hosted, launch, next, on, post, versionAtLeast } from './bridge.js';
import { colours } from './theme.js';
import { ask } from './ui.js';

const shades = { header: 'bg_color', background: 'bg_color', bottom: 'bottom_bar_bg_color' };
const sent = {};

/** Introduce the page to Telegram; `header`, `background`, `bottom` name theme colours for the bars around it. */
export function start(wanted = {}) {
  Object.assign(shades, wanted);
  if (framed) post('iframe_ready', { reload_supported: true });
  sendShades();
  for (const what of ['theme', 'viewport', 'safe_area', 'content_safe_area']) post(`web_app_request_${what}`);
  document.addEventListener('themechange', () => {
    // Telegram's own script, if somebody loaded it beside us, resets the button at each change: say ours again.
    if (window.Telegram?.WebApp) delete sent.web_app_setup_main_button;
    sendMainButton();
    sendShades();
  });
}

/** The page shows something: Telegram may take its loading screen away. */
export function ready() {
  post('web_app_ready');
  post('web_app_expand');
}

/** Close the Mini App. */
export function close() {
  if (hosted) post('web_app_close', {});
  else window.close();
}

// ---- main button

const rest = { visible: false, active: true, progress: false, shine: false, text: 'Continue' };
let button = { ...rest };
let pressed = null;
let buttonWanted = false;
on('main_button_pressed', () => button.visible && button.active && pressed?.());

/** Set up the main button: `{visible, text, active, progress, shine, press}`; what is left out stays as it is. */
export function mainButton({ press, ...changes }) {
  if (press !== undefined) pressed = press;
  button = { ...button, ...changes };
  buttonWanted = true;
  sendMainButton();
}

/** Take the main button away. */
export function noMainButton() {
  pressed = null;
  button = { ...rest };
  if (buttonWanted) sendMainButton();
}

function sendMainButton() {
  if (!buttonWanted) return;
  once('web_app_setup_main_button', button.visible ? {
    is_visible: true,
    is_active: button.active,
    is_progress_visible: button.progress,
    text: button.text.trim().slice(0, 64),
    color: colours.button_color ?? '#2481cc',
    text_color: colours.button_text_color ?? '#ffffff',
    has_shine_effect: button.shine && button.active && !button.progress,
  } : { is_visible: false });
}

// ---- back button

let back = null;
on('back_button_pressed', () => back?.());

/** Show the back button and call `press` when it is used; `null` hides it. */
export function backButton(press) {
  back = press;
  if (!versionAtLeast('6.1') || (!press && !sent.web_app_setup_back_button)) return;
  once('web_app_setup_back_button', { is_visible: Boolean(press) });
}

// ---- small acts

/** A tap that can be felt: 'selection', 'light', 'success', 'warning' or 'error'. */
export function haptic(kind) {
  if (!versionAtLeast('6.1')) return;
  post('web_app_trigger_haptic_feedback', {
    selection: { type: 'selection_change' },
    light: { type: 'impact', impact_style: 'light' },
  }[kind] ?? { type: 'notification', notification_type: kind });
}

let unsaved = false;
window.addEventListener('beforeunload', (event) => unsaved && !hosted && event.preventDefault());

/** Ask before the Mini App is closed while something is half done. */
export function confirmClosing(needed) {
  if (unsaved === needed) return;
  unsaved = needed;
  if (versionAtLeast('6.2')) post('web_app_setup_closing_behavior', { need_confirmation: needed });
}

/** Whether something is half done. */
export const isUnsaved = () => unsaved;

let popupOpen = false;

/** Ask a question; the id of the button that was tapped, or null.  `buttons`: `{id, type, text}`, as Telegram's. */
export async function popup(message, buttons = [{ id: '', type: 'close' }]) {
  if (!hosted || !versionAtLeast('6.2')) return ask(message, buttons);
  if (popupOpen) return null;
  popupOpen = true;
  post('web_app_open_popup', { message: message.trim().slice(0, 256), buttons });
  const closed = await next('popup_closed');
  popupOpen = false;
  return closed.button_id ?? null;
}

/** Open a t.me address inside Telegram, any other in the browser. */
export function openLink(address) {
  const url = new URL(address);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return;
  if (url.hostname === 't.me' && hosted && (framed || versionAtLeast('6.1'))) {
    post('web_app_open_tg_link', { path_full: url.pathname + url.search });
  } else if (hosted && versionAtLeast('6.1')) {
    post('web_app_open_link', { url: url.href });
  } else {
    window.open(url.href, '_blank', 'noopener');
  }
}

function sendShades() {
  once('web_app_set_header_color', { color_key: shades.header });
  if (colours.bg_color) once('web_app_set_background_color', { color: shade(shades.background) });
  once('web_app_set_bottom_bar_color', { color: shade(shades.bottom) });
}

function shade(name) {
  if (name === 'bottom_bar_bg_color') return colours.bottom_bar_bg_color ?? colours.secondary_bg_color ?? '#ffffff';
  return colours[name] ?? colours.bg_color;
}

function once(type, data) {
  const text = JSON.stringify(data);
  if (sent[type] === text) return;
  sent[type] = text;
  post(type, data);
}

/** The platform Telegram names, such as 'ios' or 'web'. */
export const platform = launch.platform;
