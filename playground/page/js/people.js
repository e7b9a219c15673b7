// The menu of the page: who one is here, other people, new bots and groups, the theme.

import { get, post } from "./api.js";
import { avatar, el, nameOf } from "./dom.js";
import { askFor, complain, dialog, menu } from "./dialogs.js";
import { currentTheme, toggleTheme } from "./theme.js";

/** Opens the menu at its button. */
export async function mainMenu(at, me, openChat) {
  let state;
  try {
    state = await get("/state");
  } catch (error) {
    complain(error);
    return;
  }
  const people = state.users.map((user) => ({
    label: user.id === me.id ? `${nameOf(user)} (this tab)` : nameOf(user),
    icon: avatar(user.id, nameOf(user), "tiny"),
    href: `/?as=${user.id}`,
    current: user.id === me.id,
  }));
  menu(at, [
    ...people,
    { label: "New person…", icon: "plus", act: newPerson },
    { label: "New bot…", icon: "bot", act: () => newBot(me, openChat) },
    { label: "New group…", icon: "user", act: () => newGroup(me, state, openChat) },
    {
      label: currentTheme() === "dark" ? "Day mode" : "Night mode",
      icon: currentTheme() === "dark" ? "sun" : "moon",
      act: toggleTheme,
    },
  ]);
}

async function newPerson() {
  const fields = [
    { name: "first_name", label: "First name", required: true },
    { name: "last_name", label: "Last name" },
    { name: "username", label: "Username" },
  ];
  const names = await askFor("New person", fields, "Create", "Each person can be open in a tab of their own.");
  if (!names) return;
  try {
    const user = await post("/users", Object.fromEntries(Object.entries(names).filter(([, value]) => value)));
    location.assign(`/?as=${user.id}`);
  } catch (error) {
    complain(error);
  }
}

/** What @BotFather does: a bot with a token, for a program on this machine. */
async function newBot(me, openChat) {
  const fields = [
    { name: "name", label: "Name", required: true },
    { name: "username", label: "Username, ending in “bot”", required: true },
  ];
  const asked = await askFor(
    "New bot",
    fields,
    "Create",
    "You get a token to run a bot of your own against this playground.",
  );
  if (!asked) return;
  try {
    const { bot, token } = await post("/bots", {
      owner_id: me.id,
      ...asked,
      username: asked.username.replace(/^@/, ""),
    });
    await dialog("Your bot’s token", (close) => [
      el("h2", {}, `@${bot.username}`),
      el("p", {}, "Use this token to reach the Bot API of this playground:"),
      el("p", {}, el("code", { class: "token" }, token)),
      el("p", { class: "hint" }, `${location.origin}/bot<token>/<method>`),
      el(
        "div",
        { class: "sheet-buttons" },
        el(
          "button",
          { type: "button", class: "flat", onclick: () => navigator.clipboard.writeText(token) },
          "Copy token",
        ),
        el("button", { type: "button", class: "flat", onclick: () => close(true) }, "Open chat"),
      ),
    ]);
    openChat(`@${bot.username}`);
  } catch (error) {
    complain(error);
  }
}

async function newGroup(me, state, openChat) {
  const others = [...state.users.filter((user) => user.id !== me.id), ...state.bots];
  const made = await dialog("New group", (close) => {
    const title = el("input", {
      id: "group-title",
      required: true,
      maxlength: "128",
      autocomplete: "off",
      autofocus: true,
    });
    const boxes = others.map((one) =>
      el(
        "label",
        { class: "member" },
        el("input", { type: "checkbox", value: String(one.id) }),
        avatar(one.id, nameOf(one), "tiny"),
        el("span", {}, nameOf(one)),
        one.username && el("small", { class: "hint" }, `@${one.username}`),
      ),
    );
    const submit = (event) => {
      event.preventDefault();
      const members = [...event.currentTarget.querySelectorAll("input:checked")].map((box) => Number(box.value));
      close({ type: "supergroup", title: title.value.trim(), creator_id: me.id, member_ids: members });
    };
    return el(
      "form",
      { onsubmit: submit },
      el("h2", {}, "New group"),
      el("label", { class: "field", for: "group-title" }, el("span", {}, "Name"), title),
      el("div", { class: "members", role: "group", "aria-label": "Members" }, boxes),
      el(
        "div",
        { class: "sheet-buttons" },
        el("button", { type: "button", class: "flat", onclick: () => close(null) }, "Cancel"),
        el("button", { type: "submit", class: "filled" }, "Create"),
      ),
    );
  });
  if (!made) return;
  try {
    openChat(String((await post("/chats", made)).id));
  } catch (error) {
    complain(error);
  }
}
