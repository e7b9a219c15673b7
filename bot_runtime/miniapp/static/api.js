// The bot's own server.  Each call carries a session that lives in this page's memory only.

import { launch } from './bridge.js';
import { t } from './texts.js';

const LIMIT = 20_000; // milliseconds until a call is given up
const ROOT = new URL('../api/', document.baseURI);

let token = null;
let signingIn = null;

/** A call that failed; `sentence` is for the person. */
export class Failure extends Error {
  constructor(sentence, { status = 0, answer = {} } = {}) {
    super(sentence);
    this.sentence = sentence;
    this.status = status;
    this.answer = answer;
  }
}

/** Prove who is here by Telegram's launch data; what the server says in welcome. */
export function signIn() {
  signingIn ??= request('session', { method: 'POST', headers: { Authorization: `tma ${launch.data}` } })
    .then((welcome) => {
      token = welcome.token;
      return welcome;
    })
    .finally(() => {
      signingIn = null;
    });
  return signingIn;
}

/** Call the server: `call('PUT', 'features/poll/vote', {options: [1]})`; a `FormData` travels as it is. */
export async function call(method, path, body) {
  if (!token) await signIn();
  try {
    return await authorised(method, path, body);
  } catch (failure) {
    if (failure.status !== 401) throw failure;
    await signIn(); // the session ended, or the bot was restarted; the launch data is good for an hour
    return authorised(method, path, body);
  }
}

function authorised(method, path, body) {
  const headers = { Authorization: `Bearer ${token}` };
  if (body !== undefined && !(body instanceof FormData)) {
    headers['Content-Type'] = 'application/json';
    body = JSON.stringify(body);
  }
  return request(path, { method, headers, body });
}

async function request(path, options) {
  const limit = options.body instanceof FormData ? 6 * LIMIT : LIMIT; // photos over a slow line take their time
  let response;
  let answer;
  try {
    response = await fetch(new URL(path, ROOT), { ...options, cache: 'no-store', credentials: 'omit', signal: AbortSignal.timeout?.(limit) });
    answer = await response.json().catch((error) => {
      if (error.name === 'TimeoutError') throw error;
      return null;
    });
  } catch (error) {
    throw new Failure(t(error.name === 'TimeoutError' ? 'slow_text' : 'offline_text'));
  }
  if (!response.ok) throw new Failure(answer?.error ?? t('broken_text'), { status: response.status, answer: answer ?? {} });
  if (answer === null) throw new Failure(t('broken_text'), { status: 502 });
  return answer;
}
