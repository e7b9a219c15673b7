// The inputs of a form, one maker per kind of field.  Each answers
//   {description, node, value(), isEmpty(), fault(sentence), hasFault(), focus()}

import { haptic } from './host.js';
import { photo } from './photo.js';
import { count, t } from './texts.js';
import { el, symbol } from './ui.js';

const LONGEST = { text: 2000, email: 254, phone: 40, number: 40 };
const MAKERS = { choice: chips, choices: chips, rating: stars, photo };

/** The field for one question; `changed` is called whenever the answer changes. */
export function field(description, changed) {
  const id = `field-${description.id}`;
  const faultId = `${id}-fault`;
  const noteId = `${id}-note`;
  const touched = () => {
    fault('');
    changed();
  };
  const input = (MAKERS[description.kind] ?? line)(description, id, touched);
  const fault_ = el('p', { class: 'fault', id: faultId, hidden: true });
  const note = noteOf(description);
  const name = [description.label, description.required && el('span', { class: 'mark', 'aria-hidden': 'true' }, ' *')];
  const isGroup = input.node.matches('[role=group],[role=radiogroup]');
  const title = isGroup ? el('span', { id: `${id}-name` }, ...name) : el('label', { for: id }, ...name);
  const node = el('div', { class: 'field' },
    el('div', { class: 'name' }, title, !description.required && el('span', { class: 'aside' }, t('form_optional'))),
    input.node, note && el('p', { class: 'note', id: noteId }, note), fault_);
  if (isGroup) input.node.setAttribute('aria-labelledby', `${id}-name`);
  const target = input.target ?? input.node;
  if (description.required && !['group'].includes(input.node.getAttribute('role'))) target.setAttribute('aria-required', 'true');
  const describe = () => target.setAttribute('aria-describedby', `${note ? noteId : ''} ${fault_.hidden ? '' : faultId}`.trim());
  describe();

  function fault(sentence) {
    if (fault_.textContent === sentence) return sentence;
    fault_.textContent = sentence;
    fault_.hidden = !sentence;
    node.classList.toggle('wrong', Boolean(sentence));
    if (sentence) target.setAttribute('aria-invalid', 'true');
    else target.removeAttribute('aria-invalid');
    describe();
    return sentence;
  }

  return {
    description,
    node,
    value: input.value,
    isEmpty: () => isEmpty(input.value()),
    fault,
    hasFault: () => !fault_.hidden,
    focus() {
      (input.focus ?? (() => target.focus()))();
      node.scrollIntoView({ block: 'center', behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' });
    },
  };
}

/** What is plainly wrong with an answer, as a sentence, or ''.  The server has the last word. */
export function mistake({ kind, required, minimum, maximum }, value) {
  if (isEmpty(value)) return required ? t('bad_required') : '';
  if (kind === 'number') {
    if (!/^[-+−]?[\d\s.,'’_]*\d[\d\s.,'’_]*$/.test(value)) return t('bad_number');
    const n = /^[-+]?\d+(?:[.,]\d+)?$/.test(value) ? Number(value.replace(',', '.')) : NaN; // the rest is for the server
    if (n < (minimum ?? n) || n > (maximum ?? n)) return capital(between(minimum, maximum));
  }
  if (kind === 'email' && !/^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/.test(value)) return t('bad_email');
  if (kind === 'phone' && (!/^\+?[\d\s()./-]+$/.test(value) || value.replace(/\D/g, '').length < 6)) return t('bad_phone');
  if (kind === 'date' && !/^\d{4}-\d{2}-\d{2}$/.test(value)) return t('bad_date');
  return '';
}

function isEmpty(value) {
  return value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

function noteOf({ kind, minimum, maximum }) {
  if (kind === 'choices') return t('form_several');
  return kind === 'number' ? between(minimum, maximum) : '';
}

function between(least, most) {
  const has = (bound) => bound !== null && bound !== undefined;
  if (has(least) && has(most)) return t('form_number_between', { least, most });
  if (has(least)) return t('form_number_least', { least });
  return has(most) ? t('form_number_most', { most }) : '';
}

const capital = (sentence) => `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;

// ---- text, number, date, phone, e-mail

const INPUTS = {
  number: { inputmode: 'decimal', autocomplete: 'off' },
  date: { type: 'date' },
  phone: { type: 'tel', inputmode: 'tel', autocomplete: 'tel' },
  email: { type: 'email', inputmode: 'email', autocomplete: 'email', autocapitalize: 'none', spellcheck: 'false' },
};

function line({ kind, id: name }, id, touched) {
  const isText = kind === 'text';
  const input = isText
    ? el('textarea', { id, name, rows: '1', class: 'box', maxlength: LONGEST.text })
    : el('input', { id, name, type: 'text', class: 'box', enterkeyhint: 'next', maxlength: kind === 'date' ? null : LONGEST[kind], ...INPUTS[kind] });
  input.addEventListener('input', () => {
    if (isText) grow(input);
    touched();
  });
  return { node: input, value: () => input.value.trim() };
}

function grow(area) {
  area.style.height = 'auto';
  area.style.height = `${area.scrollHeight}px`;
}

// ---- choices as chips

function chips({ kind, id: name, options, required }, id, touched) {
  const several = kind === 'choices';
  const boxes = options.map((option, index) => el('input', {
    type: several ? 'checkbox' : 'radio', name: id, id: `${id}-${index}`, value: option, class: 'unseen', onchange: chosen,
  }));
  const clear = el('button', { type: 'button', class: 'chip clear', hidden: true, onclick: forget }, t('form_clear'));
  const node = el('div', { class: 'chips', role: several ? 'group' : 'radiogroup', 'data-name': name },
    ...boxes.map((box) => [box, el('label', { class: 'chip', for: box.id }, symbol('check'), el('span', {}, box.value))]).flat(),
    !several && !required && clear);

  function chosen() {
    haptic('selection');
    clear.hidden = !boxes.some((box) => box.checked);
    touched();
  }

  function forget() {
    for (const box of boxes) box.checked = false;
    chosen();
    boxes[0].focus();
  }

  const values = () => boxes.filter((box) => box.checked).map((box) => box.value);
  return { node, value: () => (several ? values() : values()[0] ?? ''), focus: () => (boxes.find((box) => box.checked) ?? boxes[0]).focus() };
}

// ---- rating

function stars({ required }, id, touched) {
  const boxes = [1, 2, 3, 4, 5].map((n) => el('input', {
    type: 'radio', name: id, id: `${id}-${n}`, value: String(n), class: 'unseen', 'aria-label': count('form_stars', n), onchange: chosen,
  }));
  const clear = el('button', { type: 'button', class: 'chip clear', hidden: true, onclick: forget }, t('form_clear'));
  const labels = boxes.map((box) => el('label', { for: box.id, class: 'star' }, symbol('star')));
  const node = el('div', { class: 'stars', role: 'radiogroup' }, ...boxes.map((box, index) => [box, labels[index]]).flat(), !required && clear);
  const chosenOne = () => boxes.findIndex((box) => box.checked);

  function chosen() {
    haptic('selection');
    for (const [index, label] of labels.entries()) label.classList.toggle('lit', index <= chosenOne());
    clear.hidden = chosenOne() < 0;
    touched();
  }

  function forget() {
    for (const box of boxes) box.checked = false;
    chosen();
    boxes[0].focus();
  }

  return { node, value: () => (chosenOne() < 0 ? '' : chosenOne() + 1), focus: () => (boxes[chosenOne()] ?? boxes[0]).focus() };
}
