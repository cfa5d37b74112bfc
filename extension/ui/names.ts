// How names are shortened without two of them reading alike; the full text belongs into `title`.

/** Names over this are cut in the middle. */
const LONGEST = 26;
/** Kept at the end: what tells clusters apart. */
const KEPT = 8;

/** A long name in two pieces, of which only the first may be cut; a short one has no second piece. */
export function splitName(name: string): { head: string; tail: string } {
  if (name.length <= LONGEST) return { head: name, tail: '' };
  const letters = Array.from(new Intl.Segmenter().segment(name), ({ segment }) => segment);
  if (letters.length <= LONGEST) return { head: name, tail: '' };
  return { head: letters.slice(0, -KEPT).join(''), tail: letters.slice(-KEPT).join('') };
}

/** "meta-llama/Llama-3.3-70B-Instruct" is "Llama-3.3-70B". */
export function modelName(model: string): string {
  const name = model.slice(model.lastIndexOf('/') + 1);
  return name.replace(/-Instruct(?=-|$)/, '') || model;
}

/** An address or an id: "7xKX…9fQa". */
export function shortId(id: string): string {
  return id.length <= 12 ? id : `${id.slice(0, 4)}…${id.slice(-4)}`;
}

/** "Mara Lindqvist" is "ML". */
export function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  const first = (word = '') => String.fromCodePoint(word.codePointAt(0) ?? 0x2022);
  return `${first(words[0])}${words.length > 1 ? first(words.at(-1)) : ''}`.toUpperCase();
}
