// The sentences of the Mini App in the person's language; they come from the bot's catalogue.

let texts = {};
let language = 'en';

/** Speak these texts from now on. */
export function speak(catalogue, spoken) {
  texts = catalogue;
  language = spoken;
  document.documentElement.lang = spoken;
  document.documentElement.dir = /^(ar|fa|he|ur)\b/.test(spoken) ? 'rtl' : 'ltr';
}

/** The text of a key, `{name}` filled in. */
export function t(key, values = {}) {
  return (texts[key] ?? key).replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
}

/** The text for so many: `key_one`, `key_few`, `key_other` … as the language counts. */
export function count(key, n) {
  const form = n === 0 && `${key}_zero` in texts ? 'zero' : new Intl.PluralRules(language).select(n);
  return t(`${key}_${form}` in texts ? `${key}_${form}` : `${key}_other`, { n: number(n) });
}

/** A number as the language writes it. */
export function number(n) {
  return new Intl.NumberFormat(language).format(n);
}

/** A moment, given as ISO text, in words for a person here. */
export function moment(iso) {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(iso));
}
