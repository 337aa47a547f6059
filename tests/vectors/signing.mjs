// SPDX-License-Identifier: MIT
//
// What people sign: typed data of ethers' test cases and of the interop vector, the examples of EIP-4361 and EIP-2098.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';

const packages = resolve(import.meta.dirname, '../../node_modules');

/** The fields of a domain (EIP-712), in their order. */
const fields = { name: 'string', version: 'string', chainId: 'uint256', verifyingContract: 'address', salt: 'bytes32' };

/** The document of a test case twice: with the domain's type left out, and with it. */
function documents({ domain, primaryType, types, message }) {
  const EIP712Domain = Object.entries(fields).filter(([name]) => name in domain).map(([name, type]) => ({ name, type }));
  return {
    document: JSON.stringify({ types, primaryType, domain, message }),
    declared: JSON.stringify({ domain, message, primaryType, types: { ...types, EIP712Domain } }),
  };
}

/** "Ballot(uint256 proposalId,uint8 support)" as types. @param {string} text */
function typesOf(text) {
  const [, name, members] = text.match(/^(\w+)\((.*)\)$/) ?? [];
  return { [name]: members.split(',').map((member) => member.split(' ')).map(([type, own]) => ({ name: own, type })) };
}

/** The first account of the mnemonic that the interop vector has; public, as the mnemonic is. */
const INTEROP_KEY = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80';

/** EIP-4361, "Examples": three origins, and else the same. */
const siwe = ['example.com', 'example.com:3388', 'https://example.com'].map((origin) => ({
  domain: origin.replace('https://', ''),
  text: `${origin} wants you to sign in with your Ethereum account:
0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2

I accept the ExampleOrg Terms of Service: https://example.com/tos

URI: https://example.com/login
Version: 1
Chain ID: 1
Nonce: 32891756
Issued At: 2021-09-30T16:25:24Z
Resources:
- ipfs://bafybeiemxf5abjwjbikoz4mc3a3dla6ual3jsgpdr4cjr3oz3evfyavhwq/
- https://example.com/my-web2-claim.json`,
}));

/** EIP-2098, "Test Cases". */
const privateKey = '0x1234567890123456789012345678901234567890123456789012345678901234';
const signatures = [
  {
    privateKey,
    message: 'Hello World',
    signature: '0x68a020a209d3d56c46f38cc50a33f704f4a9a10a59377f8dd762ac66910e9b907e865ad05c4035ab5792787d4a0297a43617ae897930a6fe4d822b8faea520641b',
    compact: '0x68a020a209d3d56c46f38cc50a33f704f4a9a10a59377f8dd762ac66910e9b907e865ad05c4035ab5792787d4a0297a43617ae897930a6fe4d822b8faea52064',
  },
  {
    privateKey,
    message: "It's a small(er) world",
    signature: '0x9328da16089fcba9bececa81663203989f2df5fe1faa6291a45381c81bd17f76139c6d6b623b42da56557e5e734a43dc83345ddfadec52cbe24d0cc64f5507931c',
    compact: '0x9328da16089fcba9bececa81663203989f2df5fe1faa6291a45381c81bd17f76939c6d6b623b42da56557e5e734a43dc83345ddfadec52cbe24d0cc64f550793',
  },
];

/** What suites_signing.c reads. @param {string} source @returns {{suite: string, name: string, value: any}[]} */
export function signingVectors(source) {
  const packed = readFileSync(join(packages, '@ethersproject/testcases/testcases/eip712.json.gz'));
  const typed = JSON.parse(gunzipSync(packed).toString()).map(({ name, data, encoded, digest, signature = '', privateKey: key = '', ...rest }) =>
    ({ name, ...documents({ ...rest, message: data }), encoded, digest, privateKey: key, signature }));
  const { ballot, ballotSignature } = JSON.parse(readFileSync(join(source, 'interop/openledger.json'), 'utf8'));
  const interop = { ...ballot, types: typesOf(ballot.types) };
  typed.push({ name: 'interop ballot', ...documents(interop), encoded: '', digest: '', privateKey: INTEROP_KEY, signature: ballotSignature });
  return [
    { suite: 'typed_data', name: 'typed_data.json', value: { cases: typed } },
    { suite: 'siwe', name: 'siwe.json', value: { cases: siwe } },
    { suite: 'signature', name: 'signature.json', value: { cases: signatures } },
  ];
}
