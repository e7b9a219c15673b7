// One result of an inline query: a line with title, description and a small picture, or a picture in a grid.

import { avatar, el, icon, nameOf } from "./dom.js";

const SIGNS = {
  audio: "music",
  document: "file",
  game: "app",
  gif: "image",
  location: "pin",
  mpeg4_gif: "image",
  photo: "image",
  sticker: "image",
  venue: "pin",
  video: "play",
  voice: "mic",
};

/** Whether these results are all pictures that the page can show, side by side. */
export const inGrid = (results) => results.length > 0 && results.every((result) => pictureOf(result.content ?? {}));

/** The result as an option of the list; `file(id)` is the address of a file. */
export function resultItem(result, { index, grid, file, onclick }) {
  const content = result.content ?? {};
  const title = titleOf(result, content);
  const option = {
    role: "option",
    id: `result-${index}`,
    onclick,
    onpointerdown: (event) => event.preventDefault(), // the writing field keeps the focus
  };
  if (grid) return el("li", { ...option, class: "tile", "aria-label": title, title }, shown(content, file));
  return el(
    "li",
    { ...option, class: "result" },
    thumbnail(result, content, title, file),
    el(
      "span",
      { class: "result-words" },
      el("b", { dir: "auto" }, title),
      el("small", { dir: "auto" }, descriptionOf(result, content)),
    ),
  );
}

function titleOf(result, content) {
  const sign = result.type.replace("mpeg4_gif", "gif").replace("_", " ");
  const contact = result.type === "contact" ? nameOf(result) : "";
  return result.title || contact || result.caption || (result.input_message_content && content.text) || named(sign);
}

const named = (word) => word[0].toUpperCase() + word.slice(1);

function descriptionOf(result, content) {
  const more = result.description || result.address || result.performer || result.phone_number || result.caption;
  if (more) return more === titleOf(result, content) ? "" : more;
  return result.title ? (content.text ?? "") : "";
}

/** The picture a result would send, as far as it is a file of the playground. */
function pictureOf(content) {
  return content.photo?.at(-1) ?? content.animation ?? (content.sticker?.is_animated ? undefined : content.sticker);
}

function shown(content, file) {
  const source = file(pictureOf(content).file_id);
  const moves = content.animation || content.sticker?.is_video;
  if (!moves) return el("img", { src: source, alt: "", loading: "lazy", decoding: "async" });
  const video = el("video", { src: source, loop: true, autoplay: true, playsinline: true, "aria-hidden": "true" });
  video.muted = true;
  return video;
}

/** A small square: the picture itself, a face, a sign of the kind, or the first letter as Telegram shows it. */
function thumbnail(result, content, title, file) {
  if (pictureOf(content)) return el("span", { class: "result-thumb" }, shown(content, file));
  if (result.type === "contact") return avatar(0, title, "");
  const tint = [...title].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % 7;
  const sign = SIGNS[result.type] && icon(SIGNS[result.type]);
  const letter = [...title.trim()][0]?.toUpperCase() ?? "?";
  return el("span", { class: `result-thumb tint-${tint}`, "aria-hidden": "true" }, sign ?? letter);
}
