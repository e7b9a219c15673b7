// Talks to the control API of the playground (docs/playground.md).  Every refusal arrives as a `Refused` with its sentence.

const ROOT = "/play/v1";

/** A call the playground did not accept; `message` is its own sentence. */
export class Refused extends Error {
  constructor(sentence, status) {
    super(sentence);
    this.status = status;
  }
}

/** Says "unreachable" whenever a call did not reach the playground. */
export const trouble = new EventTarget();

async function call(method, path, body, more = {}) {
  const options = { method, headers: {}, ...more };
  if (body instanceof FormData) options.body = body;
  else if (body !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  let response;
  try {
    response = await fetch(ROOT + path, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    trouble.dispatchEvent(new Event("unreachable"));
    throw new Refused("The playground is not reachable.", 0);
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(answer.error ?? `The playground answered ${response.status}.`, response.status);
  return answer;
}

export const get = (path, more) => call("GET", path, undefined, more);
export const post = (path, body = {}, more = {}) => call("POST", path, body, more);

/** The calls of one person; `peer` is an id or `@username`. */
export class Person {
  constructor(user) {
    this.user = user;
    this.id = user.id;
    this.root = `/users/${user.id}`;
  }

  #chat(peer, deed = "") {
    return `${this.root}/chats/${encodeURIComponent(peer)}${deed && `/${deed}`}`;
  }

  chats(after, wait, signal) {
    return get(`${this.root}/chats?after=${after}&wait=${wait}`, { signal });
  }

  search(words) {
    return get(`${this.root}/peers?search=${encodeURIComponent(words)}`);
  }

  chat(peer) {
    return get(this.#chat(peer));
  }

  messages(peer, after) {
    return get(`${this.#chat(peer, "messages")}?after=${after}`);
  }

  send(peer, body) {
    return post(this.#chat(peer, "send"), body);
  }

  press(peer, body) {
    return post(this.#chat(peer, "press"), body);
  }

  /** Any other deed in a chat: read, vote, block, unblock, clear, managed_bot, open_app, web_app_data, mini_app/… */
  does(peer, deed, body = {}, more = {}) {
    return post(this.#chat(peer, deed), body, more);
  }

  newBot(body) {
    return post(`${this.root}/new_bot`, body);
  }

  file(fileId) {
    return `${ROOT}${this.root}/files/${encodeURIComponent(fileId)}`;
  }
}
