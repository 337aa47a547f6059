// SPDX-License-Identifier: MIT
// The form of a bundle (openledger/bundle.h), written apart from the core, so that tests can take one apart, change
// it, and put it together with a right checksum.
import { createHash } from 'node:crypto';

export const sha256 = (/** @type {Uint8Array} */ bytes) => createHash('sha256').update(bytes).digest();

/** @typedef {{ request: Buffer, answer: Buffer }} Entry */
/** @typedef {{ head: Buffer, question: Buffer, entries: Entry[] }} Parts */

/** @param {Uint8Array} bytes @returns {Parts} */
export function unpack(bytes) {
  const all = Buffer.from(bytes);
  const count = all.readUInt32BE(12);
  const question = all.readUInt32BE(72);
  const index = 76 + question;
  const answers = index + 36 * count;
  let begin = 0;
  const entries = Array.from({ length: count }, (_, i) => {
    const at = index + 36 * i;
    const end = all.readUInt32BE(at + 32);
    const entry = { request: all.subarray(at, at + 32), answer: all.subarray(answers + begin, answers + end) };
    begin = end;
    return entry;
  });
  return { head: all.subarray(0, 76), question: all.subarray(76, index), entries };
}

/** Entries stay in the order that they have. @param {Parts} parts */
export function pack({ head, question, entries }) {
  const start = Buffer.from(head);
  start.writeUInt32BE(entries.length, 12);
  start.writeUInt32BE(question.length, 72);
  let end = 0;
  const index = entries.map(({ request, answer }) => {
    const place = Buffer.alloc(4);
    place.writeUInt32BE((end += answer.length));
    return Buffer.concat([request, place]);
  });
  const body = Buffer.concat([start, question, ...index, ...entries.map(({ answer }) => answer)]);
  return Buffer.concat([body, sha256(body)]);
}

/** The same bundle with its checksum made right. @param {Uint8Array} bytes */
export const sealed = (bytes) => {
  const body = bytes.subarray(0, bytes.length - 32);
  return Buffer.concat([body, sha256(body)]);
};
