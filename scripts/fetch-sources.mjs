// SPDX-License-Identifier: MIT
/*
 * Brings the third-party sources that deps/lock.json names into build/deps/src.
 *
 * Debian source packages come through apt with a private state: a source list of the lock's release, derived
 * from the machine's own, so the machine's addresses and keys are used and its own lists stay as they are.
 * Sources that an npm package carries are taken from node_modules, where `npm ci` checked them. Every file is
 * compared with the lock; a source directory gets its stamp last, so an interrupted run leaves no half of one.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const work = path.join(root, 'build/deps');
const lock = JSON.parse(fs.readFileSync(path.join(root, 'deps/lock.json'), 'utf8'));
const attempts = 3;

const say = (text) => console.log(`setup: ${text}`);
const fail = (text) => {
  console.error(`setup: ${text}`);
  process.exit(1);
};
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const exists = (file) => fs.existsSync(file);

/** Runs a command quietly. Returns its output, or throws with the last lines of its complaint. */
function run(command, args, options = {}) {
  const done = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28, env: { ...process.env, LC_ALL: 'C' }, ...options });
  if (done.error) throw new Error(`${command}: ${done.error.message}`);
  if (done.status !== 0) {
    const lines = `${done.stdout}\n${done.stderr}`.split('\n').filter((line) => /^(E|Err|dpkg-source: error|tar:|W):?/.test(line));
    throw new Error(`${command} failed\n  ${lines.slice(-6).join('\n  ') || done.stderr.slice(-400)}`);
  }
  return done.stdout;
}

/* --- The machine's own apt sources, turned into a source list of the lock's release. --- */

function filesOf(directory, ending) {
  if (!exists(directory)) return [];
  return fs.readdirSync(directory).filter((name) => name.endsWith(ending)).sort().map((name) => path.join(directory, name));
}

/** One deb822 stanza as a map; continuation lines stay as they are written (a key may be embedded). */
function parseStanza(text) {
  const fields = new Map();
  let last;
  for (const line of text.split('\n')) {
    if (line.startsWith('#') || line === '') continue;
    if (/^\s/.test(line)) {
      if (last) fields.set(last, `${fields.get(last)}\n${line}`);
      continue;
    }
    const colon = line.indexOf(':');
    last = line.slice(0, colon).toLowerCase();
    fields.set(last, line.slice(colon + 1).trim());
  }
  return fields;
}

const stanzasOf = (text) => text.split(/\n\s*\n/).map(parseStanza).filter((fields) => fields.size > 0);

