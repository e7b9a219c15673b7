// What keys of a reply keyboard ask a person for: other people and bots, a group or channel, a poll.

import { post } from "./api.js";
import { choose } from "./choose.js";
import { askFor, complain } from "./dialogs.js";
import { nameOf } from "./dom.js";
import { pollForm } from "./pollform.js";

/**
 * Asks for what the key wants; `question` is the playground's answer to its press.  Resolves with the choice as the next press
 * gives it ({user_ids}, {chat_id} or {poll}), or null.  `give(choice)` presses with it and may be refused.
 */
export function askedFor(question, store, give) {
  const bot = store.open.info.chat;
  if (question.request_users) return users(question.request_users, question.choices, bot, give);
  if (question.request_chat) return chat(question.request_chat, question.choices, bot, store.person.user, give);
  return pollForm({ kind: question.request_poll.type }, (poll) => give({ poll }));
}

async function users(asked, choices, bot, give) {
  const kind = asked.user_is_bot === undefined ? "users" : asked.user_is_bot ? "bots" : "people";
  const one = { users: "a user", bots: "a bot", people: "a person" }[kind];
  const chosen = await choose(asked.max_quantity > 1 ? `Choose ${kind}` : `Choose ${one}`, choices, {
    most: asked.max_quantity,
    yes: "Share",
    note: noteOf(bot, asked, asked.max_quantity > 1 ? ` Up to ${asked.max_quantity}.` : ""),
    empty: `There are no ${kind} here that ${nameOf(bot)} asks for.`,
  });
  if (chosen) await give({ user_ids: chosen.map((user) => user.id) });
}

async function chat(asked, choices, bot, me, give) {
  const kind = asked.chat_is_channel ? "channel" : "group";
  const place = asked.bot_administrator_rights
    ? ` It becomes an administrator there.`
    : asked.bot_is_member
      ? ` It becomes a member there.`
      : "";
  const chosen = await choose(`Choose a ${kind}`, choices, {
    note: noteOf(bot, asked, place),
    empty: `You have no ${kind} that ${nameOf(bot)} asks for.`,
    make: asked.chat_is_forum ? null : { label: `New ${kind}…`, act: () => newChat(kind, asked, me) },
  });
  if (chosen) await give({ chat_id: chosen[0].id });
}

/** Says what the bot will get to know. */
function noteOf(bot, asked, more) {
  const told = [
    (asked.request_name || asked.request_title) && "name",
    asked.request_username && "@username",
    asked.request_photo && "picture",
  ].filter(Boolean);
  const what = told.length ? `the ${listed(told)} of your choice` : "the id of your choice";
  return `${nameOf(bot)} gets to know ${what}.${more}`;
}

const listed = (words) => [words.slice(0, -1).join(", "), words.at(-1)].filter(Boolean).join(" and ");

/** Makes a group or channel of the person's own that fits. */
async function newChat(kind, asked, me) {
  const named = asked.chat_has_username;
  const fields = [{ name: "title", label: "Name", required: true }];
  if (named) fields.push({ name: "username", label: "Username", required: true });
  const words = await askFor(`New ${kind}`, fields, "Create");
  if (!words) return null;
  const type = kind === "channel" ? "channel" : "supergroup";
  return post("/chats", { type, ...words, creator_id: me.id }).catch((error) => (complain(error), null));
}
