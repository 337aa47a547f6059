// SPDX-License-Identifier: MIT
import { test } from 'node:test';
import { check, fails, passes, plant, tree } from './support.mjs';

const copy = (/** @type {import('node:test').TestContext} */ t) => tree(t, 'sdk', 'wasm', 'examples', 'bindings');
const poison = '#include "base/poison.h"\n';

test('what is there passes', (t) => passes(check('rooms', copy(t))));

test('an empty tree does not', (t) => fails(check('rooms', tree(t)), 'there are no sources'));

/** @type {[string, string, string, ...(string | RegExp)[]][]} */
const planted = [
  ['a later room', 'sdk/src/trie/planted.c', `#include "client/client.h"\n${poison}`, 'planted.c:1: "client/client.h" is in client, which comes after trie'],
  ['a later room from a header', 'sdk/src/base/planted.h', '\n\n#  include "crypto/keccak.h"\n', 'planted.h:3: "crypto/keccak.h" is in crypto, which comes after base'],
  ['a public header of a later room', 'sdk/src/encoding/planted.c', `#include "openledger/account.h"\n${poison}`, 'is in trie, which comes after encoding'],
  ['a public header from one of an earlier room', 'sdk/include/openledger/text.h', '#include "openledger/client.h"\n', 'text.h:1: "openledger/client.h" is in client, which comes after encoding'],
  ['an inner header from a public one', 'sdk/include/openledger/text.h', '#include "base/base.h"\n', '"base/base.h" is not public'],
  ['the header of everything', 'sdk/src/client/planted.c', `#include "openledger/openledger.h"\n${poison}`, 'is for users, not for rooms'],
  ['a header that is not there', 'sdk/src/client/planted.c', `#include "trie/absent.h"\n${poison}`, 'does not exist'],
  ['a way around', 'sdk/src/base/planted.c', `#include "../crypto/keccak.h"\n${poison}`, 'is in no room'],
  ['a computed include', 'sdk/src/base/planted.c', `#include WHATEVER\n${poison}`, 'WHATEVER is not a plain name'],
  ['a new room', 'sdk/src/attic/planted.c', poison, 'sdk/src/attic/planted.c: is in no room'],
  ['a new public header', 'sdk/include/openledger/planted.h', '', 'belongs to no room'],
  ['a library outside of crypto', 'sdk/src/trie/planted.c', `#include <mbedtls/sha256.h>\n${poison}`, '<mbedtls/sha256.h> is for a source of crypto alone'],
  ['a library in a header of crypto', 'sdk/src/crypto/planted.h', '#include <secp256k1.h>\n#include <sodium.h>\n#include <blst.h>\n', /secp256k1/, /sodium/, /blst/],
  ['a library in a binding of ours', 'wasm/planted.c', '#include <sodium/core.h>\n', 'is for a source of crypto alone'],
  ['yyjson elsewhere', 'sdk/src/encoding/planted.c', `#include "yyjson.h"\n${poison}`, '"yyjson.h" is for encoding/json.c alone'],
  ['curl in the core', 'sdk/src/client/planted.c', `#include <curl/curl.h>\n${poison}`, 'is for sdk/host alone'],
  ['civetweb beside the server', 'sdk/host/planted.c', '#include <civetweb.h>\n', "is for sdk/host's server alone"],
  ['files in the core', 'sdk/src/client/planted.c', `#include <stdio.h>\n${poison}`, '<stdio.h> is not for the core'],
  ['an inner header in an example', 'examples/cli/planted.c', '#include "base/base.h"\n', 'is neither public nor of this folder'],
  ['no poison', 'sdk/src/trie/planted.c', '#include "base/base.h"\n', 'its last include must be "base/poison.h"'],
  ['poison that is not last', 'sdk/src/trie/planted.c', `${poison}#include <string.h>\n`, 'its last include must be "base/poison.h"'],
  ['poison in a comment', 'sdk/src/trie/planted.c', `/* ${poison}*/ // ${poison}`, 'its last include must be "base/poison.h"'],
  ['a package in what pages load', 'bindings/js/src/planted.mjs', "import { a } from './core.mjs';\nexport * from 'left-pad';\n", "planted.mjs:2: 'left-pad' is outside"],
  ['a script from elsewhere', 'bindings/js/src/planted.mjs', "await import('../other.mjs');\n", "'../other.mjs' is outside"],
];

for (const [name, file, text, ...faults] of planted) {
  test(`${name} does not pass`, (t) => {
    const root = copy(t);
    plant(root, file, text);
    fails(check('rooms', root), ...faults);
  });
}

test('what is allowed passes', (t) => {
  const root = copy(t);
  plant(root, 'sdk/src/client/planted.c', `/* #include <stdio.h> */ // "a"\n#include <string.h>\n#include "trie/trie.h"\n${poison}`);
  plant(root, 'sdk/src/crypto/planted.c', `#include <sodium.h>\n#include "openledger/text.h"\n${poison}`);
  plant(root, 'sdk/host/planted.c', '#include <stdio.h>\n#include <curl/curl.h>\n#include "openledger/client.h"\n');
  plant(root, 'bindings/js/src/planted.mjs', "import { a } from './core.mjs';\nconst { b } = await import('node:fs');\n");
  passes(check('rooms', root));
});
