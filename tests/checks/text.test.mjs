// SPDX-License-Identifier: MIT
import { test } from 'node:test';
import { check, fails, passes, plant, tree } from './support.mjs';

// In parts, as this file is checked too.
const dot = '.';
const slash = '/';
const licence = 'SPDX-License-Identifier: MIT';

/** @type {[string, string, string, string][]} */
const planted = [
  ['the host of a registry', 'package-lock.json', `{\n "resolved": "https://registry${dot}npmjs${dot}org/a.tgz"\n}\n`, 'package-lock.json:2: '],
  ['the host of a distribution', 'deps/lock.json', `"http://deb${dot}debian${dot}org/pool"\n`, 'is the host of a package registry'],
  ['a mirror of one', 'a.md', `https://ftp${dot}de${dot}debian${dot}org\n`, 'is the host of a package registry'],
  ['a home', 'docs/a.md', `see ${slash}home/somebody/a\n`, 'is a place on a machine'],
  ['a work folder', 'a.json', `{"path": "${slash}work/main"}\n`, 'is a place on a machine'],
  ['a home of another system', 'a.txt', `C:${['', 'Users', 'somebody'].join('\\')}\n`, 'is a place on a machine'],
  ['no licence in C', 'a.c', 'int a;\n', `a.c: "${licence}" is not on top`],
  ['a licence that is not on top', 'a.mjs', `\n\n// ${licence}\n`, 'is not on top'],
  ['no licence in a script', 'scripts/a', '#!/usr/bin/env bash\nset -e\n', 'scripts/a: '],
  ['no licence in a CMakeLists.txt', 'b/CMakeLists.txt', 'project(a)\n', 'b/CMakeLists.txt: '],
];

for (const [name, file, text, fault] of planted) {
  test(`${name} does not pass`, (t) => {
    const root = tree(t);
    plant(root, file, text);
    fails(check('text', root), fault);
  });
}

test('an empty tree does not pass', (t) => fails(check('text', tree(t)), 'there are no files'));

test('what is allowed passes', (t) => {
  const root = tree(t);
  plant(root, 'a.c', `/* ${licence} */\nint a;\n`);
  plant(root, 'run', `#!/usr/bin/env bash\n# ${licence}\ncat "$root${slash}work/a" build${slash}work/a ./root/a\n`);
  plant(root, 'a.md', 'https://example.org/home/page\n');
  plant(root, '.gitignore', 'build/\n');
  plant(root, 'build/a.c', 'int a;\n');
  plant(root, 'picture.png', Buffer.from([0x89, 0x50, 0, 0x47]));
  passes(check('text', root));
});
