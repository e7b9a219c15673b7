// Sending what is not text: pictures, files, contacts, places, polls, dice.

import { el } from "./dom.js";
import { askFor, complain, dialog } from "./dialogs.js";
import { scrollToEnd } from "./messages.js";
import { pollForm } from "./pollform.js";

const PICTURE = /^image\/(jpeg|png|webp|gif)$/;

/** Sends files, asking for them first when there are none; `kind` "photo" sends pictures as photos. */
export async function sendFiles(store, files, kind) {
  const chosen = files ?? (await pick(kind));
  if (!chosen.length || !store.open) return;
  const asPhotos = (kind ?? "photo") === "photo" && chosen.every((file) => PICTURE.test(file.type));
  const caption = await askCaption(chosen, asPhotos);
  if (caption === null) return;
  const form = new FormData();
  for (const file of chosen.slice(0, 10))
    form.append(asPhotos ? "photo" : "document", file, file.name || "picture.png");
  if (caption) form.append("caption", caption);
  await sent(store, form);
}

/** Opens the system's file dialog. */
function pick(kind) {
  return new Promise((resolve) => {
    const input = el("input", {
      type: "file",
      id: "file-input",
      hidden: true,
      multiple: true,
      accept: kind === "photo" ? "image/jpeg,image/png,image/webp" : null,
    });
    const done = (files) => {
      input.remove();
      resolve(files);
    };
    input.addEventListener("change", () => done([...input.files]));
    input.addEventListener("cancel", () => done([]));
    document.body.append(input);
    input.click();
  });
}

/** Shows what will be sent and asks for a caption; null when the person thinks better of it. */
function askCaption(files, asPhotos) {
  const urls = asPhotos ? files.map((file) => URL.createObjectURL(file)) : [];
  const many = files.length > 1;
  const title = asPhotos
    ? many
      ? `Send ${files.length} photos`
      : "Send photo"
    : many
      ? `Send ${files.length} files`
      : "Send file";
  return dialog(title, (close) => {
    const caption = el("input", {
      id: "caption",
      maxlength: "1024",
      placeholder: "Add a caption…",
      autocomplete: "off",
      autofocus: true,
      "aria-label": "Caption",
    });
    const shown = asPhotos
      ? urls.map((url) => el("img", { src: url, alt: "" }))
      : files.map((file) => el("p", { class: "file-line" }, `📎 ${file.name}`));
    const submit = (event) => {
      event.preventDefault();
      close(caption.value.trim());
    };
    return el(
      "form",
      { onsubmit: submit },
      el("h2", {}, title),
      el("div", { class: `preview ${many ? "many" : ""}` }, shown),
      caption,
      el(
        "div",
        { class: "sheet-buttons" },
        el("button", { type: "button", class: "flat", onclick: () => close(null) }, "Cancel"),
        el("button", { type: "submit", class: "filled" }, "Send"),
      ),
    );
  }).finally(() => urls.forEach((url) => URL.revokeObjectURL(url)));
}

/** Asks for a contact and sends it. */
export async function sendContact(store) {
  const fields = [
    { name: "first_name", label: "First name", required: true },
    { name: "phone_number", label: "Phone number", type: "tel", required: true },
  ];
  const contact = await askFor("Send a contact", fields, "Send");
  if (contact) await sent(store, { contact });
}

/** Asks for a place, or null; a playground has no satellites, so the figures are typed. */
export async function askPlace() {
  const fields = [
    { name: "latitude", label: "Latitude", type: "number", step: "any", value: "52.51628", required: true },
    { name: "longitude", label: "Longitude", type: "number", step: "any", value: "13.37770", required: true },
  ];
  const place = await askFor("Send a location", fields, "Send");
  return place && { latitude: Number(place.latitude), longitude: Number(place.longitude) };
}

/** Asks for a place and sends it. */
export async function sendLocation(store) {
  const location = await askPlace();
  if (location) await sent(store, { location });
}

/** Asks for a poll and sends it; votes in channels are always anonymous. */
export function sendPoll(store) {
  const { peer, info } = store.open;
  return pollForm({ open: info.kind !== "channel" }, async (poll) => {
    await store.person.send(peer, { poll });
    await store.refresh();
    scrollToEnd(true);
  });
}

export const sendDice = (store) => sent(store, { dice: "🎲" });

async function sent(store, body) {
  try {
    await store.person.send(store.open.peer, body);
    await store.refresh();
    scrollToEnd(true);
  } catch (error) {
    complain(error);
  }
}
