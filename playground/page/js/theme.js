// Light and dark: the system's choice unless the person has made one; and the colours a Mini App is told.

const KEY = "playground-theme";
const system = matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set();

/** The theme params of telegram.md §3.4, as Telegram's own clients send them. */
const PARAMS = {
  light: {
    bg_color: "#ffffff",
    text_color: "#000000",
    hint_color: "#707579",
    link_color: "#3390ec",
    button_color: "#3390ec",
    button_text_color: "#ffffff",
    secondary_bg_color: "#f4f4f5",
    header_bg_color: "#ffffff",
    accent_text_color: "#3390ec",
    section_bg_color: "#ffffff",
    section_header_text_color: "#707579",
    subtitle_text_color: "#707579",
    destructive_text_color: "#e53935",
    section_separator_color: "#e7e7e7",
    bottom_bar_bg_color: "#ffffff",
  },
  dark: {
    bg_color: "#17212b",
    text_color: "#f5f5f5",
    hint_color: "#8296a8",
    link_color: "#6ab3f3",
    button_color: "#5288c1",
    button_text_color: "#ffffff",
    secondary_bg_color: "#0e1621",
    header_bg_color: "#17212b",
    accent_text_color: "#6ab2f2",
    section_bg_color: "#17212b",
    section_header_text_color: "#6ab3f3",
    subtitle_text_color: "#8296a8",
    destructive_text_color: "#ec3942",
    section_separator_color: "#101921",
    bottom_bar_bg_color: "#17212b",
  },
};

/** "light" or "dark", as shown now. */
export function currentTheme() {
  return localStorage.getItem(KEY) ?? (system.matches ? "dark" : "light");
}

export const themeParams = () => PARAMS[currentTheme()];

/** Calls back after every change of the theme. */
export function onTheme(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Switches to the other theme; back on the system's own, the choice is forgotten and the system followed again. */
export function toggleTheme() {
  const wanted = currentTheme() === "dark" ? "light" : "dark";
  if (wanted === (system.matches ? "dark" : "light")) localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, wanted);
  show();
}

function show() {
  document.documentElement.dataset.theme = currentTheme();
  document.querySelector('meta[name="theme-color"]').content = themeParams().header_bg_color;
  for (const listener of listeners) listener(currentTheme());
}

system.addEventListener("change", show);
addEventListener("storage", (event) => event.key === KEY && show());
show();
