// The form in which a person puts a poll together: question, options, and whether it is a quiz with a right answer.

import { Refused } from "./api.js";
import { el, icon } from "./dom.js";
import { dialog } from "./dialogs.js";

const MOST_OPTIONS = 12;

/**
 * Shows the form; `kind` "quiz" or "regular" leaves no choice of it, `open` asks who can see the votes (not in channels).
 * `send(poll)` sends it and may raise `Refused`, whose sentence is shown.  Resolves when it was sent or given up.
 */
export function pollForm({ kind, open = true }, send) {
  return dialog("New poll", (close) => form(kind, open, send, close), { kind: "poll-form" });
}

function form(kind, open, send, close) {
  const question = el("input", {
    id: "poll-question",
    placeholder: "Ask a question",
    maxlength: "300",
    required: true,
    autocomplete: "off",
    autofocus: true,
  });
  const options = el("div", { class: "poll-options", role: "group", "aria-label": "Options" });
  const anonymous = check("Anonymous voting", true);
  const several = check("Several answers", false);
  const quiz = check("Quiz with a right answer", kind === "quiz");
  const explanation = el("input", { id: "poll-explanation", maxlength: "200", autocomplete: "off" });
  const why = el(
    "label",
    { class: "field", for: "poll-explanation" },
    el("span", {}, "Explanation, shown after an answer"),
    explanation,
  );
  const fault = el("p", { class: "fault", role: "alert" });
  const submit = el("button", { type: "submit", class: "filled" }, "Send");

  const inputs = () => [...options.querySelectorAll("input:not([type=radio])")];
  const follow = () => {
    why.hidden = !quiz.box.checked;
    several.row.hidden = quiz.box.checked;
    options.classList.toggle("quiz", quiz.box.checked);
    const last = inputs().at(-1);
    if ((!last || last.value.trim()) && inputs().length < MOST_OPTIONS) options.append(optionLine(inputs().length + 1));
  };
  options.append(optionLine(1));
  options.append(optionLine(2));
  options.addEventListener("input", follow);
  options.addEventListener("keydown", (event) => nextOption(event, inputs()));
  quiz.box.addEventListener("change", follow);
  follow();

  const poll = () => {
    const filled = inputs().filter((input) => input.value.trim());
    const isQuiz = quiz.box.checked;
    const right = filled.findIndex((input) => input.closest(".poll-line").querySelector("[type=radio]").checked);
    return {
      question: question.value.trim(),
      options: filled.map((input) => input.value.trim()),
      type: isQuiz ? "quiz" : "regular",
      ...(open ? { is_anonymous: anonymous.box.checked } : {}),
      ...(isQuiz ? quizOf(right, explanation.value.trim()) : { allows_multiple_answers: several.box.checked }),
    };
  };

  const onsubmit = async (event) => {
    event.preventDefault();
    const made = poll();
    fault.textContent = lackOf(made);
    if (fault.textContent) return;
    submit.disabled = true;
    try {
      await send(made);
      close(made);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      fault.textContent = error.message;
    } finally {
      submit.disabled = false;
    }
  };
  return el(
    "form",
    { onsubmit, novalidate: true },
    el("h2", {}, kind === "quiz" ? "New quiz" : "New poll"),
    el("label", { class: "field", for: "poll-question" }, el("span", {}, "Question"), question),
    options,
    open && anonymous.row,
    several.row,
    kind === undefined && quiz.row,
    why,
    fault,
    el(
      "div",
      { class: "sheet-buttons" },
      el("button", { type: "button", class: "flat", onclick: () => close(null) }, "Cancel"),
      submit,
    ),
  );
}

const quizOf = (right, explanation) => ({
  correct_option_ids: right < 0 ? [] : [right],
  ...(explanation ? { explanation } : {}),
});

/** What is still missing, in one sentence, or nothing. */
function lackOf(poll) {
  if (!poll.question) return "Ask a question first.";
  if (poll.options.length < 2) return "Give at least two options.";
  if (poll.type === "quiz" && !poll.correct_option_ids.length) return "Mark the right answer.";
  return "";
}

function check(label, checked) {
  const box = el("input", { type: "checkbox", checked });
  return { box, row: el("label", { class: "check-line" }, box, el("span", {}, label)) };
}

function optionLine(number) {
  return el(
    "div",
    { class: "poll-line" },
    el(
      "label",
      { class: "poll-right", title: "The right answer" },
      el("input", { type: "radio", name: "right", "aria-label": `Option ${number} is right` }),
      icon("check"),
    ),
    el("input", {
      "aria-label": `Option ${number}`,
      placeholder: number > 2 ? "Add an option" : `Option ${number}`,
      maxlength: "100",
      autocomplete: "off",
    }),
  );
}

/** Enter in an option goes to the next one; Backspace in an empty one goes back. */
function nextOption(event, inputs) {
  const at = inputs.indexOf(event.target);
  if (at < 0) return;
  const next =
    event.key === "Enter" ? inputs[at + 1] : event.key === "Backspace" && !event.target.value && inputs[at - 1];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
