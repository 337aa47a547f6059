// SPDX-License-Identifier: MIT
//
// Brings recordings of several projects into the shapes that suites_proof.c reads. Nothing is computed but
// encodings (encode.mjs): every root and hash is one that was recorded.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { receipt, rlp, transaction, withdrawal } from './encode.mjs';

/** @param {string} path */
function readJson(path) {
  const bytes = readFileSync(path);
  return JSON.parse((path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString());
}

const hex = (/** @type {string} */ digits) => `0x${digits}`;

/**
 * The lists of a block that its header commits to, as far as they were recorded.
 * @param {any} block @param {any[]} [receipts]
 */
function lists(block, receipts) {
  const out = [{ name: 'withdrawals', root: block.withdrawalsRoot, items: block.withdrawals.map(withdrawal).map(hex) }];
  if (typeof block.transactions[0] === 'object')
    out.push({ name: 'transactions', root: block.transactionsRoot, items: block.transactions.map(transaction).map(hex) });
  if (receipts) out.push({ name: 'receipts', root: block.receiptsRoot, items: receipts.map(receipt).map(hex) });
  return { lists: out };
}

const sha256 = (/** @type {Buffer} */ data) => createHash('sha256').update(data).digest();

/**
 * The execution block in a signed beacon block of Electra (SSZ): its hash, its lists, and its header as RLP in
 * which the roots of the lists are zero, to be filled in by whoever computes them.
 * @param {Buffer} ssz
 */
function executionBlock(ssz) {
  const u32 = (/** @type {number} */ at) => ssz.readUInt32LE(at);
  const u64 = (/** @type {number} */ at) => ssz.readBigUInt64LE(at).toString(16);
  const cut = (/** @type {number} */ at, /** @type {number} */ length) => ssz.subarray(at, at + length).toString('hex');
  const quantity = (/** @type {string} */ digits) => (/^0*$/.test(digits) ? '' : digits.replace(/^(00)+/, '').padStart(Math.ceil(digits.length / 2) * 2, '0').replace(/^(00)+/, ''));
  const message = u32(0); // SignedBeaconBlock: offset of the message, signature
  const body = message + u32(message + 80); // BeaconBlock: slot, proposer_index, parent_root, state_root, offset
  const offsets = body + 96 + 72 + 32; // BeaconBlockBody: randao_reveal, eth1_data, graffiti, 5 offsets, sync_aggregate
  const payload = body + u32(offsets + 20 + 160);
  const requests = body + u32(offsets + 20 + 160 + 4 + 4 + 4);
  const bodyEnd = ssz.length;

  // ExecutionPayload: transactions (offset at 504) and withdrawals (offset at 508) end where the next part begins.
  const transactions = payload + u32(payload + 504);
  const withdrawals = payload + u32(payload + 508);
  const payloadEnd = body + u32(offsets + 20 + 160 + 4);
  const count = u32(transactions) / 4;
  const starts = Array.from({ length: count }, (_, i) => transactions + u32(transactions + 4 * i));
  const raw = starts.map((start, i) => hex(cut(start, (starts[i + 1] ?? withdrawals) - start)));
  const paid = [];
  for (let at = withdrawals; at < payloadEnd; at += 44)
    paid.push(hex(rlp([quantity(u64(at)), quantity(u64(at + 8)), cut(at + 16, 20), quantity(u64(at + 36))])));

  // EIP-7685: the hash of the hashes of the non-empty requests: deposits, withdrawals, consolidations.
  const kinds = [0, 1, 2].map((kind) => requests + u32(requests + 4 * kind));
  const hashes = kinds.map((start, kind) => ssz.subarray(start, kinds[kind + 1] ?? bodyEnd))
    .map((data, kind) => (data.length ? sha256(Buffer.concat([Buffer.from([kind]), data])) : Buffer.alloc(0)));

  const zero = '00'.repeat(32);
  const extra = payload + u32(payload + 436);
  const header = rlp([
    cut(payload, 32), '1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347', cut(payload + 32, 20),
    cut(payload + 52, 32), zero, cut(payload + 84, 32), cut(payload + 116, 256), '',
    ...[404, 412, 420, 428].map((at) => quantity(u64(payload + at))), cut(extra, transactions - extra),
    cut(payload + 372, 32), '00'.repeat(8), quantity(Buffer.from(ssz.subarray(payload + 440, payload + 472)).reverse().toString('hex')),
    zero, quantity(u64(payload + 512)), quantity(u64(payload + 520)), cut(message + 16, 32),
    sha256(Buffer.concat(hashes)).toString('hex'),
  ]);
  return { number: ssz.readBigUInt64LE(payload + 404), header: hex(header), hash: hex(cut(payload + 472, 32)), transactions: raw, withdrawals: paid };
}

/**
 * The execution block in a recorded beacon block of mainnet, with the proofs that were taken at it.
 * @param {string} source @param {string} name
 */
export function payload(source, name) {
  const folder = join(source, 'beacon/mainnet-electra');
  const usdc = ['0x43506849d7c04f9138d1a2050bbf3a0c054402dd____0x1564a06', '0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48___0x10d6a54a4754c8869d6886b5f5d7fbfa5b452223'];
  const { number, ...block } = executionBlock(readFileSync(join(folder, `${name}.ssz`)));
  const proofs = number !== 0x1564a06n ? [] : usdc.map((proof) => ({
    ...readJson(join(folder, `eth_getProof_${proof}.json`)).result,
    code: readJson(join(folder, `eth_getCode_${proof.slice(0, 42)}_latest.json`)).result,
  }));
  return { ...block, proofs };
}

/**
 * The L2 block that was executed on a recorded one. Where the block after it was recorded too, there is its header,
 * what L1Block then held, and what the vault of L1 fees took in.
 * @param {any} before @param {any[]} all
 */
function l2Block(before, all) {
  const { executingPayload: { transactions }, chainId } = before;
  const value = { chainId, transactions };
  const after = all.find((other) => other.parentHeaderHash === before.expectedBlockHash);
  if (after) {
    const fees = BigInt(after.accounts.L1FeeVault.balance) - BigInt(before.accounts.L1FeeVault.balance);
    const slots = after.accounts.L1Block.storageProof.map((/** @type {any} */ { key, value: held }) => ({ key, value: held }));
    Object.assign(value, { block: { ...after.parentHeader, hash: after.parentHeaderHash }, slots, fees: hex(fees.toString(16)) });
  }
  return { suite: 'l2_block', name: `op_sepolia_block_${Number(before.parentHeader.number) + 1}.json`, value };
}

/** Headers of L2 blocks that follow each other. @param {any[]} all */
const l2Pairs = (all) => all.flatMap((parent) => all.filter((child) => child.parentHeaderHash === parent.expectedBlockHash)
  .map((child) => ({ hash: parent.parentHeaderHash, parent: parent.parentHeaderRlp, child: child.parentHeaderRlp })));

/** @param {string} source @returns {{suite: string, name: string, value: any}[]} */
export function recordings(source) {
  const read = (/** @type {string} */ path) => readJson(join(source, path));
  const out = [];

  const sepolia = [26207960, 26207961, 26207963].map((number) => read(`opstack/op_sepolia_${number}.json.gz`));
  for (const recorded of sepolia) {
    const block = { ...recorded.parentHeader, hash: recorded.parentHeaderHash };
    const proofs = Object.values(recorded.accounts);
    out.push({
      suite: 'header_and_proofs',
      name: `op_sepolia_${Number(block.number)}.json`,
      value: { block, rlp: recorded.parentHeaderRlp, proofs },
    });
  }
  // A recording holds the transactions of the block after its header; two of them follow each other.
  for (const before of sepolia) {
    const after = sepolia.find((other) => other.parentHeaderHash === before.expectedBlockHash);
    if (!after) continue;
    const value = { lists: [{ name: 'transactions', root: after.parentHeader.transactionsRoot, items: before.executingPayload.transactions }] };
    out.push({ suite: 'lists', name: `op_sepolia_lists_${Number(after.parentHeader.number)}.json`, value });
  }
  out.push(...sepolia.map((before) => l2Block(before, sepolia)));
  out.push({ suite: 'base_fee', name: 'op_sepolia_base_fees.json', value: { l2: true, pairs: l2Pairs(sepolia) } });

  const block = read('execution/mainnet-21925176/block.json');
  const proof = read('execution/mainnet-21925176/proof.json');
  const miner = read('execution/mainnet-21925176/block_miner_proof.json');
  // The same two accounts in another shape, with their code.
  const accounts = [[proof, 'account'], [miner, 'block_miner_account']].map(([of, file]) => {
    const { account, code, accountProof, storageProof } = read(`execution/mainnet-21925176/${file}.json`);
    return { address: of.address, ...account, storageHash: account.storageRoot, code, accountProof, storageProof };
  });
  out.push({ suite: 'header_and_proofs', name: 'mainnet_21925176.json', value: { block, proofs: [proof, miner, ...accounts] } });
  const receipts = read('execution/mainnet-21925176/receipts.json.gz');
  out.push({ suite: 'block_receipts', name: 'mainnet_21925176_receipts.json', value: { block, text: JSON.stringify(receipts) } });
  out.push({ suite: 'lists', name: 'mainnet_21925176_lists.json', value: lists(block, receipts) });

  const weth = read('execution/mainnet/proof_block.json.gz');
  const wethProof = { ...read('execution/mainnet/storage_proof.json'), code: read('execution/mainnet/code.json') };
  out.push({ suite: 'header_and_proofs', name: 'mainnet_23223655.json', value: { block: weth, proofs: [wethProof] } });
  out.push({ suite: 'lists', name: 'mainnet_23223655_lists.json', value: lists(weth) });

  const fulu = read('beacon/mainnet-fulu/execution_block_0x17a2d23.json.gz');
  out.push({ suite: 'header_and_proofs', name: 'mainnet_fulu.json', value: { block: fulu, proofs: [] } });
  out.push({ suite: 'lists', name: 'mainnet_fulu_lists.json', value: lists(fulu) });

  for (const [name, full] of [['mainnet_23223655', weth], ['mainnet_fulu', fulu]])
    out.push({ suite: 'block_transactions', name: `${name}_transactions.json`, value: { hash: full.hash, text: JSON.stringify(full) } });

  const [child, parent] = ['block_head', 'block_parent'].map((name) => {
    const value = payload(source, name);
    out.push({ suite: 'payload', name: `mainnet_electra_${name}.json`, value });
    return value;
  });
  out.push({ suite: 'base_fee', name: 'mainnet_electra_base_fees.json', value: { l2: false, pairs: [{ hash: parent.hash, parent: parent.header, child: child.header }] } });
  return out;
}
