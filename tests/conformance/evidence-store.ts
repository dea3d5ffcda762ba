import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '../../src/base/logger.ts';
import { createLocalNetworks, type LocalNetworks } from '../../src/base/networks.ts';
import { ingest } from '../../src/case/ingest.ts';
import { defaultOpenLimits } from '../../src/collect/open/limits.ts';
import type { Analytic } from '../../src/detect/analytic.ts';
import type { Finding } from '../../src/events/finding.ts';
import { openDuckdbStore } from '../../src/store/duckdb/duckdb-store.ts';
import type { Store } from '../../src/store/store.ts';

/** Reads files and folders into a case of its own as the product does, gives its store to `work`, and removes it. */
export async function withEvidence<T>(
  paths: readonly string[],
  work: (store: Store, networks: LocalNetworks) => Promise<T>,
  networks: LocalNetworks = createLocalNetworks(),
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'vakthund-conformance-'));
  const store = await openDuckdbStore({ folder, networks });
  try {
    await ingest(paths, {
      store,
      limits: defaultOpenLimits,
      bulkMinBytes: 8_000_000,
      now: () => Date.now() * 1000,
      logger: silentLogger,
      signal: undefined,
      onProgress: () => undefined,
    });
    return await work(store, networks);
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** An analytic's findings over all that the store holds, with its default settings or others. */
export async function findingsOf(
  analytic: Analytic,
  store: Store,
  networks: LocalNetworks,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const context = {
    store,
    timeCondition: 'TRUE',
    since: undefined,
    until: undefined,
    networks,
    logger: silentLogger,
    notChecked: () => undefined,
  };
  for await (const finding of analytic.run({ ...context, settings: analytic.settings.parse(settings) })) {
    findings.push(finding);
  }
  return findings;
}
