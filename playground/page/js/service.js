// The sentence of a service message: what happened in the chat rather than what somebody wrote.

import { nameOf } from "./dom.js";

const names = (users) => users.map(nameOf).join(", ");

const SENTENCES = {
  new_chat_members: (value, who) =>
    value.length === 1 && value[0].id === who.id ? `${nameOf(who)} joined` : `${nameOf(who)} added ${names(value)}`,
  left_chat_member: (value, who) =>
    value.id === who.id ? `${nameOf(who)} left` : `${nameOf(who)} removed ${nameOf(value)}`,
  new_chat_title: (value, who) => `${nameOf(who)} changed the name to “${value}”`,
  new_chat_photo: (value, who) => `${nameOf(who)} changed the picture`,
  delete_chat_photo: (value, who) => `${nameOf(who)} removed the picture`,
  group_chat_created: (value, who) => `${nameOf(who)} created the group`,
  supergroup_chat_created: (value, who) => `${nameOf(who)} created the group`,
  channel_chat_created: () => "Channel created",
  pinned_message: (value, who) => `${nameOf(who)} pinned “${shortened(value.text ?? value.caption ?? "a message")}”`,
  managed_bot_created: (value, who, mine) =>
    `${mine ? "You" : nameOf(who)} made the bot ${nameOf(value.bot)} (@${value.bot.username})`,
  web_app_data: (value) => `Data from the button “${value.button_text}” was passed to the bot`,
  write_access_allowed: (value) =>
    value.web_app_name
      ? `You allowed this bot to write to you when you opened ${value.web_app_name}`
      : "You allowed this bot to write to you",
  users_shared: (value) =>
    `You shared ${value.users.length === 1 ? "one user" : `${value.users.length} users`} with the bot`,
  chat_shared: () => "You shared a chat with the bot",
  migrate_to_chat_id: () => "The group became a supergroup",
  migrate_from_chat_id: () => "The group became a supergroup",
  message_auto_delete_timer_changed: () => "The auto-delete timer changed",
};

const shortened = (text) => (text.length > 40 ? `${text.slice(0, 39)}…` : text);

/** The sentence, or null when the message is an ordinary one. */
export function service(message, context) {
  const kind = Object.keys(SENTENCES).find((name) => message[name] !== undefined && message[name] !== false);
  if (!kind) return null;
  const who = message.from ?? message.sender_chat ?? message.chat;
  return SENTENCES[kind](message[kind], who, message.from?.id === context.me?.id);
}
