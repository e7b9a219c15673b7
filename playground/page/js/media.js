// Pictures, files, sounds, places and the like inside a bubble.

import { avatar, el, icon, iconButton, lengthOf, nameOf, sizeOf } from "./dom.js";
import { showPicture } from "./dialogs.js";

/** The media of a message as an element, or null.  `context` gives file(fileId) and open(user). */
export function media(message, context) {
  if (message.photo) return picture(message, context);
  if (message.animation) return moving(message.animation, context, true);
  if (message.video) return moving(message.video, context, false);
  if (message.video_note) return moving(message.video_note, context, false, "round-video");
  if (message.sticker) return sticker(message.sticker, context);
  if (message.voice) return player(message.voice, context, null);
  if (message.audio) return player(message.audio, context, message.audio.title ?? message.audio.file_name ?? "Audio");
  if (message.document) return file(message.document, context);
  if (message.venue) return place(message.venue.location, message.venue.title, message.venue.address);
  if (message.location) return place(message.location, null, null);
  if (message.contact) return contact(message.contact, context);
  if (message.dice)
    return el(
      "div",
      { class: "dice", role: "img", "aria-label": `${message.dice.emoji} ${message.dice.value}` },
      message.dice.emoji,
      el("span", { class: "dice-value" }, message.dice.value),
    );
  return null;
}

/** The picture of the largest size that is offered, in a frame that keeps its place while loading. */
export function picture(message, context, square = false) {
  const largest = message.photo.reduce((one, two) => (two.width * two.height > one.width * one.height ? two : one));
  const source = context.file(largest.file_id);
  const image = el("img", { src: source, alt: message.caption ?? "Photo", loading: "lazy", decoding: "async" });
  const open = el(
    "button",
    {
      type: "button",
      class: "picture",
      "aria-label": "Open photo",
      onclick: () => showPicture(source, message.caption),
    },
    image,
  );
  if (!square) frame(open, largest.width, largest.height);
  if (message.has_media_spoiler) veil(open);
  return open;
}

/** Gives an element the shape of its picture, within the width a bubble may have. */
function frame(element, width, height) {
  if (!width || !height) return;
  const shown = Math.min(Math.max(width, 160), 380, (420 * width) / height);
  element.style.setProperty("--shown", `${Math.round(Math.max(shown, 120))}px`);
  element.style.setProperty("--shape", `${width} / ${height}`);
}

function veil(element) {
  element.classList.add("veiled");
  element.addEventListener(
    "click",
    (event) => {
      if (!element.classList.contains("veiled")) return;
      event.stopImmediatePropagation();
      element.classList.remove("veiled");
    },
    { capture: true },
  );
}

function moving(video, context, loops, kind = "") {
  const element = el("video", {
    src: context.file(video.file_id),
    class: `video ${kind}`,
    controls: !loops,
    loop: loops,
    autoplay: loops,
    playsinline: true,
    preload: "metadata",
    "aria-label": loops ? "Animation" : "Video",
  });
  element.muted = loops;
  frame(element, video.width ?? video.length, video.height ?? video.length);
  return element;
}

function sticker(item, context) {
  if (item.is_animated) return el("div", { class: "big-emoji" }, item.emoji ?? "🖼");
  if (item.is_video) return moving(item, context, true, "sticker");
  return el("img", {
    class: "sticker",
    src: context.file(item.file_id),
    alt: item.emoji ?? "Sticker",
    loading: "lazy",
  });
}

function file(document, context) {
  const name = document.file_name ?? "file";
  const ending = name.includes(".") ? name.split(".").pop().slice(0, 4) : "";
  return el(
    "a",
    { class: "file", href: context.file(document.file_id), download: name, "aria-label": `Download ${name}` },
    el("span", { class: "file-sign" }, ending ? ending : icon("file")),
    el("span", { class: "file-words" }, el("b", {}, name), el("small", {}, sizeOf(document.file_size))),
  );
}

/** A small player of our own: the browser's own control differs too much between systems. */
function player(sound, context, title) {
  const audio = new Audio();
  audio.preload = "none";
  audio.src = context.file(sound.file_id);
  const done = el("span", { class: "wave-done" });
  const wave = el(
    "span",
    { class: "wave", "aria-hidden": "true" },
    bars(sound.file_unique_id ?? ""),
    el("span", { class: "wave-mask" }, done),
  );
  const time = el("small", {}, lengthOf(sound.duration));
  const button = iconButton("play", title ? `Play ${title}` : "Play voice message", () =>
    audio.paused ? audio.play().catch(() => {}) : audio.pause(),
  );
  const show = () => button.replaceChildren(icon(audio.paused ? "play" : "pause"));
  audio.addEventListener("play", show);
  audio.addEventListener("pause", show);
  audio.addEventListener("timeupdate", () => {
    const whole = audio.duration || sound.duration || 1;
    done.style.setProperty("width", `${Math.min(100, (audio.currentTime / whole) * 100)}%`);
    time.textContent = lengthOf(audio.currentTime);
  });
  const words = title
    ? el("span", { class: "sound-words" }, el("b", {}, title), el("small", {}, sound.performer ?? ""), time)
    : el("span", { class: "sound-words" }, wave, time);
  return el("div", { class: "sound" }, button, words);
}

/** Bars that look like a voice and are the same each time for one file. */
function bars(seed) {
  let state = [...seed].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) >>> 0, 7);
  return Array.from({ length: 32 }, () => {
    state = (state * 1103515245 + 12345) >>> 0;
    const bar = el("i");
    bar.style.setProperty("height", `${25 + ((state >>> 16) % 75)}%`);
    return bar;
  });
}

/** A place without a map server: a quiet drawing, the pin, and the figures. */
function place(location, title, address) {
  const figures = `${location.latitude.toFixed(5)}, ${location.longitude.toFixed(5)}`;
  const where = `https://www.openstreetmap.org/?mlat=${location.latitude}&mlon=${location.longitude}&zoom=15`;
  return el(
    "a",
    {
      class: "place",
      href: where,
      target: "_blank",
      rel: "noopener noreferrer",
      "aria-label": `Location ${title ?? figures}`,
    },
    el("span", { class: "map" }, icon("pin")),
    el("span", { class: "place-words" }, el("b", {}, title ?? "Location"), el("small", {}, address ?? figures)),
  );
}

function contact(person, context) {
  return el(
    "button",
    { type: "button", class: "contact", onclick: () => context.copy(person.phone_number) },
    avatar(person.user_id ?? 0, nameOf(person), "small"),
    el("span", { class: "file-words" }, el("b", {}, nameOf(person)), el("small", {}, person.phone_number)),
  );
}
