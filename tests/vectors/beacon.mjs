// SPDX-License-Identifier: MIT
//
// Brings the recordings of beacon chains into the shape that suites_beacon.c reads: the network, the checkpoint,
// and steps in order. Nothing is computed: objects stay the bytes, or the JSON, that were recorded.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Snappy's block format (google/snappy, format_description.txt). @param {Buffer} input */
function unsnappy(input) {
  let at = 0, size = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = input[at++];
    size |= (byte & 127) << shift;
    if (byte < 128) break;
  }
  const out = Buffer.alloc(size);
  let to = 0;
  while (at < input.length) {
    const tag = input[at++];
    if ((tag & 3) === 0) {
      let length = tag >> 2;
      if (length >= 60) {
        const bytes = length - 59;
        length = input.readUIntLE(at, bytes);
        at += bytes;
      }
      input.copy(out, to, at, at + length + 1);
      at += length + 1;
      to += length + 1;
      continue;
    }
    const [length, offset, used] = (tag & 3) === 1 ? [(tag >> 2 & 7) + 4, (tag >> 5 << 8) | input[at], 1]
      : (tag & 3) === 2 ? [(tag >> 2) + 1, input.readUInt16LE(at), 2] : [(tag >> 2) + 1, input.readUInt32LE(at), 4];
    at += used;
    for (let i = 0; i < length; i++, to++) out[to] = out[to - offset];
  }
  if (to !== size) throw new Error('snappy data is damaged');
  return out;
}

const hex = (/** @type {Buffer} */ bytes) => `0x${bytes.toString('hex')}`;

/** A flow map of YAML: {a: 1, b: {c: 2}}. @param {string} text @returns {any} */
function flow(text) {
  if (!text.startsWith('{')) return text.replace(/^['"]|['"]$/g, '');
  /** @type {Record<string, any>} */
  const out = {};
  let depth = 0, start = 1;
  for (let at = 1; at < text.length; at++) {
    if (text[at] === '{') depth++;
    if ((text[at] === ',' && depth === 0) || at === text.length - 1) {
      const [, key, value] = /^\s*([^:]+):\s*([^]*?)\s*$/.exec(text.slice(start, at)) ?? [];
      out[key] = flow(value);
      start = at + 1;
    }
    if (text[at] === '}') depth--;
  }
  return out;
}

/** The YAML that these files use: maps, and a list of maps, indented by two spaces. @param {string} text */
function yaml(text) {
  /** @type {any} */
  const root = text.trimStart().startsWith('-') ? [] : {};
  const stack = [{ indent: -1, value: root }];
  let depth = 0; // a flow map may be broken into lines
  const joined = text.trim().replace(/[{}]|\n\s*/g, (found) => {
    depth += found === '{' ? 1 : found === '}' ? -1 : 0;
    return depth > 0 && found.startsWith('\n') ? ' ' : found;
  });
  for (const raw of joined.split('\n')) {
    if (!raw.trim() || raw.trimStart().startsWith('#')) continue;
    let indent = raw.length - raw.trimStart().length;
    let line = raw.trim();
    while (stack.length > 1 && indent <= stack[stack.length - 1].indent) stack.pop();
    if (line.startsWith('- ')) {
      const item = {};
      stack[stack.length - 1].value.push(item);
      stack.push({ indent, value: item });
      indent += 2;
      line = line.slice(2);
    }
    if (line.startsWith('{')) {
      Object.assign(stack[stack.length - 1].value, flow(line));
      continue;
    }
    const [, key, value] = /^([^:]+):\s*(.*)$/.exec(line) ?? [];
    const target = stack[stack.length - 1].value;
    target[key] = value === '' ? {} : flow(value);
    if (value === '') stack.push({ indent, value: target[key] });
  }
  return root;
}

/** One scenario of consensus-spec-tests. @param {string} folder */
function scenario(folder) {
  const text = (/** @type {string} */ name) => readFileSync(join(folder, name), 'utf8');
  const object = (/** @type {string} */ name) => hex(unsnappy(readFileSync(join(folder, `${name}.ssz_snappy`))));
  const meta = yaml(text('meta.yaml'));
  const config = yaml(text('config.yaml'));
  const steps = yaml(text('steps.yaml')).map((/** @type {any} */ step) => {
    const [kind] = Object.keys(step);
    const { update, current_slot, checks } = step[kind];
    return { kind, slot: Number(current_slot), checks, ...(update && { ssz: object(update) }) };
  });
  return {
    network: { ...config, genesis_time: config.MIN_GENESIS_TIME, genesis_validators_root: meta.genesis_validators_root },
    checkpoint: meta.trusted_block_root,
    bootstrap: { ssz: object('bootstrap') },
    steps,
  };
}

/** Splits the answer of the Beacon API to light_client/updates in SSZ. @param {Buffer} bytes */
function splitUpdates(bytes) {
  const out = [];
  for (let at = 0; at < bytes.length;) {
    const length = Number(bytes.readBigUInt64LE(at));
    out.push(bytes.subarray(at + 12, at + 8 + length)); // 4 bytes of fork digest come first
    at += 8 + length;
  }
  return out;
}

/** @param {string} source @returns {{suite: string, name: string, value: any}[]} */
export function beaconRecordings(source) {
  const minimal = join(source, 'beacon/spec-minimal');
  const out = readdirSync(minimal).flatMap((fork) => readdirSync(join(minimal, fork)).map((name) => ({
    suite: 'beacon_sync',
    name: `beacon_${fork}_${name}.json`,
    value: scenario(join(minimal, fork, name)),
  })));

  const json = (/** @type {string} */ name) => JSON.parse(readFileSync(join(source, 'beacon/mainnet-fulu', name), 'utf8'));
  const finality = json('lc_finality.json').data;
  const block = JSON.parse(gunzipSync(readFileSync(join(source, 'beacon/mainnet-fulu/execution_block_0x17a2d23.json.gz'))).toString());
  delete block.transactions;
  out.push({
    suite: 'beacon_sync',
    name: 'beacon_mainnet_fulu.json',
    value: {
      network: 'mainnet',
      checkpoint: '0x9bcb90ec3a294591b77dd2a58e973578715cdc0e6eeeb286bc06dd120057f18b',
      bootstrap: { json: json('lc_bootstrap.json').data },
      steps: [
        { kind: 'process_update', slot: Number(finality.signature_slot), json: json('lc_updates.json')[0].data },
        { kind: 'process_finality_update', slot: Number(finality.signature_slot), json: finality },
        { kind: 'process_optimistic_update', slot: Number(finality.signature_slot), json: json('lc_optimistic.json').data },
      ],
      block,
    },
  });

  return out;
}
