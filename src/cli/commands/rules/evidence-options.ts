import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatLocation } from '../../../base/errors.ts';
import { silentLogger } from '../../../base/logger.ts';
import type { Problem } from '../../../base/problem.ts';
import type { ReadRecordsOptions } from '../../../case/read-records.ts';
import type { Terminal } from '../../terminal.ts';

/** Reads evidence without a case: members of archives go to a folder that is gone afterwards. */
export async function withSpool<T>(terminal: Terminal, work: (options: ReadRecordsOptions) => Promise<T>): Promise<T> {
  const { defaultOpenLimits } = await import('../../../collect/open/limits.ts');
  const spoolFolder = mkdtempSync(join(tmpdir(), 'vakthund-rules-'));
  try {
    return await work({ limits: defaultOpenLimits, spoolFolder, logger: silentLogger, signal: terminal.signal });
  } finally {
    rmSync(spoolFolder, { recursive: true, force: true });
  }
}

export function tellProblems(problems: readonly Problem[], terminal: Terminal): void {
  for (const { at, code, message } of problems) terminal.talk(`${formatLocation(at)}: ${message} [${code}]\n`);
}
