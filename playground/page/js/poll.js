// A poll in a bubble: choices while it is open, bars once this person has voted or it is closed.

import { el, icon } from "./dom.js";

/** The poll of a message; `vote(optionIds)` casts, an empty list takes the vote back. */
export function poll(message, vote) {
  const it = message.poll;
  const mine = new Set(it.chosen_option_ids ?? []);
  const settled = it.is_closed || mine.size > 0;
  const box = el("div", { class: "poll" }, el("b", {}, it.question), el("small", { class: "hint" }, kindOf(it)));
  if (settled) box.append(...it.options.map((option, index) => result(it, option, index, mine)));
  else box.append(ballot(it, vote));
  if (settled && it.explanation) box.append(el("p", { class: "poll-note" }, it.explanation));
  box.append(
    el(
      "div",
      { class: "poll-foot" },
      el("small", { class: "hint" }, votes(it)),
      settled && !it.is_closed && it.type !== "quiz" ? retract(vote) : null,
    ),
  );
  return box;
}

function kindOf(it) {
  if (it.is_closed) return "Final results";
  const who = it.is_anonymous === false ? "Poll" : "Anonymous poll";
  return it.type === "quiz" ? who.replace(/poll/i, "quiz") : who;
}

function votes(it) {
  const count = it.total_voter_count ?? 0;
  if (!count) return it.is_closed ? "No votes" : "No votes yet";
  return count === 1 ? "1 vote" : `${count} votes`;
}

function ballot(it, vote) {
  const many = it.allows_multiple_answers;
  const form = el("form", { class: "ballot" });
  const send = el("button", { type: "submit", class: "poll-send", disabled: true }, "Vote");
  const chosen = () => [...form.querySelectorAll("input:checked")].map((input) => Number(input.value));
  form.append(
    ...it.options.map((option, index) =>
      el(
        "label",
        {},
        el("input", { type: many ? "checkbox" : "radio", name: "option", value: String(index) }),
        el("span", {}, option.text),
      ),
    ),
  );
  if (many) form.append(send);
  form.addEventListener("change", () => {
    if (many) send.disabled = chosen().length === 0;
    else vote(chosen());
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (chosen().length) vote(chosen());
  });
  return form;
}

function result(it, option, index, mine) {
  const total = Math.max(1, it.total_voter_count ?? 0);
  const share = Math.round(((option.voter_count ?? 0) / total) * 100);
  const correct = it.correct_option_ids ? it.correct_option_ids.includes(index) : it.correct_option_id === index;
  const right = it.type === "quiz" && correct;
  const wrong = it.type === "quiz" && mine.has(index) && !right;
  const bar = el("i", { class: "bar" });
  bar.style.setProperty("width", `${Math.max(share, 1)}%`);
  const sign =
    mine.has(index) || right
      ? el("span", { class: `poll-sign ${wrong ? "wrong" : ""}` }, icon(wrong ? "close" : "check"))
      : null;
  return el(
    "div",
    { class: `poll-result ${right ? "right" : ""} ${wrong ? "wrong" : ""}` },
    el("span", { class: "share" }, `${share}%`),
    el("span", { class: "poll-option" }, el("span", {}, option.text, sign), bar),
  );
}

const retract = (vote) =>
  el("button", { type: "button", class: "inline-link", onclick: () => vote([]) }, "Retract vote");
