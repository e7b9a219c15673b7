// Telegram's Mini App protocol: events out, events in, and the launch parameters, in all three surroundings.
//
//   phone and desktop   TelegramWebviewProxy.postEvent or external.notify; Telegram calls Telegram.WebView.receiveEvent
//   web client          an iframe; JSON strings by postMessage in both directions
//   plain browser       nobody there: `hosted` is false, events go nowhere
//
// Nothing is kept in sessionStorage or localStorage: bots that share an origin, or people who share a tab, would inherit
// each other's launch.  The fragment survives a reload, so nothing needs to be kept.

const listeners = new Map();
const inFrame = window.parent !== window;

/** The launch parameters of a fragment: `#path?key=value&…` or `#key=value&…`, decoded. */
export function fragmentParameters(fragment) {
  const text = fragment.replace(/^#/, '');
  const query = text.includes('?') ? text.slice(text.indexOf('?') + 1) : text.includes('=') ? text : '';
  return new Map([...new URLSearchParams(query)]);
}

function parsed(json) {
  try {
    const value = JSON.parse(json);
    return value && typeof value === 'object' ? value : {};
  } catch {
    return {};
  }
}

const parameters = fragmentParameters(location.hash);

/** What Telegram said when it opened the page. */
export const launch = Object.freeze({
  data: parameters.get('tgWebAppData') ?? '',
  version: parameters.get('tgWebAppVersion') ?? '6.0',
  platform: parameters.get('tgWebAppPlatform') ?? 'unknown',
  theme: parsed(parameters.get('tgWebAppThemeParams') ?? ''),
  start: parameters.get('tgWebAppStartParam') ?? new URLSearchParams(location.search).get('tgWebAppStartParam') ?? '',
  given: parameters.has('tgWebAppVersion') || parameters.has('tgWebAppData'),
});

const channel = openChannel();

/** Whether somebody receives what is posted. */
export const hosted = channel !== null;

/** Whether Telegram's web client shows the page in a frame. */
export const framed = channel === toParent;

/** True if the Telegram around the page is at least of this Bot API version. */
export function versionAtLeast(wanted) {
  const have = launch.version.split('.').map(Number);
  for (const [index, part] of wanted.split('.').map(Number).entries()) {
    const mine = have[index] || 0;
    if (mine !== part) return mine > part;
  }
  return true;
}

/** Tell Telegram something. */
export function post(type, data = '') {
  channel?.(type, data);
}

/** Call `listener(data)` at every event of this type; answers a function that ends it. */
export function on(type, listener) {
  if (!listeners.has(type)) listeners.set(type, new Set());
  listeners.get(type).add(listener);
  return () => listeners.get(type).delete(listener);
}

/** The data of the next event of this type, or undefined after `limit` milliseconds. */
export function next(type, limit) {
  return new Promise((resolve) => {
    const timer = limit ? setTimeout(() => finish(undefined), limit) : 0;
    const off = on(type, finish);
    function finish(data) {
      clearTimeout(timer);
      off();
      resolve(data);
    }
  });
}

function receive(type, data) {
  for (const listener of [...(listeners.get(type) ?? [])]) {
    try {
      listener(data ?? {});
    } catch (error) {
      console.error(error);
    }
  }
}

function openChannel() {
  listen();
  if (window.TelegramWebviewProxy) return (type, data) => window.TelegramWebviewProxy.postEvent(type, JSON.stringify(data));
  // A browser's own `external` has no notify; Telegram Desktop and old Windows clients put one there.
  if (window.external && 'notify' in window.external) {
    return (eventType, eventData) => window.external.notify(JSON.stringify({ eventType, eventData }));
  }
  return inFrame ? toParent : null;
}

function toParent(eventType, eventData) {
  window.parent.postMessage(JSON.stringify({ eventType, eventData }), '*'); // nothing secret is ever posted
}

function listen() {
  // Native clients call one of these by name.  Whoever was there before (Telegram's own script) keeps hearing too.
  const telegram = (window.Telegram ??= {});
  const view = (telegram.WebView ??= {});
  view.receiveEvent = both(view.receiveEvent);
  const proxy = (window.TelegramGameProxy ??= {});
  proxy.receiveEvent = both(proxy.receiveEvent);
  window.TelegramGameProxy_receiveEvent = both(window.TelegramGameProxy_receiveEvent);
  if (inFrame) window.addEventListener('message', fromParent);
}

function both(before) {
  return (type, data) => {
    before?.(type, data);
    receive(type, data);
  };
}

function fromParent(event) {
  if (event.source !== window.parent || typeof event.data !== 'string') return;
  const { eventType, eventData } = parsed(event.data);
  if (typeof eventType !== 'string') return;
  if (eventType === 'reload_iframe') {
    post('iframe_will_reload');
    location.reload();
  } else {
    receive(eventType, eventData);
  }
}
