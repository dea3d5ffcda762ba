import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '../../../../src/base/logger.ts';
import { openLocalCase } from '../../../../src/case/local-case.ts';
import { defaultCaseSettings } from '../../../../src/case/case-settings.ts';
import type { Verdict } from '../../../../src/case/service.ts';
import { sources } from '../../../../src/collect/sources/registry.generated.ts';
import type { Finding } from '../../../../src/events/finding.ts';

/** Captures cannot be judged before packets are a source; then they are, without a change here. */
export function isReadable(name: string): boolean {
  return !/\.pcap(?:ng)?(?:\.gz)?$/u.test(name) || Object.hasOwn(sources, 'pcap');
}

/** What a whole case finds in evidence, in a folder of its own. */
export async function investigate(path: string): Promise<readonly Finding[]> {
  return (await judge(path)).findings;
}

/** The same with the incidents that the findings make, the worst first. */
export async function judge(path: string): Promise<Pick<Verdict, 'findings' | 'incidents'>> {
  const folder = mkdtempSync(join(tmpdir(), 'vakthund-network-'));
  try {
    const now = (): number => Date.now() * 1000;
    const service = await openLocalCase({ folder, settings: defaultCaseSettings, logger: silentLogger, now });
    try {
      return await service.investigate({ paths: [path], only: [], skip: [], indicators: [], rules: [] }, {});
    } finally {
      await service.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
