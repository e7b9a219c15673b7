// Telegram's colours and measures as CSS variables on <html>, kept up to date while the page is open.

import { launch, on } from './bridge.js';

/** The theme as Telegram gave it, `#rrggbb` by name; empty outside Telegram. */
export const colours = {};

const root = document.documentElement;
const dark = matchMedia('(prefers-color-scheme: dark)');

take(launch.theme);
on('theme_changed', ({ theme_params: theme }) => {
  if (!theme) return;
  take(theme);
  document.dispatchEvent(new Event('themechange'));
});
dark.addEventListener('change', () => colours.bg_color || scheme());
on('viewport_changed', ({ height, is_state_stable: stable }) => {
  if (!height) return;
  set('viewport-height', `${height}px`);
  if (stable) set('viewport-stable-height', `${height}px`);
});
for (const area of ['safe_area', 'content_safe_area']) {
  on(`${area}_changed`, (insets) => {
    for (const side of ['top', 'bottom', 'left', 'right']) {
      if (Number.isFinite(insets[side])) set(`${area.replaceAll('_', '-')}-inset-${side}`, `${insets[side]}px`);
    }
  });
}

function set(name, value) {
  root.style.setProperty(`--tg-${name}`, value);
}

function take(theme) {
  for (const [name, value] of Object.entries(theme)) {
    const colour = hex(value);
    if (!colour || !/^[a-z_]+$/.test(name)) continue;
    colours[name] = colour;
    set(`theme-${name.replaceAll('_', '-')}`, colour);
  }
  // Some iPhones name one dark colour for both grounds: as Telegram's own script does, tell them apart.
  if (colours.bg_color === '#1c1c1d' && colours.secondary_bg_color === colours.bg_color) take({ secondary_bg_color: '#2c2c2e' });
  else scheme();
}

/** Light or dark, and the few colours a theme may have chosen too faint to be read. */
function scheme() {
  const isDark = colours.bg_color ? darkness(colours.bg_color) : dark.matches;
  root.dataset.scheme = isDark ? 'dark' : 'light';
  set('color-scheme', root.dataset.scheme);
  if (!colours.bg_color || !colours.text_color) return;
  const page = colours.secondary_bg_color ?? colours.bg_color;
  const section = colours.section_bg_color ?? colours.bg_color;
  const legible = (name, fallback) => {
    const colour = colours[name] ?? colours[fallback] ?? colours.text_color;
    return [page, section].reduce((shade, ground) => readable(shade, ground, colours.text_color), colour);
  };
  root.style.setProperty('--hint', legible('subtitle_text_color', 'hint_color'));
  root.style.setProperty('--heading', legible('section_header_text_color', 'link_color'));
  root.style.setProperty('--link', legible('link_color', 'accent_text_color'));
  root.style.setProperty('--danger', legible('destructive_text_color', 'text_color'));
  const onButton = colours.button_text_color ?? '#ffffff';
  root.style.setProperty('--button', readable(colours.button_color ?? '#2481cc', onButton, contrastOf('#000000', onButton) > 5 ? '#000000' : '#ffffff'));
  root.style.setProperty('--accent', readable(colours.button_color ?? colours.link_color ?? '#2481cc', section, colours.text_color, 3));
}

/** `colour`, moved towards `strong` until it stands out from `ground` by the ratio that WCAG asks. */
export function readable(colour, ground, strong, ratio = 4.5) {
  for (let share = 0; share <= 1; share += 0.1) {
    const mixed = mix(colour, strong, share);
    if (contrastOf(mixed, ground) >= ratio) return mixed;
  }
  return strong;
}

/** WCAG's contrast ratio of two colours. */
export function contrastOf(one, other) {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

function hex(value) {
  if (typeof value !== 'string') return null;
  const colour = value.trim().toLowerCase();
  if (/^#[0-9a-f]{6}$/.test(colour)) return colour;
  return /^#[0-9a-f]{3}$/.test(colour) ? `#${[...colour.slice(1)].map((digit) => digit + digit).join('')}` : null;
}

function channels(colour) {
  return [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
}

function mix(colour, strong, share) {
  const target = channels(strong);
  return `#${channels(colour).map((value, index) => Math.round(value + (target[index] - value) * share).toString(16).padStart(2, '0')).join('')}`;
}

function luminance(colour) {
  const [red, green, blue] = channels(colour).map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Telegram's own rule for what is a dark theme. */
function darkness(colour) {
  const [red, green, blue] = channels(colour);
  return Math.sqrt(0.299 * red ** 2 + 0.587 * green ** 2 + 0.114 * blue ** 2) < 120;
}
