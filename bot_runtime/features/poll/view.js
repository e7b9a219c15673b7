// The poll in the Mini App: vote, change it, take it back, and watch the results move.

import { haptic, mainButton, noMainButton, openLink, popup } from './host.js';
import { count, moment, t } from './texts.js';
import { action, el, heading, say, show, symbol } from './ui.js';

const PAUSE = 3000; // milliseconds between two looks at the results

/** Show the poll: the ballot for who has not voted, else the results. */
export function open(poll, server) {
  let state = poll;
  let page = null; // what is shown: 'ballot' or 'results'
  let working = false;
  if (state.closed || state.mine.length > 0) results();
  else ballot();
  watch();

  function ballot() {
    page = 'ballot';
    const kind = state.multiple ? 'checkbox' : 'radio';
    const boxes = state.options.map((option, index) => el('input', {
      type: kind, name: 'vote', id: `option-${index}`, value: String(index), checked: state.mine.includes(index), onchange: picked,
    }));
    const rows = boxes.map((box, index) => el('label', { class: 'row option', for: box.id }, box, el('span', { class: 'tick' }, symbol('check')), el('span', { class: 'grow' }, state.options[index])));
    const group = el('div', { class: 'group', role: state.multiple ? 'group' : 'radiogroup', 'aria-labelledby': 'question' }, ...rows);
    const form = el('form', { onsubmit: vote }, group,
      el('div', { class: 'bottom' }, el('button', { type: 'submit', class: 'filled' }, voteText())));
    show(top(), form, el('div', { class: 'group' }, action(t(state.mine.length > 0 ? 'poll_keep' : 'poll_results'), results, 'row act')));
    const chosen = () => boxes.flatMap((box, index) => (box.checked ? [index] : []));
    mainButton({ visible: true, progress: false, active: chosen().length > 0, text: voteText(), press: vote });

    function picked() {
      haptic('selection');
      mainButton({ active: chosen().length > 0 });
    }

    function vote(event) {
      event?.preventDefault?.();
      if (chosen().length === 0) {
        say(t('poll_pick'));
        boxes[0].focus();
        return;
      }
      const had = state.mine.length > 0;
      change('PUT', { options: chosen() }, t(had ? 'poll_changed' : 'poll_voted'));
    }
  }

  function voteText() {
    return t(state.mine.length > 0 ? 'poll_change' : 'poll_vote');
  }

  function results() {
    page = 'results';
    noMainButton();
    const buttons = [];
    if (!state.closed) {
      const hasVoted = state.mine.length > 0;
      buttons.push(action(t(hasVoted ? 'poll_change' : 'poll_hide'), ballot, 'row act'));
      if (hasVoted) buttons.push(action(t('poll_withdraw'), takeBack, 'row act danger'));
    }
    if (state.share_url) buttons.push(action(t('poll_share'), share, 'row act'));
    show(top(), state.closed && el('p', { class: 'note' }, t('poll_closed_text')),
      el('ul', { class: 'group bars', 'aria-labelledby': 'question' }, ...state.options.map(bar)),
      el('p', { class: 'note voters' }, voters()), buttons.length > 0 && el('div', { class: 'group' }, ...buttons));
    requestAnimationFrame(draw);
  }

  function share() {
    const words = new URLSearchParams({ url: state.share_url, text: t('poll_share_text', { question: state.question }) });
    openLink(`https://t.me/share/url?${words}`);
  }

  function top() {
    const facts = [t(state.multiple ? 'poll_multiple' : 'poll_single')];
    if (state.closed) facts.unshift(t('poll_closed'));
    else if (state.closes_at) facts.push(t('poll_until', { when: moment(state.closes_at) }));
    const node = heading(state.question, facts.join(' · '));
    node.querySelector('h1').id = 'question';
    return node;
  }

  function bar(option, index) {
    const isMine = state.mine.includes(index);
    return el('li', { class: `bar${isMine ? ' mine' : ''}` },
      el('div', { class: 'line' }, el('span', { class: 'grow' }, option, isMine && el('span', { class: 'tick' }, symbol('check'), el('span', { class: 'unseen' }, t('poll_mine')))),
        el('span', { class: 'share' }), el('span', { class: 'votes' })),
      el('div', { class: 'track' }, el('i')));
  }

  /** Bring the numbers on the page up to date without building it anew, so that bars glide and the focus stays. */
  function draw() {
    const most = Math.max(...state.counts, 1);
    for (const [index, row] of [...document.querySelectorAll('.bar')].entries()) {
      const share = state.voters ? Math.round((100 * state.counts[index]) / state.voters) : 0;
      put(row.querySelector('.share'), `${share} %`);
      put(row.querySelector('.votes'), count('poll_votes', state.counts[index]));
      row.classList.toggle('first', state.counts[index] === most && state.voters > 0);
      row.querySelector('i').style.transform = `scaleX(${share / 100})`;
    }
    const line = document.querySelector('.voters');
    if (line) put(line, voters());
  }

  function voters() {
    return count(state.multiple && state.voters ? 'poll_people' : 'poll_voters', state.voters);
  }

  async function takeBack() {
    const answer = await popup(t('poll_withdraw_ask'), [
      { id: 'withdraw', type: 'destructive', text: t('poll_withdraw') }, { id: '', type: 'cancel' }]);
    if (answer === 'withdraw') await change('DELETE', undefined, t('poll_withdrawn'));
  }

  async function change(method, body, done) {
    if (working) return;
    working = true;
    if (page === 'ballot') mainButton({ active: false, progress: true });
    try {
      const answer = await server.call(method, '/vote', body);
      if (!server.isCurrent()) return;
      state = answer;
      haptic('success');
      if (state.mine.length > 0 || state.closed) results();
      else ballot();
      say(done);
    } catch (failure) {
      if (!server.isCurrent()) return;
      haptic('error');
      const closed = failure.answer?.state;
      if (closed) {
        state = closed;
        results();
      } else if (page === 'ballot') {
        mainButton({ active: true, progress: false });
      }
      popup(failure.sentence ?? t('broken_text'));
    } finally {
      working = false;
    }
  }

  async function watch() {
    while (server.isCurrent()) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
      if (!server.isCurrent() || document.hidden || working || state.closed) continue;
      const before = state;
      const answer = await server.call('GET').catch(() => null); // a missed look is made up by the next one
      if (!answer || !server.isCurrent() || working || state !== before) continue;
      const isOther = answer.closed !== state.closed || String(answer.mine) !== String(state.mine) || String(answer.options) !== String(state.options);
      state = answer;
      if (isOther && (state.closed || page === 'results')) results();
      else if (page === 'results') draw();
    }
  }
}

function put(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
