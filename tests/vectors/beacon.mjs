// SPDX-License-Identifier: MIT
//
// Brings the recordings of beacon chains into the shape that suites_beacon.c reads: the network, the checkpoint,
// and steps in order. Objects stay the bytes, or the JSON, that were recorded; but for one, which is made of two
// recorded blocks by a library that is not ours.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Tree } from '@chainsafe/persistent-merkle-tree';
import { ssz } from '@lodestar/types';
import { payload } from './recordings.mjs';

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

const { electra, phase0 } = ssz;
const EXECUTION_PAYLOAD = 25n; // its generalized index in a body

/**
 * The header of a block as light clients have it.
 * @param {ReturnType<typeof electra.BeaconBlock.defaultValue>} block
 */
function lightHeader({ body, ...beacon }) {
  const { transactions, withdrawals, ...execution } = body.executionPayload;
  const { fields } = electra.ExecutionPayload;
  return {
    beacon: { ...beacon, bodyRoot: electra.BeaconBlockBody.hashTreeRoot(body) },
    execution: {
      ...execution,
      transactionsRoot: fields.transactions.hashTreeRoot(transactions),
      withdrawalsRoot: fields.withdrawals.hashTreeRoot(withdrawals),
    },
    executionBranch: new Tree(electra.BeaconBlockBody.toView(body).node).getSingleProof(EXECUTION_PAYLOAD),
  };
}

/**
 * From a committee to accounts: mainnet across the fork to Electra. A block's sync aggregate signs its parent, so
 * two blocks in a row are an optimistic update; of the second one's header a node told the root and the parent.
 * @param {string} source
 */
function mainnetElectra(source) {
  const read = (/** @type {string} */ name) => readFileSync(join(source, 'beacon/mainnet-electra', name));
  const [parent, head] = ['parent', 'head'].map((name) => electra.SignedBeaconBlock.deserialize(read(`block_${name}.ssz`)).message);
  const told = JSON.parse(read('header_head.json').toString()).data;
  const call = JSON.parse(read('test.json').toString());
  const bytesOf = (/** @type {Uint8Array} */ bytes) => hex(Buffer.from(bytes));
  if (bytesOf(electra.BeaconBlock.hashTreeRoot(head)) !== told.root) throw new Error('block_head.ssz is not the block of header_head.json');

  const attestedHeader = lightHeader(parent);
  const optimistic = { attestedHeader, syncAggregate: head.body.syncAggregate, signatureSlot: head.slot };
  const changed = (/** @type {(update: typeof optimistic) => void} */ change) => {
    const type = electra.LightClientOptimisticUpdate;
    const copy = type.deserialize(type.serialize(optimistic)); // clone() shares bytes
    change(copy);
    return bytesOf(type.serialize(copy));
  };
  const flip = (/** @type {Uint8Array} */ bytes) => { bytes[bytes.length - 1] ^= 1; };
  const bits = (/** @type {typeof optimistic} */ update) => update.syncAggregate.syncCommitteeBits;
  const step = (/** @type {string} */ kind, /** @type {object} */ more) => ({ kind: `process_${kind}`, slot: head.slot, ...more });
  const refused = (/** @type {string} */ part, /** @type {(update: typeof optimistic) => void} */ change) =>
    step('optimistic_update', { refused: part, ssz: changed(change) });
  const update = (/** @type {number} */ period) => hex(splitUpdates(read(`updates_period_${period}.ssz`))[0]);

  const bootstrap = read('bootstrap.ssz');
  return {
    network: 'mainnet',
    checkpoint: bytesOf(phase0.BeaconBlockHeader.hashTreeRoot(ssz.deneb.LightClientBootstrap.deserialize(bootstrap).header.beacon)),
    bootstrap: { ssz: hex(bootstrap) },
    steps: [
      step('update', { refused: 'signature_slot', ssz: update(1401) }),
      refused('signature_slot', () => {}), // of a period whose committee the next update brings
      step('update', { ssz: update(1421) }),
      step('update', { refused: 'signature_slot', ssz: update(1401) }),
      refused('sync_committee_signature', (to) => bits(to).set(0, !bits(to).get(0))),
      refused('sync_committee_signature', (to) => bits(to).set(511, !bits(to).get(511))),
      refused('sync_committee_signature', (to) => flip(to.syncAggregate.syncCommitteeSignature)),
      refused('sync_committee_signature', (to) => flip(to.attestedHeader.beacon.stateRoot)),
      refused('attested_header', (to) => flip(to.attestedHeader.execution.stateRoot)),
      step('optimistic_update', {
        ssz: changed(() => {}),
        checks: {
          optimistic_header: {
            slot: String(parent.slot),
            beacon_root: told.header.message.parent_root,
            execution_root: bytesOf(electra.ExecutionPayloadHeader.hashTreeRoot(attestedHeader.execution)),
          },
        },
      }),
    ],
    payload: payload(source, 'block_parent'),
    // What a call of balanceOf returned: the holder is its argument, balances are mapping 9 of the contract.
    balance: { name: `0x${call.params[0].data.slice(10)}${'9'.padStart(64, '0')}`, value: call.expected_result },
  };
}

/** @param {string} source @returns {{suite: string, name: string, value: any}[]} */
export function beaconRecordings(source) {
  const minimal = join(source, 'beacon/spec-minimal');
  const out = readdirSync(minimal).flatMap((fork) => readdirSync(join(minimal, fork)).map((name) => ({
    suite: 'beacon_sync',
    name: `beacon_${fork}_${name}.json`,
    value: scenario(join(minimal, fork, name)),
  })));

  // An object as its place in the answer has it, and the whole of the answer.
  const answer = (/** @type {string} */ name) => {
    const text = readFileSync(join(source, 'beacon/mainnet-fulu', `lc_${name}.json`), 'utf8').trim();
    const value = JSON.parse(text);
    return { json: (name === 'updates' ? value[0] : value).data, text };
  };
  const slot = Number(answer('finality').json.signature_slot);
  const block = JSON.parse(gunzipSync(readFileSync(join(source, 'beacon/mainnet-fulu/execution_block_0x17a2d23.json.gz'))).toString());
  delete block.transactions;
  out.push({
    suite: 'beacon_sync',
    name: 'beacon_mainnet_fulu.json',
    value: {
      network: 'mainnet',
      checkpoint: '0x9bcb90ec3a294591b77dd2a58e973578715cdc0e6eeeb286bc06dd120057f18b',
      bootstrap: answer('bootstrap'),
      steps: [
        { kind: 'process_update', slot, ...answer('updates') },
        { kind: 'process_finality_update', slot, ...answer('finality') },
        { kind: 'process_optimistic_update', slot, ...answer('optimistic') },
      ],
      block,
    },
  });

  out.push({ suite: 'beacon_sync', name: 'beacon_mainnet_electra.json', value: mainnetElectra(source) });
  return out;
}
