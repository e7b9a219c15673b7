// Inline mode: "@bot words" in the writing field asks that bot, and what it offers is listed above the field.

import { el, fill } from "./dom.js";
import { complain } from "./dialogs.js";

const ASKS = /^@([A-Za-z][A-Za-z0-9_]{3,31})\s([^]*)$/;
const REST = 350; // milliseconds of rest before the bot is asked

/** Makes the list for this writing field; `sent()` is called after a result was sent. */
export function inlineList(text, store, sent) {
  const element = el("ul", { class: "commands inline", role: "listbox", "aria-label": "Results", hidden: true });
  let asked = "";
  let timer = 0;

  const hide = () => {
    element.hidden = true;
    element.replaceChildren();
  };

  const ask = async (bot, query, words) => {
    try {
      const answer = await store.person.does(store.open.peer, "inline", { bot: `@${bot}`, query });
      if (asked !== words) return; // other words stand there by now
      const choose = (result) => pick(bot, answer.query_id, result.id);
      fill(
        element,
        answer.results.map((result) => resultItem(result, () => choose(result))),
        answer.results.length === 0 && el("li", { class: "hint" }, "No results"),
      );
      element.hidden = false;
    } catch (error) {
      if (asked === words && error.status === 504) complain(error);
      hide(); // a person's name or a bot without inline mode: then these are just words
    }
  };

  const pick = async (bot, queryId, resultId) => {
    hide();
    text.value = "";
    asked = "";
    await store.person
      .does(store.open.peer, "choose", { bot: `@${bot}`, query_id: queryId, result_id: resultId })
      .catch(complain);
    sent();
  };

  /** Follows what is typed. */
  const filter = () => {
    if (text.value === asked) return;
    asked = text.value;
    clearTimeout(timer);
    const match = ASKS.exec(asked);
    if (!match) return hide();
    const words = asked;
    timer = setTimeout(() => ask(match[1], match[2], words), REST);
  };
  return { element, filter };
}

function resultItem(result, onclick) {
  const words = result.content ?? {};
  const title = result.title ?? words.text ?? words.caption ?? result.type;
  const onkeydown = (event) => event.key === "Enter" && onclick();
  return el(
    "li",
    { role: "option", tabindex: "0", onclick, onkeydown },
    el("b", {}, title),
    el("span", {}, result.description ?? (result.title ? (words.text ?? "") : "")),
  );
}
