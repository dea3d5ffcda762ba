import {
  appendFileSync,
  chmodSync,
  chownSync,
  copyFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { attributes, type Attribute } from './attributes.ts';
import { acceptChanges, checkBaseline, createBaseline, type Checked } from './baseline.ts';
import { readHistory, verifyKeyName } from './history.ts';
import { keyId, openSigningKey } from './keys.ts';
import { readPolicy } from './policy.ts';

const isRoot = process.getuid?.() === 0;
const text = `
version: 1
rules:
  - { path: /bin, attributes: [${attributes.join(', ')}], severity: high }
  - { path: /etc, attributes: [type, mode, owner, group, target, content], severity: medium, diff: true }
  - { path: /log, attributes: [type, mode, owner], severity: low, growing: true }
  - { path: /var/lib, attributes: [type], severity: low }
exclude: [/etc/cache, '/etc/*.tmp']
generated: ['/etc/made/**']
`;

let base: string;
let root: string;
let store: string;
const at = (path: string): string => join(root, path);

function put(path: string, content: string, mode = 0o644): void {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), content);
  chmodSync(at(path), mode);
}
const md5 = (content: string): string => createHash('md5').update(content).digest('hex');

/** A package of dpkg with its files. */
function install(version: string, files: Readonly<Record<string, string>>): void {
  put('var/lib/dpkg/status', `Package: tool\nStatus: install ok installed\nVersion: ${version}\nArchitecture: all\n`);
  const paths = Object.keys(files);
  put('var/lib/dpkg/info/tool.list', paths.map((path) => `/${path}\n`).join(''));
  put('var/lib/dpkg/info/tool.md5sums', paths.map((path) => `${md5(files[path] ?? '')}  ${path}\n`).join(''));
  for (const [path, content] of Object.entries(files)) put(path, content, 0o755);
}

const hasDpkg = isRoot && spawnSync('dpkg-deb', ['--version']).status === 0;
const ofDpkg =
  'version: 1\nrules:\n  - { path: /usr, attributes: [type, mode, owner, group, mtime, inode, content], severity: high }\n';

