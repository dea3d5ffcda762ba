import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { zipOf } from '../../../../tests/support/zip.ts';
import { ProblemList } from '../../../base/problem.ts';
import { defaultBundleLimits } from './bundle.ts';
import { unpackBundle } from './unpack.ts';

/** A folder of Linux with a file in it that nobody may read, root neither: it is only written to. */
const folder = '/proc/sys/vm';
const [locked, behind] = ['compact_memory', 'overcommit_memory'];

it.skipIf(!existsSync(`${folder}/${locked}`))('reads on behind a file of a folder that it may not read', async () => {
  const problems = new ProblemList();
  const { members, contents } = await unpackBundle(folder, defaultBundleLimits, problems);
  const place = members.get(behind)?.place;
  const text = place === undefined ? '' : contents.read(place).toString();
  contents.close();
  expect(text).toMatch(/^[012]\n$/);
  const told = problems.drain().map(({ code, message }) => [code, message]);
  expect(told).toContainEqual(['unreadable', expect.stringContaining(`"${locked}": E`)]);
});

async function unpacked(zip: Buffer): Promise<{ texts: Record<string, string>; told: string[] }> {
  const at = mkdtempSync(join(tmpdir(), 'vakthund-unpack-'));
  try {
    const path = join(at, 'a.zip');
    writeFileSync(path, zip);
    const problems = new ProblemList();
    const { members, contents } = await unpackBundle(path, defaultBundleLimits, problems);
    const texts = Object.fromEntries([...members].map(([name, { place }]) => [name, contents.read(place).toString()]));
    contents.close();
    return { texts, told: problems.drain().map(({ code, message }) => `${code} ${message}`) };
  } finally {
    rmSync(at, { recursive: true });
  }
}

it('reads on behind a member of a zip whose name leads outside, or that names a root or a drive', async () => {
  const { texts, told } = await unpacked(
    zipOf({ 'etc/passwd': 'a', '../../x': 'b', '/etc/shadow': 'c', 'C:/x': 'd', 'etc\\cron.d\\up': 'e' }),
  );
  expect(texts).toEqual({ 'etc/passwd': 'a', 'etc/shadow': 'c', 'C:/x': 'd', 'etc/cron.d/up': 'e' });
  expect(told).toEqual(['unsafe-path the member name "../../x" points outside; it was skipped']);
});

it.each([true, false])('reads on behind a damaged member of a zip (packed: %s)', async (isDeflated) => {
  const long = Array.from({ length: 500 }, (_none, index) => `line ${index * 7919}\n`).join('');
  const zip = zipOf({ 'etc/passwd': 'a', 'etc/long': long, 'etc/cron.d/up': 'e' }, isDeflated);
  zip.fill(0xff, 300, 340);
  const { texts, told } = await unpacked(zip);
  expect([texts['etc/passwd'], texts['etc/cron.d/up']]).toEqual(['a', 'e']);
  expect(told).toEqual([expect.stringMatching(/^unreadable "etc\/long": ./)]);
});

it('tells a member of a zip whose beginning is lost', async () => {
  const zip = zipOf({ 'etc/passwd': 'a', 'etc/cron.d/up': 'e' });
  const second = zip.indexOf('PK\u0003\u0004', 4, 'latin1');
  zip.fill(0, second, second + 4);
  const { texts, told } = await unpacked(zip);
  expect(texts).toEqual({ 'etc/passwd': 'a' });
  expect(told).toEqual([expect.stringMatching(/^unreadable "etc\/cron\.d\/up": ./)]);
});
