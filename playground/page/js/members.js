// The members of a group or channel: who is in it, who may what, and moving them.

import { get, post } from "./api.js";
import { avatar, el, iconButton, nameOf } from "./dom.js";
import { complain, dialog, menu } from "./dialogs.js";

const TITLES = { creator: "owner", administrator: "admin", restricted: "restricted" };

/** The list of members with what can be done to each; `move(user, status)` does it. */
export function memberList(info, me, move) {
  const manages = ["creator", "administrator"].includes(info.status);
  return el(
    "div",
    { class: "members", role: "group", "aria-label": "Members" },
    info.members.map(({ user, status }) =>
      el(
        "div",
        { class: "member" },
        avatar(user.id, nameOf(user), "tiny"),
        el(
          "span",
          { class: "member-name", dir: "auto" },
          nameOf(user),
          el("small", { class: "hint" }, user.is_bot ? " bot" : ""),
        ),
        el("small", { class: "hint" }, TITLES[status] ?? ""),
        manages &&
          status !== "creator" &&
          user.id !== me.id &&
          iconButton("dots", `What to do with ${nameOf(user)}`, (event) =>
            memberMenu(event.currentTarget, user, status, move),
          ),
      ),
    ),
  );
}

function memberMenu(at, user, status, move) {
  menu(at, [
    status === "administrator"
      ? { label: "Make an ordinary member", icon: "user", act: () => move(user, "member") }
      : { label: "Make an admin", icon: "user", act: () => move(user, "administrator") },
    status === "restricted"
      ? { label: "Lift the restriction", icon: "check", act: () => move(user, "member") }
      : { label: "Restrict", icon: "block", act: () => move(user, "restricted") },
    { label: "Remove", icon: "trash", danger: true, act: () => move(user, "left") },
    { label: "Ban", icon: "block", danger: true, act: () => move(user, "kicked") },
  ]);
}

/** Moves a member and brings the chat up to date. */
export const mover = (store) => (user, status) =>
  post(`/chats/${store.open.peer}/members`, { user_id: user.id, status, by: store.person.id })
    .then(() => store.refresh())
    .catch(complain);

/** Lets the person choose somebody who is not in the chat yet; resolves with the user, or null. */
export async function chooseMember(info) {
  const { users, bots } = await get("/state");
  const inside = new Set(info.members.map(({ user }) => user.id));
  const others = [...users, ...bots].filter((user) => !inside.has(user.id));
  return dialog("Add a member", (close) => [
    el("h2", {}, "Add a member"),
    el(
      "div",
      { class: "members" },
      others.map((user) =>
        el(
          "button",
          { type: "button", class: "member", onclick: () => close(user) },
          avatar(user.id, nameOf(user), "tiny"),
          el("span", { class: "member-name" }, nameOf(user)),
          el("small", { class: "hint" }, user.username ? `@${user.username}` : ""),
        ),
      ),
      others.length === 0 && el("p", { class: "hint" }, "Everybody is here already."),
    ),
    el(
      "div",
      { class: "sheet-buttons" },
      el("button", { type: "button", class: "flat", onclick: () => close(null) }, "Cancel"),
    ),
  ]);
}