/** Builds a package of that version and installs it with dpkg into the root. */
function dpkgInstalls(version: string): void {
  const tree = join(base, `greet-${version}`);
  for (const folder of ['DEBIAN', 'usr/bin', 'usr/share/greet']) mkdirSync(join(tree, folder), { recursive: true });
  const about = [
    'Package: greet',
    `Version: ${version}`,
    'Architecture: all',
    'Maintainer: Test <t@example.org>',
    'Description: greets',
  ];
  writeFileSync(join(tree, 'DEBIAN/control'), `${about.join('\n')}\n`);
  writeFileSync(join(tree, 'usr/bin/greet'), `#!/bin/sh\necho ${version}\n`, { mode: 0o755 });
  writeFileSync(join(tree, `usr/share/greet/news-${version}`), 'news\n');
  mkdirSync(at('var/lib/dpkg/updates'), { recursive: true });
  const archive = join(base, `greet-${version}.deb`);
  const md5sums = ['usr/bin/greet', `usr/share/greet/news-${version}`].map(
    (path) => `${md5(readFileSync(join(tree, path), 'utf8'))}  ${path}\n`,
  );
  writeFileSync(join(tree, 'DEBIAN/md5sums'), md5sums.join(''));
  spawnSync('dpkg-deb', ['--build', '--root-owner-group', tree, archive]);
  const { status, stderr } = spawnSync('dpkg', [`--root=${root}`, `--log=${join(base, 'log')}`, '-i', archive], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
}

beforeEach(async () => {
  base = mkdtempSync(join(tmpdir(), 'vakthund-integrity-'));
  root = join(base, 'root');
  store = join(base, 'store');
  install('1.0', { 'bin/packaged': 'one', 'bin/old-part': 'part' });
  put('bin/tool', 'a program', 0o755);
  put('bin/other', 'another program');
  put('etc/conf', 'first\nsecond\nthird\n');
  put('etc/secret', 'password\n', 0o600);
  put('etc/cache', 'x');
  put('etc/made/list', 'made 1');
  put('log/app', 'line 1\n');
  symlinkSync('tool', at('bin/link'));
  await createBaseline(root, readPolicy(text, 'test'), { folder: store, key: openSigningKey(join(base, 'key.pem')) });
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const check = (options: Parameters<typeof checkBaseline>[1] = {}): Promise<Checked> =>
  checkBaseline({ folder: store }, options);
async function changes(options?: Parameters<typeof checkBaseline>[1]): Promise<string[]> {
  const { inspection } = await check(options);
  return inspection.claims.map(({ detector, path }) => `${detector.slice('integrity/'.length)} ${path}`);
}

describe('one attribute alone', () => {
  const later = new Date(Date.now() + 5_000_000);
  const cases: readonly (readonly [Attribute, () => void])[] = [
    ['type', (): void => (unlinkSync(at('bin/tool')), mkdirSync(at('bin/tool')))],
    ['mode', (): void => chmodSync(at('bin/tool'), 0o4755)],
    ['size', (): void => truncateSync(at('bin/tool'), 3)],
    ['mtime', (): void => utimesSync(at('bin/tool'), statSync(at('bin/tool')).atime, later)],
    ['ctime', (): void => chmodSync(at('bin/tool'), 0o755)],
    ['links', (): void => linkSync(at('bin/tool'), join(base, 'second-name'))],
    ['target', (): void => (unlinkSync(at('bin/link')), symlinkSync('evil', at('bin/link')))],
    ['content', (): void => writeFileSync(at('bin/tool'), 'b program')],
    [
      'inode',
      (): void => {
        copyFileSync(at('bin/tool'), at('bin/tool.new'));
        renameSync(at('bin/tool.new'), at('bin/tool'));
      },
    ],
  ];
  it.each(cases)('%s', async (attribute, change) => {
    change();
    const { changes: found } = await check();
    const names = found.flatMap((one) => one.attributes.map(({ attribute: name }) => name));
    expect(names).toContain(attribute);
    expect((await check()).inspection.claims.every(({ path }) => /^\/bin\/(?:tool|link)$/.test(path))).toBe(true);
  });

  it.runIf(isRoot)('owner and group', async () => {
    chownSync(at('bin/tool'), 1234, 0);
    chownSync(at('bin/other'), 0, 1234);
    const found = (await check()).changes.map(({ path, attributes: list }) => [
      path,
      list.map(({ attribute }) => attribute),
    ]);
    expect(found).toEqual([
      ['/bin/other', ['group', 'ctime']],
      ['/bin/tool', ['owner', 'ctime']],
    ]);
  });

  it('a change whose size and time of modification were put back is found without reading everything', async () => {
    const { atime, mtime } = lstatSync(at('bin/tool'));
    writeFileSync(at('bin/tool'), 'A PROGRAM');
    utimesSync(at('bin/tool'), atime, mtime);
    const { changes: found, snapshot } = await check();
    expect(found[0]?.attributes.map(({ attribute }) => attribute)).toContain('content');
    expect(snapshot.hashedFiles).toBe(1);
  });

  it('nothing is found where nothing changed, read or not', async () => {
    expect(await changes()).toEqual([]);
    const full = await check({ isFull: true });
    expect([full.changes.length, full.snapshot.hashedFiles > 5]).toEqual([0, true]);
  });
});

describe('what came, went and moved', () => {
  it('is told by what it is', async () => {
    put('bin/new', 'x', 0o4755);
    unlinkSync(at('bin/other'));
    renameSync(at('etc/conf'), at('etc/conf.bak'));
    const { inspection } = await check();
    expect(inspection.claims.map(({ detector, path, severity }) => [detector, path, severity])).toEqual([
      ['integrity/added', '/bin/new', 'high'],
      ['integrity/removed', '/bin/other', 'high'],
      ['integrity/renamed', '/etc/conf.bak', 'medium'],
    ]);
    expect(inspection.claims[0]?.title).toBe('new set-id program in a watched place');
    expect(inspection.claims[2]?.sentence).toBe('/etc/conf.bak was called /etc/conf');
  });

  it('names that are no UTF-8 are watched too', async () => {
    const name = Buffer.concat([Buffer.from(at('bin/')), Buffer.of(0xff, 0x09, 0x0a, 0x5c)]);
    writeFileSync(name, 'odd');
    expect(await changes()).toEqual(['added /bin/\uFFFD\t\n\\']);
    const checked = await check();
    await acceptChanges(checked, [], { folder: store, key: openSigningKey(join(base, 'key.pem')) });
    expect(await changes()).toEqual([]);
    writeFileSync(name, 'odder');
    expect(await changes()).toEqual(['changed /bin/\uFFFD\t\n\\']);
  });

  it('excluded paths are not looked at', async () => {
    put('etc/cache', 'y');
    put('etc/x.tmp', 'y');
    expect(await changes()).toEqual([]);
  });
});

describe('texts and logs', () => {
  it('a changed text is shown line by line, a secret is not', async () => {
    put('etc/conf', 'first\nSECOND\nthird\n');
    put('etc/secret', 'other password\n', 0o600);
    const { inspection } = await check();
    const lines = inspection.claims.map(({ reasons }) =>
      reasons.filter(({ what }) => what === 'line').map(({ value }) => value),
    );
    expect(lines).toEqual([['-second', '+SECOND'], []]);
    expect(JSON.stringify(inspection)).not.toContain('password');
  });

  it('a log may grow, and be rotated; it may not lose or change what it had', async () => {
    appendFileSync(at('log/app'), 'line 2\n');
    expect(await changes()).toEqual([]);
    writeFileSync(at('log/app'), 'LINE 1\nline 2\n');
    expect(await changes()).toEqual(['changed /log/app']);
    truncateSync(at('log/app'), 2);
    expect(await changes()).toEqual(['changed /log/app']);
  });
});

describe('packages', () => {
  it('explain what an update brings, takes away and writes', async () => {
    rmSync(at('bin/old-part'));
    install('2.0', { 'bin/packaged': 'two', 'bin/new-part/file': 'fresh' });
    put('etc/made/list', 'made 2');
    const { inspection, updates } = await check();
    expect(inspection.claims).toEqual([]);
    expect(updates).toEqual([
      { name: '(install scripts)', from: '', to: '', paths: ['/bin/new-part', '/etc/made/list'] },
      { name: 'tool', from: '1.0', to: '2.0', paths: ['/bin/new-part/file', '/bin/old-part', '/bin/packaged'] },
    ]);
  });

  it.skipIf(!hasDpkg)(
    'explain what dpkg itself upgrades and installs again, and not what is changed behind it',
    async () => {
      dpkgInstalls('1.0');
      await createBaseline(root, readPolicy(ofDpkg, 'test'), {
        folder: join(base, 'dpkg'),
        key: openSigningKey(join(base, 'key.pem')),
      });
      const claims = async (): Promise<string[]> =>
        (await checkBaseline({ folder: join(base, 'dpkg') })).inspection.claims.map(({ path }) => path);
      dpkgInstalls('1.0');
      expect(await claims()).toEqual([]);
      dpkgInstalls('2.0');
      expect(await claims()).toEqual([]);
      put('usr/bin/greet', 'another', 0o755);
      expect(await claims()).toEqual(['/usr/bin/greet']);
    },
  );

  it('explain new configuration that is laid beside an edited one, and no other file of such a name', async () => {
    install('2.0', { 'bin/packaged': 'two', 'etc/tool.conf': 'new' });
    put('etc/tool.conf.apk-new', 'new');
    put('etc/tool.conf', 'mine');
    put('etc/tool.conf.rpmnew', 'another');
    put('etc/unowned.apk-new', 'new');
    expect((await check()).inspection.claims.map(({ path }) => path)).toEqual([
      '/etc/tool.conf',
      '/etc/tool.conf.rpmnew',
      '/etc/unowned.apk-new',
    ]);
  });

  it('explain links of alternatives that end at what they own, and no others', async () => {
    install('2.0', { 'bin/packaged': 'two', 'bin/nano': 'nano' });
    mkdirSync(at('etc/alternatives'));
    symlinkSync('/bin/nano', at('etc/alternatives/editor'));
    symlinkSync('/etc/alternatives/editor', at('bin/editor'));
    rmSync(at('bin/old-part'));
    expect(await changes()).toEqual([]);
    put('log/evil', 'x');
    unlinkSync(at('etc/alternatives/editor'));
    symlinkSync('/log/evil', at('etc/alternatives/editor'));
    expect(await changes()).toEqual(expect.arrayContaining(['added /bin/editor', 'added /etc/alternatives/editor']));
  });

  it('that came and went explain the configuration which they left, as long as it is theirs', async () => {
    put(
      'var/lib/dpkg/status',
      `${readFileSync(at('var/lib/dpkg/status'), 'utf8')}\nPackage: nano\nStatus: deinstall ok config-files\nVersion: 7\nConffiles:\n /etc/nanorc ${md5('set nowrap')}\n`,
    );
    put('etc/nanorc', 'set nowrap');
    expect(await changes()).toEqual([]);
    put('etc/nanorc', 'set nowrap\nset speller /tmp/x');
    expect(await changes()).toEqual(['added /etc/nanorc']);
  });

  it('explain that their configuration goes when they are purged', async () => {
    const status = readFileSync(at('var/lib/dpkg/status'), 'utf8');
    const left = `Package: nano\nStatus: deinstall ok config-files\nVersion: 7\nConffiles:\n /etc/nanorc ${md5('x')}\n`;
    put('var/lib/dpkg/status', `${status}\n${left}`);
    put('etc/nanorc', 'x');
    await acceptChanges(await check(), [], { folder: store, key: openSigningKey(join(base, 'key.pem')) });
    rmSync(at('etc/nanorc'));
    expect(await changes()).toEqual(['removed /etc/nanorc']);
    put('var/lib/dpkg/status', status);
    expect(await changes()).toEqual([]);
  });

  it('explain nothing that is not theirs, or not as they have it', async () => {
    install('2.0', { 'bin/packaged': 'two' });
    put('bin/packaged', 'two, and more', 0o755);
    put('bin/unowned', 'x');
    put('etc/conf', 'changed');
    expect(await changes()).toEqual(['changed /bin/packaged', 'added /bin/unowned', 'changed /etc/conf']);
  });

  it('explain nothing without an update', async () => {
    install('1.0', { 'bin/packaged': 'other', 'bin/old-part': 'part' });
    put('etc/made/list', 'made 2');
    expect(await changes()).toContain('changed /bin/packaged');
    expect(await changes()).toContain('changed /etc/made/list');
  });
});

describe('a baseline that was tampered with', () => {
  const link = (): string => join(store, '000001.link');
  it.each<[string, () => void]>([
    ['database', (): void => appendFileSync(join(store, '000001.states.zst'), 'x')],
    ['texts', (): void => writeFileSync(join(store, '000001.texts.zst'), 'x')],
    [
      'link',
      (): void =>
        writeFileSync(link(), readFileSync(link(), 'utf8').replace('"severity":"high"', '').replace('/bin', '/nib')),
    ],
    ['signature', (): void => writeFileSync(link(), `${readFileSync(link(), 'utf8').split('\n')[0]}\nAAAA\n`)],
    ['file that is gone', (): void => unlinkSync(join(store, '000001.states.zst'))],
    [
      'key',
      (): void => {
        openSigningKey(join(base, 'other.pem'));
        copyFileSync(join(base, 'other.pem'), join(store, verifyKeyName));
      },
    ],
  ])('%s is refused', async (_what, tamper) => {
    tamper();
    await expect(check()).rejects.toMatchObject({ code: 'BASELINE' });
  });

  it('is refused with another key, and when its end was cut off', async () => {
    const key = openSigningKey(join(base, 'key.pem'));
    const { head: first } = readHistory(store);
    put('bin/new', 'x');
    await acceptChanges(await check(), [], { folder: store, key });
    const { head, links } = readHistory(store);
    expect(links.map(({ sequence, changes: counts }) => [sequence, counts])).toEqual([
      [1, {}],
      [2, { added: 1 }],
    ]);
    openSigningKey(join(base, 'other.pem'));
    await expect(checkBaseline({ folder: store, key: join(base, 'other.pem') })).rejects.toMatchObject({
      code: 'BASELINE',
    });
    expect(readHistory(store, { head: first }).head).toBe(head);
    unlinkSync(join(store, '000002.link'));
    await expect(checkBaseline({ folder: store, head })).rejects.toMatchObject({ code: 'BASELINE' });
    renameSync(link(), join(store, '000003.link'));
    await expect(check()).rejects.toMatchObject({ code: 'BASELINE' });
  });

  it('has a key that only its owner may read', () => {
    expect(statSync(join(base, 'key.pem')).mode & 0o777).toBe(0o600);
    expect(keyId(openSigningKey(join(base, 'key.pem')))).toBe(readHistory(store).last.key);
  });
});

describe('accepting', () => {
  it('takes only what lies below the paths that are named', async () => {
    put('bin/new', 'x');
    put('etc/conf', 'changed\n');
    unlinkSync(at('bin/other'));
    const key = openSigningKey(join(base, 'key.pem'));
    const { accepted } = await acceptChanges(await check(), ['/etc'], { folder: store, key });
    expect(accepted.map(({ path }) => path)).toEqual(['/etc/conf']);
    expect(await changes()).toEqual(['added /bin/new', 'removed /bin/other']);
    put('etc/conf', 'changed again\n');
    const { inspection } = await check();
    const lines = inspection.claims
      .at(-1)
      ?.reasons.filter(({ what }) => what === 'line')
      .map(({ value }) => value);
    expect(lines).toEqual(['-changed', '+changed again']);
    await acceptChanges(await check(), [], { folder: store, key });
    expect(await changes({ isFull: true })).toEqual([]);
  });
});

describe('a policy', () => {
  it.each([
    ['version: 2\nrules: []', /version/],
    ['version: 1\nrules:\n  - {path: etc, attributes: [mode]}', /a path begins with a slash/],
    ['version: 1\nrules:\n  - {path: /etc, attributes: [color]}', /attributes/],
    ['version: 1\nrules:\n  - {path: /etc, attributes: [mode], more: 1}', /more/],
    ['a: [', /no YAML/],
  ])('%s is refused', (bad, message) => {
    expect(() => readPolicy(bad, 'bad')).toThrow(message);
  });

  it('that is shipped can be read', () => {
    const shipped = readFileSync(new URL('../../../../content/integrity/policy.yaml', import.meta.url), 'utf8');
    const policy = readPolicy(shipped, 'shipped');
    expect(policy.roots).toContain('/usr');
    expect(policy.roots).not.toContain('/etc/ssh');
    expect(policy.generated.has('/usr/lib/python3/x/__pycache__/y.pyc')).toBe(true);
    expect(policy.generated.has('/usr/lib/python3/x/__pycache__')).toBe(true);
    expect(policy.generated.has('/etc/rc3.d/S01x')).toBe(true);
    expect(policy.excluded.has('/root/.bash_history')).toBe(true);
    expect(policy.excluded.has('/root/.bash_history/x')).toBe(false);
  });
});
