// The form in the Mini App: fields, faults beside them, thanks, and the person's own submissions.

import { confirmClosing, haptic, mainButton, noMainButton, popup } from './host.js';
import { field, mistake } from './fields.js';
import { count, moment, t } from './texts.js';
import { action, el, heading, notice, say, show } from './ui.js';

/** Show the form; answers a function that asks before it is left half filled. */
export function open(form, server) {
  let submissions = form.submissions;
  let fields = [];
  let key = '';
  let sending = false;
  fill();
  return mayLeave;

  function fill() {
    key = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`; // the same filled form sent twice counts once
    fields = form.fields.map((description) => field(description, changed));
    const page = el('form', { novalidate: true, 'aria-label': form.title, onsubmit: submit, onkeydown: enter },
      ...fields.map(({ node }) => node),
      el('div', { class: 'bottom' }, el('button', { type: 'submit', class: 'filled' }, t('form_send'))));
    show(heading(form.title, form.intro), page, own());
    confirmClosing(false);
    mainButton({ visible: true, active: true, progress: false, text: t('form_send'), press: submit });
  }

  /** Enter goes on to the next field: a form is not sent half filled by a phone's return key. */
  function enter(event) {
    if (event.key !== 'Enter' || event.isComposing || !event.target.matches('input.box')) return;
    event.preventDefault();
    const next = fields[fields.findIndex(({ node }) => node.contains(event.target)) + 1];
    if (next) next.focus();
    else submit();
  }

  function changed() {
    confirmClosing(fields.some((one) => !one.isEmpty()));
  }

  async function submit(event) {
    event?.preventDefault?.();
    if (sending) return;
    const wrong = fields.map((one) => one.fault(mistake(one.description, one.value()))).filter(Boolean).length;
    if (wrong > 0) {
      pointOut(wrong);
      return;
    }
    busy(true);
    try {
      const { submission, thanks: words } = await server.call('POST', '/submissions', parcel());
      if (!server.isCurrent()) return;
      submissions = [submission, ...submissions.filter(({ id }) => id !== submission.id)];
      thanks(words || form.thanks);
    } catch (failure) {
      if (!server.isCurrent()) return;
      busy(false);
      refused(failure);
    }
  }

  function parcel() {
    const body = new FormData();
    const answers = {};
    for (const one of fields) {
      if (one.isEmpty()) continue;
      const value = one.value();
      if (value instanceof Blob) body.append(one.description.id, value, value.name ?? 'photo.jpg');
      else answers[one.description.id] = value;
    }
    body.append('answers', JSON.stringify(answers));
    body.append('key', key);
    return body;
  }

  function refused(failure) {
    const faults = failure.answer?.fields ?? {};
    const wrong = fields.map((one) => one.fault(faults[one.description.id] ?? '')).filter(Boolean).length;
    if (wrong > 0) {
      pointOut(wrong);
    } else {
      haptic('error');
      popup(failure.sentence ?? t('broken_text'));
    }
  }

  function pointOut(wrong) {
    haptic('error');
    say(count('form_fix', wrong));
    fields.find((one) => one.hasFault()).focus();
  }

  function busy(now) {
    sending = now;
    mainButton({ active: !now, progress: now });
    const button = document.querySelector('button[type=submit]');
    button.disabled = now;
    button.textContent = t(now ? 'form_sending' : 'form_send');
  }

  function thanks(words) {
    sending = false;
    haptic('success');
    confirmClosing(false);
    noMainButton();
    show(notice({ icon: 'check', tone: 'good', title: t('form_thanks'), text: words || t('form_thanks_text'), actions: [
      action(t('form_another'), fill, 'quiet'),
    ] }), own(true));
  }

  function own(isOpen = false) {
    if (submissions.length === 0) return null;
    const list = el('div', {}, ...submissions.map(card));
    return el('details', { class: 'own', open: isOpen }, el('summary', {}, `${t('form_mine')} (${submissions.length})`), list);
  }

  function card(submission) {
    const answers = submission.answers.map(({ label, text }) => [el('dt', {}, label), el('dd', {}, text || t('form_no_answer'))]);
    const when = moment(submission.at);
    return el('section', { class: 'group answers', 'aria-label': when },
      el('p', { class: 'when' }, when), el('dl', {}, ...answers.flat()),
      el('button', { type: 'button', class: 'row danger', onclick: (event) => withdraw(submission, event.target) }, t('form_withdraw')));
  }

  async function withdraw(submission, button) {
    const answer = await popup(t('form_withdraw_ask'), [
      { id: 'withdraw', type: 'destructive', text: t('form_withdraw') }, { id: '', type: 'cancel' }]);
    if (answer !== 'withdraw') return;
    button.disabled = true;
    try {
      ({ submissions } = await server.call('DELETE', `/submissions/${submission.id}`));
      if (!server.isCurrent()) return;
      haptic('success');
      const details = document.querySelector('details.own');
      const rest = own(true);
      if (rest) details.replaceWith(rest);
      else details.remove();
      say(t('form_withdrawn'));
      (document.querySelector('details.own summary') ?? document.querySelector('h1')).focus();
    } catch (failure) {
      button.disabled = false;
      popup(failure.sentence ?? t('broken_text'));
    }
  }

  async function mayLeave() {
    if (sending) return false;
    if (fields.every((one) => one.isEmpty()) || !document.querySelector('main form')) return true;
    const answer = await popup(t('form_leave_ask'), [
      { id: 'leave', type: 'destructive', text: t('form_leave') }, { id: 'stay', type: 'default', text: t('form_stay') }]);
    return answer === 'leave';
  }
}
