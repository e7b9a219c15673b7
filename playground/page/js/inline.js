// Inline mode: "@bot words" in the writing field asks that bot, and what it offers is listed above the field.

import { el, fill } from "./dom.js";
import { complain } from "./dialogs.js";
import { inGrid, resultItem } from "./results.js";

const ASKS = /^@([A-Za-z][A-Za-z0-9_]{3,31})\s([^]*)$/;
const REST = 350; // milliseconds of rest before the bot is asked
const NEAR = 160; // pixels from the end of the list at which more is asked for
const PATIENCE = 504; // what the playground answers when the bot was silent

/**
 * Makes the list for this writing field.  `sent()` is called after a result was sent, `asking(waits)` when the bot is asked and
 * has answered, `openOverResults(bot, queryId, button)` when the button over the results is pressed.
 */
export function inlineList(text, store, { sent, asking, openOverResults }) {
  const element = el("div", { class: "inline-panel", hidden: true });
  const list = el("ul", { id: "inline-results", role: "listbox", "aria-label": "Results" });
  let asked = ""; // the words in the field when the bot was asked
  let timer = 0;
  let offer = null; // what stands there: {bot, query, queryId, results, offset, grid}
  let active = 0;

  const hide = () => {
    asking(false);
    if (element.hidden) return;
    element.hidden = true;
    element.replaceChildren();
    offer = null;
    text.setAttribute("aria-controls", "commands");
    text.setAttribute("aria-expanded", "false");
    text.removeAttribute("aria-activedescendant");
  };

  const show = (...parts) => {
    fill(element, parts);
    element.hidden = false;
  };

  const draw = () => {
    const { bot, queryId, results, button, grid } = offer;
    list.className = grid ? "grid" : "";
    fill(
      list,
      results.map((result, index) =>
        resultItem(result, { index, grid, file: (id) => store.person.file(id), onclick: () => pick(result) }),
      ),
    );
    const over = button && el("button", { type: "button", class: "over-results" }, button.text);
    over?.addEventListener("click", () => (empty(), openOverResults(bot, queryId, button).catch(complain)));
    show(over, results.length ? list : el("p", { class: "nothing" }, "No results"));
    text.setAttribute("aria-controls", "inline-results");
    text.setAttribute("aria-expanded", "true");
    mark();
  };

  /** Shows which result Enter would send. */
  const mark = () => {
    [...list.children].forEach((item, index) => {
      item.classList.toggle("active", index === active);
      item.setAttribute("aria-selected", String(index === active));
    });
    list.children[active]?.scrollIntoView({ block: "nearest" });
    if (offer.results.length) text.setAttribute("aria-activedescendant", `result-${active}`);
  };

  const ask = async (bot, query) => {
    const words = asked;
    asking(true);
    try {
      const answer = await store.person.does(store.open.peer, "inline", { bot: `@${bot}`, query });
      if (asked !== words) return; // other words stand there by now
      active = 0;
      offer = { bot, query, ...offered(answer) };
      offer.grid = inGrid(offer.results);
      draw();
      asking(false);
    } catch (error) {
      if (asked !== words) return;
      hide(); // a person's name or a bot without inline mode: then these are just words
      if (error.status === PATIENCE) show(el("p", { class: "nothing" }, `@${bot} did not answer.`));
    }
  };

  const offered = (answer) => ({
    queryId: answer.query_id,
    results: answer.results,
    offset: answer.next_offset,
    button: answer.button,
  });

  // The mouse moves the mark as the arrow keys do; a list that moves under a resting mouse does not.
  list.addEventListener("pointermove", ({ target, movementX, movementY }) => {
    const index = [...list.children].indexOf(target.closest("[role=option]"));
    if (index < 0 || index === active || !(movementX || movementY)) return;
    active = index;
    mark();
  });

  /** Asks for the results after those that stand there. */
  const askMore = async () => {
    const before = offer;
    if (!before?.offset) return;
    const { bot, query, offset } = before;
    before.offset = "";
    const more = await store.person
      .does(store.open.peer, "inline", { bot: `@${bot}`, query, offset })
      .catch(() => null);
    if (!more || offer !== before) return;
    for (const result of more.results) result.queryId = more.query_id;
    before.results.push(...more.results);
    before.offset = more.next_offset;
    draw();
  };
  list.addEventListener("scroll", () => list.scrollHeight - list.scrollTop - list.clientHeight < NEAR && askMore(), {
    passive: true,
  });

  /** The field is empty again, as it is after a result was sent. */
  const empty = () => {
    hide();
    text.value = asked = "";
    sent();
  };

  const pick = async (result) => {
    const { bot, queryId } = offer;
    const { peer } = store.open;
    empty();
    await store.person
      .does(peer, "choose", { bot: `@${bot}`, query_id: result.queryId ?? queryId, result_id: result.id })
      .catch(complain);
    sent();
    text.focus({ preventScroll: true });
  };

  /** How far a key moves in the list: a grid has several results in a line. */
  const stepOf = (key) => {
    if (!offer.grid) return { ArrowDown: 1, ArrowUp: -1 }[key];
    const top = list.children[0].offsetTop;
    const columns = [...list.children].filter((item) => item.offsetTop === top).length;
    return { ArrowDown: columns, ArrowUp: -columns, ArrowRight: 1, ArrowLeft: -1 }[key];
  };

  /** Keys of the writing field while results stand there; true when one was used. */
  const key = (event) => {
    if (element.hidden || event.isComposing) return false;
    const count = offer?.results.length ?? 0;
    const step = count ? stepOf(event.key) : undefined;
    if (step) {
      const next = active + step;
      if (next >= 0 && next < count) active = next;
      else if (!offer.grid) active = (next + count) % count;
      mark();
    } else if (event.key === "Enter" && !event.shiftKey && count) pick(offer.results[active]);
    else if (event.key === "Escape") hide();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };

  /** Follows what is typed. */
  const filter = () => {
    if (text.value === asked) return;
    asked = text.value;
    clearTimeout(timer);
    const match = ASKS.exec(asked);
    if (!match) return hide();
    timer = setTimeout(() => ask(match[1], match[2]), REST);
  };
  return { element, filter, key };
}
