// A photo in a form: chosen, shown, and made small enough before it travels.

import { t } from './texts.js';
import { el, symbol } from './ui.js';

const LONGEST_SIDE = 1600; // pixels

/** The input of a photo field. */
export function photo({ id: name }, id, touched) {
  let file = null;
  let address = '';
  const trouble = el('p', { class: 'fault', role: 'alert', hidden: true });
  const input = el('input', { type: 'file', id, name, accept: 'image/*', class: 'unseen', onchange: () => choose(input.files[0]) });
  const caption = el('span', {}, t('form_photo_add'));
  const picture = el('img', { alt: t('form_photo_alt'), hidden: true });
  const remove = el('button', { type: 'button', class: 'chip clear', hidden: true, onclick: () => choose(null) }, t('form_photo_remove'));
  const node = el('div', { class: 'photo' }, picture,
    el('div', { class: 'chips' }, input, el('label', { class: 'chip', for: id }, symbol('camera'), caption), remove), trouble);

  async function choose(chosen) {
    trouble.hidden = true;
    try {
      file = chosen ? await small(chosen) : null;
    } catch {
      file = null;
      trouble.textContent = t('bad_photo');
      trouble.hidden = false;
    }
    if (address) URL.revokeObjectURL(address);
    address = file ? URL.createObjectURL(file) : '';
    if (address) picture.src = address;
    picture.hidden = !file;
    remove.hidden = !file;
    caption.textContent = t(file ? 'form_photo_change' : 'form_photo_add');
    if (!file) {
      input.value = '';
      if (!chosen) input.focus();
    }
    touched();
  }

  return { node, target: input, value: () => file };
}

/** The picture as a JPEG of at most 1600 pixels a side: without the place it was taken, and quick to send. */
async function small(chosen) {
  const picture = await createImageBitmap(chosen, { imageOrientation: 'from-image' });
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const canvas = el('canvas', { width: Math.max(1, Math.round(picture.width * scale)), height: Math.max(1, Math.round(picture.height * scale)) });
  const brush = canvas.getContext('2d');
  brush.fillStyle = '#fff';
  brush.fillRect(0, 0, canvas.width, canvas.height);
  brush.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.88));
  return new File([blob], 'photo.jpg', { type: 'image/jpeg' });
}
