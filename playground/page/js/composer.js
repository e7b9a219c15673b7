// The writing field: text, commands, files, the reply keyboard, the menu button; or one large button to start.

import { byId, el, fill, icon, iconButton, nameOf, renew } from "./dom.js";
import { complain, menu } from "./dialogs.js";
import { commandList } from "./commands.js";
import { inlineList } from "./inline.js";
import { replyKeyboard } from "./keyboard.js";
import { sendContact, sendDice, sendFiles, sendLocation, sendPoll } from "./attach.js";
import { summary } from "./bubble.js";

/**
 * Makes the writing field.  `deeds` gives say(text, replyTo), edit(message, text), start(payload), restart(),
 * pressKey(button), openMenuApp(), openOverResults(bot, queryId, button).  Returns {reply(message), edit(message), write(text), focus(), startWith(peer, payload)}.
 */
export function composer(store, deeds) {
  const box = byId("composer");
  const text = el("textarea", {
    id: "write",
    rows: "1",
    "aria-label": "Message",
    placeholder: "Message",
    dir: "auto",
    autocomplete: "off",
  });
  const commands = commandList(text, (command) => send(`/${command}`));
  const results = inlineList(text, store, {
    sent: () => (grow(), store.refresh()),
    asking: (waits) => box.classList.toggle("asking", waits),
    openOverResults: deeds.openOverResults,
  });
  const drafts = new Map(); // what was typed and not sent, by chat
  let state = { peer: null, replyTo: null, editing: null, keysShown: true, keyboard: null, payload: null };

  const send = async (words = text.value.trim()) => {
    if (!words || !store.open) return;
    const { replyTo, editing } = state;
    const typed = text.value;
    text.value = "";
    state.replyTo = state.editing = null;
    grow();
    draw();
    try {
      await (editing ? deeds.edit(editing, words) : deeds.say(words, replyTo?.message_id));
    } catch (error) {
      text.value = text.value || typed;
      grow();
      complain(error);
    }
  };

  const grow = () => {
    text.style.setProperty("height", "auto");
    text.style.setProperty("height", `${Math.max(24, Math.min(text.scrollHeight, 220))}px`);
    box.classList.toggle("filled-in", text.value.trim() !== "");
    commands.filter();
    results.filter();
  };

  text.addEventListener("input", grow);
  text.addEventListener("keydown", (event) => {
    if (commands.key(event) || results.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      send();
    }
    if (event.key === "Escape" && (state.replyTo || state.editing)) {
      event.stopPropagation();
      leave();
    }
  });
  text.addEventListener("paste", (event) => {
    const files = [...event.clipboardData.files];
    if (files.length) event.preventDefault();
    if (files.length) sendFiles(store, files);
  });

  const reply = (message) => {
    state.replyTo = message;
    draw();
    text.focus();
  };

  /** Puts words into the field for the person to go on with. */
  const write = (words) => {
    text.value = words;
    draw();
    text.focus();
  };

  const edit = (message) => {
    state.editing = message;
    write(message.text ?? message.caption ?? "");
  };

  /** Neither replies nor edits after all. */
  const leave = () => {
    if (state.editing) text.value = "";
    state.replyTo = state.editing = null;
    draw();
    text.focus();
  };

  // The parts stay; only what changed in them is drawn anew, so that typing is never disturbed.
  const parts = {
    big: el("div"),
    reply: el("div"),
    menu: el("span", { class: "slot" }),
    commands: el("span", { class: "slot" }),
    toggle: el("span", { class: "slot" }),
    keys: el("div"),
  };
  const attach = iconButton("attach", "Attach", (event) => attachMenu(event.currentTarget), {
    "aria-haspopup": "menu",
  });
  const writeBox = el("div", { class: "write-box" }, attach, text, parts.commands, parts.toggle);
  const line = el(
    "div",
    { class: "write-line" },
    parts.menu,
    writeBox,
    iconButton("send", "Send", () => send(), { class: "round send" }),
  );
  const writing = el("div", { hidden: true }, parts.reply, line, commands.element, results.element, parts.keys);
  fill(box, parts.big, writing);

  const draw = () => {
    const { open } = store;
    if (!open) return;
    if (state.peer !== open.peer) enter(open);
    const { info, keyboard } = open;
    followKeyboard(keyboard);
    const closed = insteadOfWriting(info);
    renew(parts.big, [open.peer, closed?.words], () => closed?.make());
    writing.hidden = Boolean(closed);
    if (closed) return;
    const keys = keyboard?.keyboard?.length ? keyboard : null;
    const isApp = info.menu_button?.type === "web_app";
    commands.set(info.commands);
    text.placeholder = keys?.input_field_placeholder ?? "Message";
    renew(parts.reply, [state.replyTo, state.editing], replyBar);
    renew(parts.menu, [info.kind, info.menu_button, info.commands.length > 0], () => menuButton(info));
    renew(
      parts.commands,
      isApp && info.commands.length > 0,
      (shown) => shown && iconButton("commands", "Commands", commands.toggle, { class: "round if-empty" }),
    );
    renew(
      parts.toggle,
      [Boolean(keys), state.keysShown],
      () =>
        keys &&
        iconButton(
          state.keysShown ? "down" : "keyboard",
          state.keysShown ? "Hide the reply keyboard" : "Show the reply keyboard",
          toggleKeys,
        ),
    );
    renew(parts.keys, state.keysShown && keys, (shown) => shown && replyKeyboard(shown, deeds.pressKey));
    grow();
  };

  /** What stands there when nothing can be written: a note, or the one large button. */
  const insteadOfWriting = (info) => {
    const note = (words) => ({ words, make: () => el("p", { class: "closed" }, words) });
    const button = (words, deed) => ({ words, make: () => big(words, deed) });
    if (!info.can_write && info.kind !== "bot") return note(whyNot(info));
    if (info.kind !== "bot") return null;
    if (info.blocked) return button("Restart bot", deeds.restart);
    return !info.started || state.payload !== null ? button("Start", start) : null;
  };

  const start = async () => {
    const { payload } = state;
    state.payload = null;
    await deeds.start(payload);
    text.focus({ preventScroll: true });
  };

  /** A new reply keyboard shows itself; one that only stays does not come back by itself after it was hidden. */
  const followKeyboard = (keyboard) => {
    const stamp = JSON.stringify(keyboard);
    if (stamp === state.keyboard) return;
    state.keyboard = stamp;
    state.keysShown = true;
  };

  const enter = (open) => {
    if (state.peer !== null) drafts.set(state.peer, text.value);
    const payload = state.waiting?.peer === open.peer ? state.waiting.payload : null;
    state = { peer: open.peer, replyTo: null, editing: null, keysShown: true, keyboard: null, payload };
    text.value = drafts.get(open.peer) ?? "";
  };

  const replyBar = () => {
    const about = state.editing ?? state.replyTo;
    if (!about) return null;
    const title = state.editing ? "Edit message" : nameOf(about.from ?? about.chat);
    const label = state.editing ? "Do not edit" : "Do not reply";
    return el(
      "div",
      { class: "reply-bar" },
      icon(state.editing ? "edit" : "reply"),
      el("span", { class: "quote" }, el("b", {}, title), el("span", {}, summary(about))),
      iconButton("close", label, leave),
    );
  };

  const toggleKeys = () => {
    state.keysShown = !state.keysShown;
    draw();
    text.focus({ preventScroll: true });
  };

  const menuButton = (info) => {
    if (info.kind === "bot" && info.menu_button?.type === "web_app") {
      const words = info.menu_button.text;
      return el(
        "button",
        { type: "button", class: "menu-button app", onclick: deeds.openMenuApp, "aria-label": `Open ${words}` },
        icon("app"),
        el("span", {}, words),
      );
    }
    if (info.commands.length === 0) return null;
    return el(
      "button",
      {
        type: "button",
        class: "menu-button",
        onclick: commands.toggle,
        "aria-label": "Commands menu",
        "aria-haspopup": "listbox",
      },
      icon("menu"),
      el("span", {}, "Menu"),
    );
  };

  const attachMenu = (at) =>
    menu(at, [
      { label: "Photo", icon: "image", act: () => sendFiles(store, null, "photo") },
      { label: "File", icon: "file", act: () => sendFiles(store, null, "document") },
      { label: "Contact", icon: "user", act: () => sendContact(store) },
      { label: "Location", icon: "pin", act: () => sendLocation(store) },
      { label: "Poll", icon: "poll", act: () => sendPoll(store) },
      { label: "Dice", icon: "plus", act: () => sendDice(store) },
    ]);

  const focus = () =>
    matchMedia("(hover: hover)").matches &&
    (writing.hidden ? parts.big.querySelector("button") : text)?.focus({ preventScroll: true });
  const startWith = (peer, payload) => {
    state.waiting = { peer, payload };
    if (state.peer === peer) state.payload = payload;
    draw();
  };
  store.on("open", draw);
  return { reply, edit, write, focus, startWith };
}

const whyNot = (info) => {
  if (info.kind === "channel") return "Only administrators write in this channel.";
  return info.status === "restricted" ? "You may not write in this chat." : "You are not a member of this chat.";
};

const big = (words, onclick) =>
  el(
    "button",
    {
      type: "button",
      class: "big-button",
      onclick: (event) => {
        const button = event.currentTarget;
        button.disabled = true;
        Promise.resolve(onclick())
          .catch(complain)
          .finally(() => (button.disabled = false));
      },
    },
    words,
  );
