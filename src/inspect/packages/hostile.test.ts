import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { processorClock } from '../../../tests/support/processor-time.ts';
import { elfOf } from '../../../tests/support/programs.ts';
import { MemoryTree, type MemoryFile } from '../../../tests/support/memory-tree.ts';
import { zipOf } from '../../../tests/support/zip.ts';
import { catalogTree } from './catalog.ts';
import { Findings } from './findings.ts';
import { bufferSource } from './zip/tree-zip.ts';
import { ZipFile } from './zip/zip-file.ts';

const catalog = (files: Readonly<Record<string, MemoryFile>>) => catalogTree(new MemoryTree(files));

/** An archive in an archive, so many levels deep. */
function nested(levels: number): Buffer {
  let jar = zipOf({ 'META-INF/maven/g/deepest/pom.properties': 'groupId=g\nartifactId=deepest\nversion=1\n' });
  for (let level = 0; level < levels; level++) jar = zipOf({ 'inner.jar': jar });
  return jar;
}

describe('a tree that was made to exhaust', () => {
  it('has its archives opened ten levels deep, and not a hundred', () => {
    expect(catalog({ '/a.jar': nested(10) }).packages).toMatchObject([{ name: 'g:deepest' }]);
    expect(catalog({ '/a.jar': nested(100) })).toMatchObject({
      packages: [],
      problems: [{ code: 'limit-reached', at: { path: '/a.jar' } }],
    });
  });

  it('has no archive in it that is unpacked past its bound, whatever size it claims', () => {
    const bomb = zipOf({ 'META-INF/MANIFEST.MF': Buffer.alloc(2 ** 24) });
    // The directory says that the member has ten bytes.
    bomb.writeUInt32LE(10, bomb.indexOf('PK\u0001\u0002', 0, 'latin1') + 24);
    const zip = ZipFile.open(bufferSource(bomb));
    if (typeof zip === 'string') throw new Error(zip);
    const [member] = zip.members;
    expect(member?.bytes).toBe(10);
    expect(member && zip.read(member, 2 ** 20)).toBeUndefined();
    expect(catalog({ '/bomb-1.0.jar': bomb })).toMatchObject({
      packages: [{ name: 'bomb', version: '1.0' }],
      problems: [{ code: 'bad-record', at: { path: '/bomb-1.0.jar!META-INF/MANIFEST.MF' } }],
    });
  });

  it('has archives that hold each other many times opened as often as is allowed', () => {
    const members = Object.fromEntries(
      Array.from({ length: 200 }, (_none, index) => [`${index}.jar`, zipOf({ x: '' })]),
    );
    const inner = zipOf(members);
    const outer = zipOf(Object.fromEntries(Array.from({ length: 200 }, (_none, index) => [`${index}.jar`, inner])));
    expect(catalog({ '/a.jar': outer }).problems).toMatchObject([{ code: 'limit-reached' }]);
  });

  it('has no package with an endless name or version, which bills of materials could not hold', () => {
    const record = (name: string, version: string) =>
      `Package: ${name}\nStatus: install ok installed\nVersion: ${version}\n`;
    const status = [record('a'.repeat(1025), '1'), record('b', '1'.repeat(1025)), record('c', '1'.repeat(1024))].join(
      '\n',
    );
    expect(catalog({ '/var/lib/dpkg/status': status })).toMatchObject({
      packages: [{ name: 'c' }],
      problems: Array.from({ length: 2 }, () => ({
        code: 'bad-record',
        message: 'a name or version has more than 1024 characters; it was skipped',
      })),
    });
  });

  it('has a database of a hundred thousand records read at once', () => {
    const records = Array.from({ length: 100_000 }, (_none, index) => `P:p${index}\nV:1-r0\nF:usr/lib\nR:f${index}\n`);
    const { packages } = catalog({ '/lib/apk/db/installed': records.join('\n') });
    expect(packages).toHaveLength(100_000);
  });

  it.each([
    ['/lib/apk/db/installed', 'P:p\nV:1-r0\n\n', 300_001],
    ['/var/lib/dpkg/status', 'Package: p\nVersion: 1\n\n', 300_001],
  ])('has a database without end read as far as the bound: %s', (path, record, line) => {
    const { packages, problems } = catalog({ [path]: record.repeat(150_000) });
    expect(packages).toHaveLength(100_000);
    expect(problems).toEqual([
      {
        code: 'limit-reached',
        at: { path, line },
        message: `more than 100000 packages: from line ${line} on it was not read`,
      },
    ]);
  });

  it('has packages without end in small files, of which the rest is not opened', () => {
    const findings = new Findings();
    const tree = new MemoryTree({ '/METADATA': 'x' });
    const [entry] = tree.list('/');
    if (entry === undefined) throw new Error('no entry');
    const facts = { type: 'pypi', version: '1', purl: '', foundBy: 'python', locations: ['/METADATA'] } as const;
    for (let index = 0; index < 100_000; index++) findings.add({ ...facts, name: `p${index}` });
    expect(findings.text(tree, entry)).toBeUndefined();
    const { packages, problems } = findings.done();
    expect(packages).toHaveLength(100_000);
    expect(problems).toMatchObject([{ code: 'limit-reached', at: { path: '/METADATA' } }]);
    expect(problems[0]?.message).toMatch(/^1 files: 100000 packages of one kind were found before/);
  });

  it('has a package with more files than there are on any machine, which is told without them', () => {
    const { packages, problems } = catalog({ '/lib/apk/db/installed': `P:p\nV:1-r0\n${'R:f\n'.repeat(2_000_010)}` });
    expect(packages[0]?.files).toHaveLength(2_000_000);
    expect(problems).toMatchObject([{ code: 'limit-reached', at: { path: '/lib/apk/db/installed' } }]);
  });

  it.each([
    ['/a/package-lock.json', `{"dependencies":${'{"a":{"dependencies":'.repeat(100_000)}{}${'}}'.repeat(100_000)}}`],
    ['/a/package.json', '['.repeat(1_000_000)],
    ['/a/bun.lock', `{"packages":{"${'a/'.repeat(100_000)}":["b@1",{"dependencies":{"c":"1"}}]}}`],
    ['/a/pnpm-lock.yaml', `a: ${'['.repeat(50_000)}`],
    ['/a/poetry.lock', `a = ${'['.repeat(50_000)}`],
    ['/a/Cargo.lock', '[[package]]\n'.repeat(200_000)],
    ['/a/Cargo.lock', '[[package]]\nname = "a"\ndependencies = ["a"]\n'.repeat(50_000)],
    ['/a/uv.lock', '[[package]]\nname = "a"\n'.repeat(100_000)],
    ['/a/pom.xml', '<a>'.repeat(100_000)],
    ['/a/pom.xml', `<a ${'b'.repeat(1_000_000)}>`],
    ['/a/requirements.txt', `a${' '.repeat(1_000_000)}b`],
    ['/a/yarn.lock', `${'"'.repeat(500_000)}:\n  version "1"\n`],
    ['/etc/os-release', `ID=${' '.repeat(65_000)}x`],
    ['/a/x.egg-info', `Name:${' '.repeat(1_000_000)}a\nVersion: 1`],
    ['/var/lib/dpkg/status', `Package: a\nVersion: 1\nSource: ${'a '.repeat(500_000)}`],
  ])('has %s in it that is nested or long without end: no time is lost', (path, text) => {
    const takenMs = processorClock();
    expect(catalog({ [path]: text }).problems.filter(({ code }) => code === 'detector-failed')).toEqual([]);
    // What grows with the square of these takes minutes.
    expect(takenMs()).toBeLessThan(30_000);
  });

  it.each([
    [
      'Cargo.lock',
      '[[package]]\nname = "a"\nversion = "1"\ndependencies = ["a"]\n',
      { '/a/Cargo.toml': '[package]\nname = "a"\n[dependencies]\na = "1"\n' },
    ],
    [
      'uv.lock',
      '[[package]]\nname = "a"\nversion = "1"\nsource = { virtual = "." }\ndependencies = [{ name = "a" }]\n',
      {},
    ],
    [
      'poetry.lock',
      '[[package]]\nname = "a"\nversion = "1"\n[package.dependencies]\na = "1"\n',
      { '/a/pyproject.toml': '[tool.poetry.dependencies]\na = "1"\n' },
    ],
  ])('has a %s that names one package a hundred thousand times: no time is lost', (name, record, beside) => {
    const takenMs = processorClock();
    catalog({ ...beside, [`/a/${name}`]: record.repeat(100_000) });
    expect(takenMs()).toBeLessThan(30_000);
  });

  it('has programs whose headers lie', () => {
    const program = elfOf([{ name: '.go.buildinfo', bytes: Buffer.alloc(64) }]);
    for (let at = 16; at < 64; at++) {
      const broken = Buffer.from(program);
      broken.fill(0xff, at, at + 8);
      for (const problem of catalog({ '/bin/a.exe': broken }).problems) expect(problem.code).toBe('bad-header');
    }
  });

  it('has a cut program, of which is told that it was not looked into', () => {
    const program = elfOf([{ name: '.go.buildinfo', bytes: Buffer.alloc(64) }]);
    expect(catalog({ '/bin/a.exe': program }).problems).toEqual([]);
    for (const length of [65, program.length - 1]) {
      const { problems } = catalog({ '/bin/a.exe': program.subarray(0, length) });
      expect(problems).toMatchObject([{ code: 'bad-header', at: { path: '/bin/a.exe' } }]);
    }
  });

  it('has compressed sections that unpack without end', () => {
    const bomb = deflateRawSync(Buffer.alloc(2 ** 25));
    const { problems } = catalog({ '/bin/a.exe': elfOf([{ name: '.dep-v0', bytes: bomb }]) });
    expect(problems).toMatchObject([{ code: 'bad-record', at: { path: '/bin/a.exe' } }]);
  });
});
