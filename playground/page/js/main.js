// Where the page begins: finds out who is sitting here, builds the two columns, and follows the address bar.

import { get, Person, Refused } from "./api.js";
import { chatList } from "./chats.js";
import { composer } from "./composer.js";
import { deeds } from "./deeds.js";
import { avatar, byId, el, fill, iconButton, nameOf } from "./dom.js";
import { complain, tell } from "./dialogs.js";
import { sendFiles } from "./attach.js";
import { showHeader, showPinned } from "./header.js";
import { showMessages, watchScroll } from "./messages.js";
import { mainMenu } from "./people.js";
import { Store } from "./store.js";
import "./theme.js";

async function main() {
  const me = await whoAmI();
  const store = new Store(new Person(me));
  const go = (peer) => openPeer(store, peer);
  const writing = {};
  const does = deeds(store, {
    go,
    startWith: (...what) => writing.field.startWith(...what),
    write: (text) => writing.field.write(text),
  });
  writing.field = composer(store, does);
  frame(store, me, go);
  chatList(store);
  watchScroll();
  store.on("open", () => draw(store, me, does, writing.field));
  store.on("online", () => (byId("offline").hidden = store.online));
  addEventListener("hashchange", () => follow(store, writing.field));
  document.addEventListener("visibilitychange", () => (document.hidden ? store.hidden() : store.returned()));
  store.on("chats", () => (document.title = titleOf(store, me)));
  document.addEventListener("keydown", (event) => shortcuts(event, store));
  acceptDrops(store);
  store.follow();
  await follow(store, writing.field);
  document.body.dataset.ready = "true";
}

/** The person of `?as=`, or the one the playground is for. */
async function whoAmI() {
  const state = await get("/state");
  const wanted = new URLSearchParams(location.search).get("as");
  if (wanted === null) return state.me;
  const user = state.users.find((one) => String(one.id) === wanted);
  if (!user) throw new Refused(`There is no person ${wanted} in this playground.`, 404);
  return user;
}

/** The tab's title: what is unread, and whose tab it is. */
function titleOf(store, me) {
  const unread = store.chats.reduce((sum, chat) => sum + chat.unread, 0);
  return `${unread ? `(${unread}) ` : ""}${nameOf(me)} · Playground`;
}

/** The parts that stand from the start. */
function frame(store, me, go) {
  const open = (event) => mainMenu(event.currentTarget, me, go);
  fill(
    byId("me"),
    el(
      "button",
      {
        type: "button",
        class: "me",
        "aria-label": `You are ${nameOf(me)}. Menu`,
        title: "Menu",
        "aria-haspopup": "menu",
        onclick: open,
      },
      avatar(me.id, nameOf(me), "small"),
    ),
  );
  fill(
    byId("clear-search-icon"),
    iconButton("close", "Clear search", () => {}, { id: "clear-search", hidden: true }),
  );
}

/** The chat the address bar names, or none. */
async function follow(store, field) {
  const peer = decodeURIComponent(location.hash.slice(1));
  if (!peer) {
    store.closeChat();
    return;
  }
  try {
    await store.openChat(peer);
    field.focus();
  } catch (error) {
    complain(error);
    location.replace("#");
  }
}

/** Opens a chat by changing the address, so that "back" works. */
async function openPeer(store, peer) {
  const info = await store.person.chat(peer);
  const address = `#${info.chat.username ? `@${info.chat.username}` : info.chat.id}`;
  if (decodeURIComponent(location.hash) === address) return;
  const opened = new Promise((resolve) => {
    const check = () => store.open?.peer === info.chat.id && (store.removeEventListener("open", check), resolve());
    store.on("open", check);
  });
  location.hash = address;
  await opened;
}

const back = () => (location.hash = "");

/** Draws the right column. */
function draw(store, me, does, field) {
  const { open } = store;
  document.body.dataset.view = open ? "chat" : "list";
  byId("empty").hidden = Boolean(open);
  byId("chat").hidden = !open;
  if (!open) {
    history.replaceState(null, "", location.pathname + location.search);
    return;
  }
  showHeader(store, back);
  showPinned(open.info);
  const context = {
    me,
    info: open.info,
    readUpTo: open.info.read_up_to,
    file: (id) => store.person.file(id),
    ...does,
    reply: field.reply,
    edit: field.edit,
  };
  showMessages(open.peer, store.messages(), open.draft, open.draftEntities, context);
  welcome(store, open);
}

/** What a bot says of itself before anybody has started it. */
function welcome(store, open) {
  const text = open.info.profile?.description;
  const box = byId("welcome");
  box.hidden = open.messages.size > 0;
  if (box.hidden) return;
  const words =
    open.info.kind === "bot"
      ? [
          el("b", {}, text ? "What can this bot do?" : nameOf(open.info.chat)),
          el("p", { dir: "auto" }, text || "Press Start to begin."),
        ]
      : el("p", {}, "No messages yet.");
  fill(box, words);
}

function shortcuts(event, store) {
  if (event.defaultPrevented || document.querySelector("dialog[open], .menu")) return;
  if (event.key === "Escape" && store.open) back();
  if ((event.ctrlKey || event.metaKey) && event.key === "k") {
    event.preventDefault();
    byId("search").focus();
  }
}

/** Files dropped on the chat are sent. */
function acceptDrops(store) {
  const chat = byId("chat");
  chat.addEventListener("dragover", (event) => event.preventDefault());
  chat.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files.length) sendFiles(store, [...event.dataTransfer.files]);
  });
}

main().catch((error) => tell("The playground", error.message));
