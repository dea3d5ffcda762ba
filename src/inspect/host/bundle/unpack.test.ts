import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
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
