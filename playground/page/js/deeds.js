// What a person does in the open chat: saying, pressing, voting, following links, opening apps.

import { ask, complain, tell, toast } from "./dialogs.js";
import { meaningOf } from "./links.js";
import { managedBotForm } from "./managed.js";
import { askedFor } from "./asked.js";
import { askPlace } from "./attach.js";
import { chooseChat } from "./choose.js";
import { jumpTo, scrollToEnd } from "./messages.js";
import { openApp } from "./miniapp/host.js";
import { nameOf } from "./dom.js";

/** What a `switch_inline_query_chosen_chat` button calls a chat. */
const kindOf = (chat) =>
  chat.type === "channel"
    ? "allow_channel_chats"
    : chat.type === "group" || chat.type === "supergroup"
      ? "allow_group_chats"
      : "allow_bot_chats";

/** The bot a message came from or through. */
const botOf = (message) => (message.via_bot ?? message.from)?.username ?? "";

/**
 * All deeds of the page: `go(peer)` opens a chat, `startWith(peer, payload)` offers Start with a payload, `write(text)`
 * puts words into the writing field.
 */
export function deeds(store, { go, startWith, write }) {
  const person = store.person;
  const peer = () => store.open.peer;
  const chatName = () => nameOf(store.open.info.chat);

  const refreshed = async (promise) => {
    const answer = await promise;
    await store.refresh();
    scrollToEnd(true);
    return answer;
  };
  const quietly = (promise) => promise.catch(complain);

  const say = (text, replyTo) =>
    refreshed(person.send(peer(), replyTo ? { text, reply_to_message_id: replyTo } : { text }));
  const start = (payload) => say(payload ? `/start ${payload}` : "/start");
  const restart = async () => {
    await person.does(peer(), "unblock");
    await start();
  };

  /** A press on an inline button; what needs no bot is done here. */
  const press = async (message, row, column) => {
    const button = message.reply_markup.inline_keyboard[row][column];
    try {
      if (button.web_app) return await launch({ message_id: message.message_id, row, column });
      if (button.url) return await follow(button.url, { sure: false });
      if (button.switch_inline_query_current_chat !== undefined)
        return write(`@${botOf(message)} ${button.switch_inline_query_current_chat}`);
      if (button.switch_inline_query !== undefined)
        return await share(`@${botOf(message)} ${button.switch_inline_query}`);
      if (button.switch_inline_query_chosen_chat) {
        const { query, ...kinds } = button.switch_inline_query_chosen_chat;
        return await share(`@${botOf(message)} ${query}`, (chat) => kinds[kindOf(chat)]);
      }
      if (button.copy_text) return await copy(button.copy_text.text);
      const answer = await person.press(peer(), { message_id: message.message_id, row, column });
      if (answer.alert) await tell(chatName(), answer.alert);
      else if (answer.toast) toast(answer.toast);
      if (answer.url) await follow(answer.url);
    } catch (error) {
      complain(error);
    }
    return store.refresh();
  };

  /** A press on a key of the reply keyboard. */
  const pressKey = async (raw) => {
    const button = typeof raw === "string" ? { text: raw } : raw;
    const give = (choice) => refreshed(person.press(peer(), { text: button.text, ...choice }));
    try {
      if (button.web_app) return await launch({ text: button.text });
      if (button.request_managed_bot) return await makeBot(button.text);
      if (button.request_location) {
        const location = await askPlace();
        return location && (await give({ location }));
      }
      if (button.request_contact && !(await sharesNumber())) return null;
      const answer = await give({});
      if (!answer.message) await askedFor(answer, store, give);
    } catch (error) {
      complain(error);
    }
    return null;
  };

  const sharesNumber = () =>
    ask("Share your phone number?", `The bot ${chatName()} will get to know your phone number.`, "Share");

  /** The managed-bot form of a `request_managed_bot` button. */
  const makeBot = async (text) => {
    const suggested = await person.does(peer(), "managed_bot", { text, form: true });
    const made = await managedBotForm(suggested, (name, username) =>
      person.does(peer(), "managed_bot", { text, name, username }),
    );
    if (made === null) await person.does(peer(), "managed_bot", { text, cancel: true });
    return refreshed(Promise.resolve());
  };

  /** Follows a link; `sure` links (shown as they are) to the outside open without asking. */
  const follow = async (url, { sure = true } = {}) => {
    const to = meaningOf(url);
    if (to.kind === "chat") {
      await go(`@${to.username}`);
      if (to.start && store.open) startWith(peer(), to.start);
    } else if (to.kind === "newbot") {
      const suggested = { name: to.name, username: to.username, manager: to.manager };
      const newBot = (name, username) => person.newBot({ manager: to.manager, name, username });
      const made = await managedBotForm(suggested, newBot);
      if (made) toast(`@${made.username} is yours now.`); // in the chat of a key, a message says so
    } else if (to.kind === "app") {
      await go(`@${to.username}`);
      if (store.open?.info.menu_button?.type === "web_app") await launch({ source: "menu" });
    } else if (to.kind === "share") await share([to.text, to.url].filter(Boolean).join("\n"));
    else if (to.kind === "user") await go(String(to.id));
    else if (to.kind === "none") toast("This link leads nowhere in the playground.");
    else if (sure || (await ask("Open this link?", url, "Open"))) window.open(url, "_blank", "noopener,noreferrer");
  };

  /** Lets the person choose a chat (that fits) and leaves the words in its writing field. */
  const share = async (words, fits) => {
    const chat = await chooseChat(store, "Choose a chat", fits);
    if (!chat) return;
    await go(chat.username ? `@${chat.username}` : String(chat.id));
    write(words);
  };

  /** Lets the person choose a chat and forwards these messages there. */
  const forward = async (messages) => {
    const from = peer();
    const chat = await chooseChat(store, "Forward to …");
    if (!chat) return;
    const numbers = messages.map((message) => message.message_id);
    await refreshed(person.does(from, "forward", { message_ids: numbers, to: chat.id }));
    toast(`Forwarded to ${nameOf(chat)}.`);
  };

  const launch = (source) => openApp(store, source, { follow }).catch(complain);

  /** The button a bot puts over its inline results: it leads into the chat with the bot, or opens its app there. */
  const openOverResults = async (bot, queryId, button) => {
    await go(`@${bot}`);
    if (button.web_app) await launch({ query_id: queryId });
    else startWith(peer(), button.start_parameter);
  };

  const copy = async (text) => {
    await navigator.clipboard.writeText(text).catch(() => {});
    toast("Copied.");
  };

  const act = {
    command: (words) => quietly(say(words)),
    mention: (words) => quietly(go(words)),
    user: (user) => quietly(go(user.username ? `@${user.username}` : String(user.id))),
    link: (url, shown) => follow(url, { sure: shown === url || shown === undefined || url.endsWith(`//${shown}`) }),
    copy,
  };
  const changed = async (promise) => {
    await promise;
    await store.refresh();
  };
  const edit = (message, text) => changed(person.does(peer(), "edit", { message_id: message.message_id, text }));
  const remove = async (message) =>
    (await ask("Delete message?", "It disappears for everybody.", "Delete", { dangerous: true })) &&
    quietly(changed(person.does(peer(), "delete", { message_id: message.message_id })));
  const react = (message, emoji) =>
    quietly(
      changed(
        person.does(
          peer(),
          "react",
          emoji ? { message_id: message.message_id, emoji } : { message_id: message.message_id },
        ),
      ),
    );
  const vote = (message, ids) =>
    quietly(changed(person.does(peer(), "vote", { message_id: message.message_id, option_ids: ids })));
  return {
    say,
    edit,
    remove,
    react,
    start,
    restart,
    press,
    pressKey,
    follow,
    copy,
    act,
    vote,
    forward: (messages) => quietly(forward(messages)),
    jump: jumpTo,
    openMenuApp: () => launch({ source: "menu" }),
    openOverResults,
  };
}