/** An old one-line entry, `deb [options] uri suite component...`, as the same map; null for any other line. */
function parseLine(line) {
  const match = /^\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s+(.+?)\s*(?:#.*)?$/.exec(line);
  if (!match) return null;
  const fields = new Map([['types', 'deb'], ['uris', match[2]], ['suites', match[3]], ['components', match[4]]]);
  const key = /signed-by=(\S+)/.exec(match[1] ?? '');
  if (key) fields.set('signed-by', key[1]);
  return fields;
}

function machineSources() {
  const etc = process.env.OL_APT_DIR ?? '/etc/apt';
  const parts = path.join(etc, 'sources.list.d');
  const found = filesOf(parts, '.sources').flatMap((file) => stanzasOf(fs.readFileSync(file, 'utf8')));
  for (const file of [path.join(etc, 'sources.list'), ...filesOf(parts, '.list')]) {
    if (!exists(file)) continue;
    found.push(...fs.readFileSync(file, 'utf8').split('\n').map(parseLine).filter(Boolean));
  }
  return found;
}

function sourceList(releases) {
  const system = fs.readFileSync('/etc/os-release', 'utf8');
  const codename = /^VERSION_CODENAME=(.*)$/m.exec(system)?.[1] ?? '';
  const has = (fields, name, wanted) => (fields.get(name) ?? '').split(/\s+/).includes(wanted);
  const stanzas = machineSources()
    .filter((fields) => (fields.get('enabled') ?? 'yes') !== 'no')
    .filter((fields) => has(fields, 'types', 'deb') && has(fields, 'suites', codename) && has(fields, 'components', 'main'))
    .map((fields) => {
      const key = fields.get('signed-by');
      const lines = ['Types: deb-src', `URIs: ${fields.get('uris')}`, `Suites: ${releases.join(' ')}`, 'Components: main'];
      return [...lines, ...(key ? [`Signed-By: ${key}`] : [])].join('\n');
    });
  if (stanzas.length === 0) {
    fail(`no apt source of Debian "${codename}" found on this machine to derive one of "${releases.join(', ')}" from; ` +
      'to build with installed libraries instead, configure with -DOL_SYSTEM_DEPS=ON');
  }
  return `${[...new Set(stanzas)].join('\n\n')}\n`;
}

/** Sets up the private apt state and returns how to call a tool of apt with it. */
function openApt(releases) {
  const dir = path.join(work, 'apt');
  for (const name of ['lists/partial', 'cache/archives/partial', 'parts']) fs.mkdirSync(path.join(dir, name), { recursive: true });
  fs.writeFileSync(path.join(dir, 'source.sources'), sourceList(releases));
  const config = path.join(dir, 'apt.conf');
  fs.writeFileSync(config, [
    `Dir::State::lists "${dir}/lists";`, `Dir::Cache "${dir}/cache";`, `Dir::Etc::sourcelist "${dir}/source.sources";`,
    `Dir::Etc::sourceparts "${dir}/parts";`, 'Acquire::Languages "none";', 'Acquire::Retries "3";',
    ...(process.getuid() === 0 ? ['APT::Sandbox::User "root";'] : []),
    '#clear APT::Update::Pre-Invoke;', '#clear APT::Update::Post-Invoke;', '#clear APT::Update::Post-Invoke-Success;', '',
  ].join('\n'));
  const apt = (tool, args, options) => run(tool, ['-q', '-c', config, ...args], options);
  say(`reading the source index of Debian ${releases.join(', ')}`);
  apt('apt-get', ['-o', 'APT::Update::Error-Mode=any', 'update']);
  return apt;
}

/* --- One library of each kind. --- */

/** Returns: the index's record of the pinned version, or of the newest of its release line. */
function chooseVersion(apt, entry) {
  const records = stanzasOf(apt('apt-cache', ['showsrc', '--only-source', entry.name]))
    .filter((fields) => fields.get('package') === entry.name);
  const versionOf = (fields) => fields.get('version');
  const pinned = records.find((fields) => versionOf(fields) === entry.version);
  if (pinned) return pinned;
  const inLine = (version) => version.replace(/^\d+:/, '').startsWith(`${entry.line}.`) || version.replace(/[-+].*$/, '') === entry.line;
  const newer = (a, b) => (spawnSync('dpkg', ['--compare-versions', versionOf(a), 'gt', versionOf(b)]).status === 0 ? -1 : 1);
  const [best] = records.filter((fields) => inLine(versionOf(fields))).sort(newer);
  if (!best) {
    const offered = records.map(versionOf).join(', ') || 'none';
    fail(`${entry.name}: neither ${entry.version} nor another ${entry.line}.* is offered (offered: ${offered})`);
  }
  say(`NOTE: ${entry.name} ${entry.version} is no longer offered; using ${versionOf(best)} of the same release line, ` +
    'authenticated by apt. Update deps/lock.json.');
  return best;
}

/** The files of a record that are needed, with the hash each must have. */
function filesWanted(entry, record) {
  const wanted = new Map();
  for (const line of record.get('checksums-sha256').split('\n')) {
    const match = /^\s*([0-9a-f]{64})\s+\d+\s+(\S+)$/.exec(line);
    if (!match) continue;
    const [, hash, name] = match;
    if (name.endsWith('.asc') || (entry.tarball_only && !/\.orig\.tar\./.test(name))) continue;
    wanted.set(name, entry.files[name] ?? hash);
  }
  if (record.get('version') === entry.version) {
    for (const name of Object.keys(entry.files)) {
      if (!wanted.has(name)) fail(`${entry.name}: the index no longer names ${name}`);
    }
  }
  return wanted;
}

function damaged(downloads, wanted) {
  for (const [name, hash] of wanted) {
    const file = path.join(downloads, name);
    if (!exists(file)) return `${name} is missing`;
    const got = sha256(fs.readFileSync(file));
    if (got !== hash) return `${name} has SHA-256 ${got}, not the ${hash} of the lock`;
  }
  return null;
}

function fetchDebian(apt, entry, target) {
  const record = chooseVersion(apt, entry);
  const version = record.get('version');
  const wanted = filesWanted(entry, record);
  const downloads = path.join(work, 'download');
  fs.mkdirSync(downloads, { recursive: true });
  say(`fetching ${entry.name} ${version}`);
  let trouble = damaged(downloads, wanted);
  for (let attempt = 1; trouble && attempt <= attempts; attempt++) {
    for (const name of wanted.keys()) fs.rmSync(path.join(downloads, name), { force: true });
    try {
      const form = entry.tarball_only ? ['--tar-only'] : [];
      apt('apt-get', ['source', '--download-only', ...form, `${entry.name}=${version}`], { cwd: downloads });
      trouble = damaged(downloads, wanted);
    } catch (error) {
      trouble = error.message;
    }
    if (trouble && attempt < attempts) say(`${entry.name}: ${trouble}; trying again`);
  }
  if (trouble) {
    for (const name of wanted.keys()) fs.rmSync(path.join(downloads, name), { force: true });
    fail(`${entry.name}: ${trouble}`);
  }
  const names = [...wanted.keys()];
  if (entry.tarball_only) {
    fs.mkdirSync(target);
    run('tar', ['-xf', path.join(downloads, names[0]), '-C', target, '--strip-components=1']);
  } else {
    run('dpkg-source', ['-x', path.join(downloads, names.find((name) => name.endsWith('.dsc'))), target]);
    fs.rmSync(path.join(path.dirname(target), names.find((name) => /\.orig\.tar\./.test(name))), { force: true });
  }
  return version;
}

/** Returns: one hash over the paths and contents of a directory's files. */
function treeHash(directory) {
  const names = fs.readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((item) => item.isFile())
    .map((item) => path.relative(directory, path.join(item.parentPath ?? item.path, item.name))).sort();
  return sha256(names.map((name) => `${sha256(fs.readFileSync(path.join(directory, name)))}  ${name}\n`).join(''));
}

function fetchNpm(entry, target) {
  const pinned = JSON.parse(fs.readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages[`node_modules/${entry.package}`];
  if (pinned?.version !== entry.version || pinned?.integrity !== entry.integrity) {
    fail(`${entry.name}: package-lock.json and deps/lock.json disagree about ${entry.package}`);
  }
  say(`copying ${entry.name} out of ${entry.package} ${entry.version}`);
  const from = path.join(root, 'node_modules', entry.package, entry.directory);
  for (const part of entry.parts) fs.cpSync(path.join(from, part), path.join(target, part), { recursive: true });
  const got = treeHash(target);
  if (got !== entry.tree) fail(`${entry.name}: the files in node_modules have the hash ${got}, not the ${entry.tree} of the lock; remove node_modules and run again`);
  return entry.version;
}

/* --- All of them. --- */

const src = path.join(work, 'src');
fs.mkdirSync(src, { recursive: true });
const releases = [...new Set([lock.release, ...lock.libraries.flatMap((entry) => entry.release ?? [])])];
let apt;
for (const entry of lock.libraries) {
  const stamp = path.join(src, `${entry.name}.stamp`);
  const target = path.join(src, entry.name);
  const key = sha256(JSON.stringify(entry));
  if (exists(target) && exists(stamp) && fs.readFileSync(stamp, 'utf8').split(' ')[0] === key) continue;
  const fresh = path.join(src, `.${entry.name}`);
  for (const old of [stamp, target, fresh]) fs.rmSync(old, { recursive: true, force: true });
  let version;
  try {
    version = entry.package ? fetchNpm(entry, fresh) : fetchDebian((apt ??= openApt(releases)), entry, fresh);
  } catch (error) {
    fail(`${entry.name}: ${error.message}`);
  }
  fs.renameSync(fresh, target);
  fs.writeFileSync(stamp, `${key} ${version}\n`);
}
