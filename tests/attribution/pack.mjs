// SPDX-License-Identifier: MIT
// Vectors with long bytes written once: "#3" stands for objects[3], which is hex, or [k, head, hex, tail]: the first `head` bytes
// of object k, hex, and the last `tail` bytes of object k.

/** @typedef {string | [number, number, string, number]} Packed */

/** @param {any} value @param {(text: string) => string} change of every text */
function mapTexts(value, change) {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((/** @type {any} */ entry) => mapTexts(entry, change));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, mapTexts(entry, change)]));
}

/** The digits that two texts share at their front, in whole bytes. @param {string} a @param {string} b */
function front(a, b) {
  let at = 0;
  while (at < a.length && at < b.length && a[at] === b[at]) at++;
  return at & ~1;
}
const reversed = (/** @type {string} */ text) => [...text].reverse().join('');

/** @param {any} cases */
export function pack(cases) {
  /** @type {string[]} */
  const known = [];
  /** @type {Packed[]} */
  const objects = [];
  /** @type {Map<string, number>} */
  const times = new Map();
  mapTexts(cases, (text) => {
    times.set(text, (times.get(text) ?? 0) + 1);
    return text;
  });
  const isLong = (/** @type {string} */ text) => text.length >= 96 || (text.length >= 40 && (times.get(text) ?? 0) > 2);
  const packed = mapTexts(cases, (text) => {
    if (!isLong(text) || !/^[0-9a-f]*$/.test(text) || text.length % 2) return text;
    if (!known.includes(text)) {
      let best = { k: -1, head: 0, tail: 0 };
      known.forEach((other, k) => {
        const head = front(text, other);
        const tail = Math.min(front(reversed(text), reversed(other)), text.length - head, other.length - head);
        if (head + tail > best.head + best.tail) best = { k, head, tail };
      });
      const { k, head, tail } = best;
      objects.push(head + tail < 64 ? text : [k, head / 2, text.slice(head, text.length - tail), tail / 2]);
      known.push(text);
    }
    return `#${known.indexOf(text)}`;
  });
  return { objects, cases: packed };
}

/** @param {{ objects: Packed[], cases: any }} file */
export function unpack({ objects, cases }) {
  /** @type {string[]} */
  const known = [];
  for (const object of objects) {
    if (typeof object === 'string') {
      known.push(object);
      continue;
    }
    const [k, head, middle, tail] = object;
    known.push(known[k].slice(0, 2 * head) + middle + known[k].slice(known[k].length - 2 * tail));
  }
  return mapTexts(cases, (text) => (text.startsWith('#') ? known[Number(text.slice(1))] : text));
}
