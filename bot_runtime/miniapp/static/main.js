// The Mini App's start and its way from view to view.

import { call, Failure, signIn } from './api.js';
import { hosted, launch } from './bridge.js';
import * as host from './host.js';
import { speak, t } from './texts.js';
import { action, el, heading, notice, show, showSkeleton, symbol } from './ui.js';

const facts = JSON.parse(document.getElementById('facts').textContent);
const features = facts.features;
const PATIENCE = 150; // milliseconds an old view may stay, so that a quick answer causes no flicker
let leave = null; // asked before another view is shown; false keeps the present one
let here = 0; // counts the views shown, so that a late answer does not disturb a newer view

speak(facts.texts, facts.language);
host.start({ header: 'secondary_bg_color', background: 'secondary_bg_color', bottom: 'secondary_bg_color' });
document.body.classList.toggle('hosted', hosted);
const offline = el('p', { class: 'pill', role: 'status' });
document.body.append(offline);
for (const event of ['offline', 'online']) window.addEventListener(event, connection);
connection();
open();

function connection() {
  offline.textContent = navigator.onLine ? '' : t('offline_title');
}

async function open() {
  if (!launch.data) return outside();
  try {
    const welcome = await signIn();
    speak(welcome.texts, welcome.language);
    const wanted = features.find((feature) => feature.id === (welcome.start || launch.start));
    if (features.length === 0) empty();
    else if (wanted || features.length === 1) await openFeature(wanted ?? features[0]);
    else home();
  } catch (failure) {
    problem(failure, open);
  }
  return undefined;
}

/** The app's own view of one feature. */
async function openFeature(feature) {
  const mine = turn();
  host.backButton(features.length > 1 ? home : null);
  const late = setTimeout(() => mine === here && showSkeleton(feature.title), PATIENCE);
  try {
    const path = `features/${encodeURIComponent(feature.id)}`;
    const [view, state] = await Promise.all([import(`./${feature.kind}.js`), call('GET', path)]);
    clearTimeout(late);
    if (mine !== here) return;
    leave = view.open(state, {
      call: (method, rest = '', body) => call(method, path + rest, body),
      isCurrent: () => mine === here,
      username: facts.username,
    }) ?? null;
    host.ready();
  } catch (failure) {
    clearTimeout(late);
    if (mine === here) problem(failure, () => openFeature(feature));
  }
}

async function home() {
  if (leave && !(await leave())) return;
  turn();
  host.backButton(null);
  show(heading(facts.name),
    el('h2', {}, t('home_title')),
    el('ul', { class: 'group cards' }, ...features.map((feature) => el('li', {},
      el('button', { type: 'button', class: 'row', onclick: () => openFeature(feature) },
        el('span', { class: `badge ${feature.kind}` }, symbol(feature.kind)), el('span', { class: 'grow' }, feature.title), symbol('chevron'))))));
  host.ready();
}

function turn() {
  leave = null;
  host.noMainButton();
  host.confirmClosing(false);
  here += 1;
  return here;
}

function outside() {
  const address = `https://t.me/${facts.username}`;
  show(notice({ icon: 'plane', title: t('outside_title'), text: t('outside_text', { username: facts.username }), actions: [
    el('a', { class: 'filled', href: address, rel: 'noopener' }, t('outside_link', { username: facts.username })),
  ] }));
  host.ready();
}

function empty() {
  show(notice({ icon: 'empty', title: t('empty_title'), text: t('empty_text') }));
  host.ready();
}

function problem(failure, again) {
  if (!(failure instanceof Failure)) console.error(failure);
  const isOffline = failure.status === 0 && !navigator.onLine;
  const isOver = failure.status === 401;
  show(notice({
    icon: isOffline ? 'cloud' : 'alert',
    title: t(isOffline ? 'offline_title' : isOver ? 'login_over_title' : 'error_title'),
    text: failure.sentence ?? t('broken_text'),
    actions: [isOver || failure.status === 403 ? action(t('close'), host.close) : action(t('retry'), () => {
      showSkeleton(facts.name);
      again();
    })],
  }));
  host.ready();
}
