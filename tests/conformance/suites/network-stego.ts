import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspectFile, type FileInspection } from '../../../src/match/files/inspect-file.ts';
import type { FileSign } from '../../../src/match/files/sign.ts';
import type { Suite, SuiteFailure, SuiteResult } from '../suite.ts';

interface Expected {
  /** `CLEAN`, or `STEGO` and what was done to the image. */
  readonly label: string;
  readonly appended_bytes?: number;
  readonly appended_type?: string;
}

/** Images with and without hidden data: the sign that the label asks for is there, and clean ones have none. */
export const suite: Suite = {
  id: 'network/stego',
  run(corpus): Promise<SuiteResult> {
    const folder = join(corpus, 'network', 'stego');
    const failed: SuiteFailure[] = [];
    const counts = { total: 0, skipped: 0, found: 0, hidden: 0, false: 0 };
    for (const [name, expected] of Object.entries(readExpected(join(folder, 'expected.json')))) {
      counts.total++;
      const path = join(folder, name);
      if (!existsSync(path)) {
        counts.skipped++;
        continue;
      }
      const bytes = readFileSync(path);
      const inspection = inspectFile({ name, bytes, size: bytes.length });
      const isClean = expected.label.startsWith('CLEAN');
      const fault = isClean ? faultOfClean(inspection) : faultOfHidden(inspection, expected);
      if (!isClean) counts.hidden++;
      if (fault !== undefined) failed.push({ case: `${name} (${expected.label})`, ...fault });
      if (fault !== undefined && isClean) counts.false++;
      if (fault === undefined && !isClean) counts.found++;
    }
    const passed = counts.total - counts.skipped - failed.length;
    const figures = { found: `${counts.found} of ${counts.hidden}`, 'clean ones with a sign': counts.false };
    return Promise.resolve({ total: counts.total, passed, skipped: counts.skipped, failed, figures });
  },
};

type Fault = Omit<SuiteFailure, 'case'>;

function readExpected(file: string): Readonly<Record<string, Expected>> {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, Expected>>) : {};
}

function faultOfClean({ signs }: FileInspection): Fault | undefined {
  return signs.length === 0 ? undefined : { got: titlesOf(signs), want: 'no sign' };
}

function faultOfHidden({ signs }: FileInspection, expected: Expected): Fault | undefined {
  const wanted = wantedSign(expected);
  const isFound = signs.some(
    (sign) =>
      (wanted.id === undefined || sign.id === wanted.id) &&
      wanted.values.every((value) => sign.reasons.some((reason) => reason.value === value)),
  );
  const want = [wanted.id ?? 'any sign', ...wanted.values].join(' ');
  return isFound ? undefined : { got: signs.length === 0 ? 'no sign' : titlesOf(signs), want };
}

/** The sign, and the values that its reasons must have, by what the label says was done. */
function wantedSign({ label, appended_bytes: bytes, appended_type: type }: Expected): {
  readonly id?: FileSign['id'];
  readonly values: readonly string[];
} {
  const chunk = /chunk (?<type>[A-Za-z]{4}) with (?<bytes>\d+)/.exec(label)?.groups;
  if (chunk !== undefined) return { id: 'unknown-chunk', values: [chunk['type'] ?? '', chunk['bytes'] ?? ''] };
  if (/\bLSB\b/.test(label)) return { id: 'lsb', values: [] };
  if (bytes === undefined) return { values: [] };
  return { id: 'trailing-data', values: [String(bytes), ...(type === undefined ? [] : [`application/${type}`])] };
}

function titlesOf(signs: readonly FileSign[]): string {
  return signs.map(({ title }) => title).join('; ');
}
