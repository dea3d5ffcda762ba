import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { messageOf } from '../../../src/base/errors.ts';
import { microsPerDay, parseIsoMicros } from '../../../src/base/time.ts';
import { refreshTarget, type Mirror } from '../../../src/inspect/image/signatures/_tuf/refresh.ts';
import { folderMirror } from '../../../src/inspect/image/verify-mirror.ts';
import type { Suite, SuiteFailure } from '../suite.ts';

type Fault = Omit<SuiteFailure, 'case'>;

/**
 * Real repositories of tuf-conformance: from the initial root to the target as of the time when they were copied. What is changed, cut,
 * too late or older than it should be is refused.
 */
export const suite: Suite = {
  id: 'signatures/tuf',
  async run(corpus) {
    const archives = globSync('image/signatures/tuf-*.tar.xz', { cwd: corpus });
    const folder = mkdtempSync(join(tmpdir(), 'vakthund-tuf-'));
    const failed: SuiteFailure[] = [];
    let total = 0;
    try {
      for (const archive of archives) execFileSync('tar', ['-xJf', join(corpus, archive), '-C', folder]);
      for (const root of globSync('**/initial_root.json', { cwd: folder }).sort()) {
        for (const [name, fault] of await judgeRepository(join(folder, dirname(root)))) {
          total++;
          if (fault !== undefined) failed.push({ case: `${dirname(root)}: ${name}`, ...fault });
        }
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    return { total, passed: total - failed.length, skipped: 0, failed };
  },
};

async function judgeRepository(folder: string): Promise<[string, Fault | undefined][]> {
  const text = (name: string): string => readFileSync(join(folder, name), 'utf8').trim();
  const initial = readFileSync(join(folder, 'initial_root.json'));
  const at = parseIsoMicros(text('faketime'));
  const path = text('targetpath');
  const mirror = folderMirror(folder);
  const attempt = async (changed: Partial<Mirror>, time = at, root: Buffer = initial): Promise<string> => {
    try {
      const { bytes } = await refreshTarget(root, { ...mirror, ...changed }, path, time ?? 0);
      return existsSync(join(folder, 'targets')) && bytes.length > 0 ? 'accepted' : 'empty';
    } catch (error) {
      return messageOf(error);
    }
  };
  const refused = async (got: Promise<string>): Promise<Fault | undefined> => {
    const said = await got;
    return said === 'accepted' ? { got: said, want: 'refused' } : undefined;
  };
  const said = await attempt({});
  return [
    ['from the initial root to the target', said === 'accepted' ? undefined : { got: said, want: 'accepted' }],
    ['a changed target', await refused(attempt({ target: (name, max) => flipped(mirror.target(name, max)) }))],
    ['changed metadata', await refused(attempt({ metadata: (name, max) => flipped(mirror.metadata(name, max)) }))],
    ['a year later', await refused(attempt({}, (at ?? 0) + 365 * microsPerDay))],
    ['a root that nobody signed', await refused(attempt({}, at, unsigned(initial)))],
    [
      'no timestamp',
      await refused(
        attempt({ metadata: (name, max) => (name === 'timestamp.json' ? undefined : mirror.metadata(name, max)) }),
      ),
    ],
  ];
}

/** The same bytes with their last digit changed. */
function flipped(bytes: Buffer | undefined): Buffer | undefined {
  if (bytes === undefined) return undefined;
  const copy = Buffer.from(bytes);
  const digit = copy.findLastIndex((byte) => byte >= 0x30 && byte <= 0x39);
  copy[digit] = copy[digit] === 0x30 ? 0x31 : 0x30;
  return copy;
}

function unsigned(root: Buffer): Buffer {
  const { signed } = JSON.parse(root.toString()) as { signed: object };
  return Buffer.from(JSON.stringify({ signatures: [], signed }));
}
