// What this tab knows: the chats of its person and the one that is open.  One long request at a time brings the news
// (browsers allow only six connections to one address), and a tab behind others only looks from time to time.

import { trouble } from "./api.js";

const LONG = 25; // seconds a request for news may hang
const PASSING = 2500; // milliseconds after which "typing" and drafts are looked at again: their end is not announced
const HIDDEN_PAUSE = 4000; // milliseconds between looks while nobody sees the tab
const PAUSE = 1500; // milliseconds before asking again after trouble

export class Store extends EventTarget {
  constructor(person) {
    super();
    this.person = person;
    this.chats = [];
    this.seq = 0;
    this.open = null; // {peer, info, messages: Map, seq, typing, action, draft, keyboard}
    this.online = true;
    trouble.addEventListener("unreachable", () => {
      this.#setOnline(false);
      this.asking?.abort(); // a request that hangs on a dead connection would hide that it is back
    });
  }

  #say(name) {
    this.dispatchEvent(new Event(name));
  }

  on(name, listener) {
    this.addEventListener(name, listener);
  }

  /** Follows the news until the page is closed. */
  async follow() {
    for (;;) {
      try {
        const wait = this.seq === 0 || !this.online || document.hidden ? 0 : LONG;
        this.asking = new AbortController();
        const answer = await this.person.chats(this.seq, wait, this.asking.signal);
        const news = answer.seq !== this.seq;
        this.seq = answer.seq;
        this.chats = answer.chats;
        this.seen = true; // the list is known, even when it is empty
        this.#setOnline(true);
        this.#say("chats");
        if (news && this.open) await this.refresh();
        if (document.hidden) await this.#rest(HIDDEN_PAUSE);
      } catch {
        if (!this.hiding) await this.#rest(PAUSE);
        this.hiding = false;
      }
    }
  }

  /** Waits so long, or until the tab comes to the front. */
  #rest(milliseconds) {
    return new Promise((resolve) => {
      setTimeout(resolve, milliseconds);
      document.addEventListener("visibilitychange", () => document.hidden || resolve(), { once: true });
    });
  }

  /** The tab went behind others: its hanging request gives its connection back. */
  hidden() {
    this.hiding = true;
    this.asking?.abort();
  }

  #setOnline(online) {
    if (online === this.online) return;
    this.online = online;
    this.#say("online");
  }

  /** Opens a chat; resolves with its facts.  Raises `Refused` when there is no such peer. */
  async openChat(peer) {
    const info = await this.person.chat(peer);
    this.open = { peer: info.chat.id, info, messages: new Map(), seq: 0, typing: false, draft: null, keyboard: null };
    await this.refresh();
    return info;
  }

  closeChat() {
    this.open = null;
    this.#say("open");
  }

  /** Brings the open chat up to date. */
  async refresh() {
    const chat = this.open;
    if (!chat) return;
    let info, answer;
    try {
      [info, answer] = await Promise.all([this.person.chat(chat.peer), this.person.messages(chat.peer, chat.seq)]);
    } catch (error) {
      if (error.status !== 403 && error.status !== 404) throw error;
      if (this.open === chat) this.closeChat(); // the person is not in it any more
      return;
    }
    if (this.open !== chat || answer.seq < chat.seq) return; // another chat was opened, or a later answer was faster
    for (const message of answer.messages) chat.messages.set(message.message_id, message);
    for (const gone of answer.deleted ?? []) chat.messages.delete(gone);
    Object.assign(chat, {
      info,
      seq: answer.seq,
      typing: answer.typing,
      action: answer.action,
      draft: answer.draft ?? null,
      draftEntities: answer.draft_entities,
      keyboard: answer.keyboard ?? null,
    });
    this.#say("open");
    this.#read(chat);
    clearTimeout(this.passing);
    if (chat.typing || chat.draft !== null) this.passing = setTimeout(() => this.refresh().catch(() => {}), PASSING);
  }

  /** The open chat's messages, oldest first. */
  messages() {
    return this.open ? [...this.open.messages.values()].sort((one, two) => one.message_id - two.message_id) : [];
  }

  /** Tells the playground what was seen, when the page is really in front. */
  #read(chat) {
    const newest = Math.max(0, ...chat.messages.keys());
    if (document.hidden || !newest || newest === chat.read) return;
    chat.read = newest;
    this.person.does(chat.peer, "read", { message_id: newest }).catch(() => {});
  }

  /** Marks the open chat as read after the tab came back to the front. */
  returned() {
    if (this.open) this.#read(this.open);
  }
}
