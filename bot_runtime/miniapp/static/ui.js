// Building blocks of the views: plain elements, named for people who listen as well as for people who look.

import { t } from './texts.js';

/** An element: `el('button', {class: 'plain', onclick: go}, 'Go')`.  Text is always text, never markup. */
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name in element && typeof value !== 'string') element[name] = value;
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const SYMBOLS = {
  check: 'M5 12.5l4.5 4.5L19 7.5',
  chevron: 'M9 5l7 7-7 7',
  form: 'M7 4h10a1.5 1.5 0 0 1 1.5 1.5v13A1.5 1.5 0 0 1 17 20H7a1.5 1.5 0 0 1-1.5-1.5v-13A1.5 1.5 0 0 1 7 4zM9 9h6M9 12.5h6M9 16h3.5',
  poll: 'M6 19v-6M12 19V5M18 19v-9',
  star: 'M12 3.6l2.6 5.3 5.8.8-4.2 4.1 1 5.8-5.2-2.7-5.2 2.7 1-5.8-4.2-4.1 5.8-.8z',
  cloud: 'M7 18.5h10a4 4 0 0 0 .6-7.95A5.7 5.7 0 0 0 6.6 9.6 4.5 4.5 0 0 0 7 18.5zM4 4l16 16',
  alert: 'M12 7.5v5.5M12 16.4v.1M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17z',
  plane: 'M20.5 4L3.5 10.8l6 2.4 2.4 6.3zM9.5 13.2l4.2-4',
  camera: 'M4.5 8h3l1.5-2.2h6L16.500 8h3A1.500 1.500 0 0 1 21 9.500v8a1.500 1.500 0 0 1-1.500 1.500h-15A1.500 1.500 0 0 1 3 17.500v-8A1.500 1.500 0 0 1 4.500 8zM12 10a3.300 3.300 0 1 0 0 6.600A3.300 3.300 0 0 0 12 10z',
  empty: 'M4.5 13.500l2.500-8h10l2.500 8v5h-15zM4.500 13.500h4.500l1.200 2h3.600l1.200-2h4.500',
};

/** A drawn symbol, silent for screen readers. */
export function symbol(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const path = document.createElementNS(svg.namespaceURI, 'path');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', 'symbol');
  svg.setAttribute('aria-hidden', 'true');
  path.setAttribute('d', SYMBOLS[name]);
  svg.append(path);
  return svg;
}

/** Tell people who listen what has just happened. */
export function say(text) {
  const place = document.getElementById('say');
  place.textContent = '';
  requestAnimationFrame(() => {
    place.textContent = text;
  });
}

/** Show a view: `nodes` become the page, and the heading gets the focus so that it is read. */
export function show(...nodes) {
  const app = document.getElementById('app');
  app.replaceChildren(...nodes.filter(Boolean));
  app.setAttribute('aria-busy', 'false');
  window.scrollTo(0, 0);
  app.querySelector('h1')?.focus({ preventScroll: true });
}

/** The page while something is on its way; the focus stays free, so that the title is read once. */
export function showSkeleton(title) {
  const app = document.getElementById('app');
  const lines = Array.from({ length: 4 }, () => el('i'));
  app.replaceChildren(heading(title), el('div', { class: 'skeleton', role: 'status', 'aria-label': t('opening') }, ...lines));
  app.setAttribute('aria-busy', 'true');
}

/** A heading that takes the focus, with a line under it. */
export function heading(title, line) {
  return el('header', { class: 'top' }, el('h1', { tabindex: '-1' }, title), line && el('p', { class: 'lead' }, line));
}

/** A whole page with one thing to say. */
export function notice({ icon, title, text, actions = [], tone = '' }) {
  return el('section', { class: `notice ${tone}` },
    el('div', { class: 'badge' }, symbol(icon)),
    el('h1', { tabindex: '-1' }, title),
    text && el('p', {}, text),
    actions.length > 0 && el('div', { class: 'actions' }, ...actions));
}

/** A button that stands out, or a `quiet` one. */
export function action(text, onclick, kind = 'filled') {
  return el('button', { type: 'button', class: kind, onclick }, text);
}

/** The same question as Telegram's popup, where Telegram has none: resolves to the id tapped, or null. */
export function ask(message, buttons) {
  const names = { ok: 'OK', close: t('close'), cancel: t('cancel') };
  return new Promise((resolve) => {
    const title = el('p', { id: 'asked' }, message);
    const dialog = el('dialog', { class: 'ask', 'aria-labelledby': 'asked' }, title,
      el('div', { class: 'answers' }, ...buttons.map(({ id, type, text }) => el('button', {
        type: 'button', class: type === 'destructive' ? 'danger' : 'quiet', onclick: () => dialog.close(id ?? ''),
      }, text ?? names[type]))));
    let answered = null;
    dialog.addEventListener('cancel', () => {
      answered = undefined;
    });
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(answered === undefined ? null : dialog.returnValue);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
