import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dockerArchive } from '../../../../tests/support/image-archive.ts';
import type { Report } from '../../../outputs/report-schema.ts';
import { printCheck, type CheckOptions } from './print-check.ts';

const buildFile = 'FROM debian:12\nRUN echo root:toor | chpasswd\n';
const options: CheckOptions = { case: '.vakthund', logLevel: 'error', logFormat: 'text', yara: [], helmValues: [] };
let folder: string;
let here: string;

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'vakthund-print-check-')));
  // A folder below the current one; nothing of it is kept.
  here = mkdtempSync(join(process.cwd(), 'node_modules/.vakthund-check-'));
  for (const place of [folder, here]) {
    mkdirSync(join(place, 'a!b'));
    writeFileSync(join(place, 'a!b/Dockerfile'), buildFile);
    writeFileSync(join(place, 'daemon.json'), '{"hosts":["tcp://0.0.0.0:2375"');
  }
});
afterAll(() => {
  for (const place of [folder, here]) rmSync(place, { recursive: true, force: true });
});

async function printed(paths: readonly string[], json: boolean): Promise<string> {
  let out = '';
  await printCheck(paths, options, {
    out: (text) => void (out += text),
    talk: () => undefined,
    json,
    quiet: false,
    color: false,
    width: 500,
    isInteractive: false,
    signal: new AbortController().signal,
  });
  return out;
}

async function reportOn(...paths: string[]): Promise<Report> {
  return JSON.parse(await printed(paths, true)) as Report;
}

function password({ findings }: Report): Report['findings'][number] | undefined {
  return findings.find(({ detector }) => detector === 'checks/known-password');
}

it('tells files below the current folder from there, wherever they stand in what is printed', async () => {
  const near = relative(process.cwd(), here);
  const file = `${near}/a!b/Dockerfile`;
  const report = await reportOn(`./${near}/a!b`, join(here, 'daemon.json'));
  expect(password(report)).toMatchObject({
    sentence: `image of ${file} sets the password of root to one that is written there`,
    entities: [{ kind: 'file', value: file }],
    evidence: [{ path: file, at: 2 }],
  });
  expect(password(report)?.reasons[0]).toEqual({ what: 'where', value: `${file}:2` });
  expect(report.evidence).toMatchObject([{ path: file, size: buildFile.length }]);
  expect(report.problems.every(({ at }) => at.startsWith(`${near}/daemon.json`))).toBe(true);
  expect(report.case).toBe('.');
  expect(await printed([near], false)).toContain(`written there: ${file}:2\n`);
});

it('tells all others by their whole path', async () => {
  const report = await reportOn(join(folder, 'a!b'), join(folder, 'daemon.json'));
  expect(password(report)?.evidence).toEqual([{ path: join(folder, 'a!b/Dockerfile'), at: 2 }]);
  expect(report.problems[0]?.at).toContain(join(folder, 'daemon.json'));
});

it('leaves the name of an image and the paths in it as they are', async () => {
  const image = join(folder, 'app.tar');
  writeFileSync(image, dockerArchive({ layers: [{ 'etc/passwd': 'root::0:0::/root:/bin/sh\n' }] }));
  const { findings } = await reportOn(image);
  const paths = new Set(findings.flatMap(({ evidence }) => evidence.map(({ path }) => path)));
  expect([...paths].sort()).toEqual([image, `${image}!/etc/passwd`]);
});

it('knows a path again however it is written', async () => {
  const image = join(here, 'app.tar');
  writeFileSync(image, dockerArchive({ layers: [{ 'etc/passwd': 'root::0:0::/root:/bin/sh\n' }] }));
  const near = relative(process.cwd(), here);
  const idsOf = async (...paths: string[]): Promise<string[]> => {
    const { findings, case: subject } = await reportOn(...paths);
    return [subject, ...findings.map(({ id }) => id)];
  };
  for (const name of ['a!b', 'app.tar']) {
    const plain = await idsOf(`${near}/${name}`);
    expect(plain.length).toBeGreaterThan(1);
    expect(plain[0]).toBe(`${near}/${name}`);
    expect(await idsOf(`./${near}/../${relative(join(here, '..'), here)}/${name}`)).toEqual(plain);
    expect(await idsOf(join(here, name))).toEqual(plain);
    expect(await idsOf(`${near}/${name}`, join(here, name))).toEqual(plain);
  }
});

it('keeps findings in the case that is named beside the command, those of one file once', { timeout: 120_000 }, () => {
  const main = join(import.meta.dirname, '../../main.ts');
  const joined = (path: string): Report => {
    const args = [main, 'image', 'check', path, '--join', '--case', join(folder, 'case'), '--json'];
    const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
    expect(stderr).not.toContain('[INTERNAL]');
    return JSON.parse(stdout) as Report;
  };
  const first = joined('a!b');
  expect(first.findings.length).toBeGreaterThan(0);
  expect(joined(join(folder, 'a!b')).findings.map(({ id }) => id)).toEqual(first.findings.map(({ id }) => id));
});
