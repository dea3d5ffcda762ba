import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { versionOrders } from '../../../src/inspect/packages/versions/registry.generated.ts';
import { compareRpmLabels } from '../../../src/inspect/packages/versions/rpm/compare-labels.ts';
import { compareNevra, parseNevra } from '../../../src/inspect/packages/nevra.ts';
import type { Suite, SuiteFailure } from '../suite.ts';

/** Published vectors of the version orders: `ECOSYSTEM-versions*.txt`, and three tables of rpm's own words. */
const folder = 'image/versions';

type Judge = (line: string) => Omit<SuiteFailure, 'case'> | undefined;

const tables: Readonly<Record<string, Judge>> = {
  rpmvercmp: (line) => judgeComparison(line, compareRpmLabels),
  compare: (line) =>
    judgeComparison(line, (left, right) => {
      const [a, b] = [parseNevra(left), parseNevra(right)];
      return a === undefined || b === undefined ? Number.NaN : compareNevra(a, b);
    }),
  parse(line) {
    const [text = '', ...parts] = line.split(/\s+/).map((part) => part.replace(/^(?:''|"")$/, ''));
    const nevra = parseNevra(text);
    const got = nevra && [nevra.name, nevra.epoch, nevra.version, nevra.release, nevra.architecture].join(' ');
    return got === parts.join(' ') ? undefined : { got: got ?? 'none', want: parts.join(' ') };
  },
};

export const suite: Suite = {
  id: 'image/versions',
  run(corpus) {
    const failed: SuiteFailure[] = [];
    let total = 0;
    for (const file of globSync('*', { cwd: join(corpus, folder) }).sort()) {
      const judge = judgeOf(basename(file));
      for (const [index, text] of readFileSync(join(corpus, folder, file), 'utf8')
        .split('\n')
        .entries()) {
        const line = text.trim();
        if (line === '' || /^(?:#|\/\/)/.test(line)) continue;
        total++;
        const failure = judge(line);
        if (failure !== undefined) failed.push({ case: `${file}:${index + 1} ${line}`, ...failure });
      }
    }
    return Promise.resolve({ total, passed: total - failed.length, skipped: 0, failed });
  },
};

function judgeOf(file: string): Judge {
  const table = tables[file];
  if (table !== undefined) return table;
  const name = plain(file.replace(/-versions.*$/, ''));
  const order = Object.values(versionOrders).find(
    ({ id, ecosystems }) => id === name || ecosystems.some((ecosystem) => plain(ecosystem) === name),
  );
  if (order === undefined) return () => ({ got: 'no order of this name', want: 'an order' });
  return (line) => judgeComparison(line, (left, right) => order.compare(left, right));
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

function judgeComparison(line: string, compare: (left: string, right: string) => number): ReturnType<Judge> {
  const [left = '', want = '', right = ''] = line.split(/\s+/);
  const order = compare(left, right);
  const got = Number.isNaN(order) ? 'no version' : (['<', '=', '>'][Math.sign(order) + 1] ?? '');
  return got === want.replace('==', '=') ? undefined : { got, want };
}
