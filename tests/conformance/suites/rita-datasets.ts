import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createLocalNetworks } from '../../../src/base/networks.ts';
import { analyseAsRita, type RitaThreat } from '../../../src/detect/rita/analyse.ts';
import { createFilter } from '../../../src/detect/rita/filter.ts';
import { ritaProfiles } from '../../../src/detect/rita/profile.ts';
import { ritaTables } from '../../../src/detect/rita/tables.ts';
import { bandedScore } from '../../../src/detect/rita/threat-score.ts';
import { readWindow } from '../../../src/detect/rita/window.ts';
import type { Store } from '../../../src/store/store.ts';
import { withEvidence } from '../evidence-store.ts';
import type { Suite, SuiteFailure, SuiteResult } from '../suite.ts';

/** Networks that RITA counts as internal by default. */
const ritaInternal = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fd00::/8'];

type Row = Readonly<Record<string, unknown>>;
/** What stands in a data set's `expected.json`: RITA's own values, those of an independent re-implementation, or both. */
interface Expected {
  readonly rita_expected?: {
    readonly proxy_beacons?: number;
    readonly cases?: readonly Row[];
    readonly tolerance?: number;
  };
  readonly oracle_window?: { readonly min_ts: number; readonly max_ts: number };
  readonly oracle_sni_beacons?: readonly Row[];
  readonly oracle_ip_beacons?: readonly Row[];
  readonly expected?: readonly Row[];
  readonly exactly?: number;
  readonly prevalence?: number;
  readonly tolerance?: number;
}

/** RITA's own tolerance for scores of whole data sets, and that for the values of our oracle and for exact lists. */
const looseTolerance = 0.05;
const exactTolerance = 0.001;

export const suite: Suite = {
  id: 'rita/datasets',
  async run(corpus: string): Promise<SuiteResult> {
    const folder = join(corpus, 'network', 'rita');
    const tally = new Tally();
    for (const name of existsSync(folder) ? readdirSync(folder).sort() : []) {
      const file = join(folder, name, 'expected.json');
      if (!existsSync(file)) continue;
      const expected = JSON.parse(readFileSync(file, 'utf8')) as Expected;
      await withEvidence(
        [join(folder, name)],
        (store) => judge(name, store, expected, tally),
        createLocalNetworks(ritaInternal),
      );
    }
    return { total: tally.total, passed: tally.total - tally.failed.length, skipped: 0, failed: tally.failed };
  },
};

class Tally {
  total = 0;
  readonly failed: SuiteFailure[] = [];

  check(name: string, got: unknown, want: unknown, tolerance = 0): void {
    this.total++;
    const isRight =
      typeof got === 'number' && typeof want === 'number'
        ? Math.abs(got - want) <= tolerance
        : JSON.stringify(got) === JSON.stringify(want);
    if (!isRight) this.failed.push({ case: name, got: JSON.stringify(got) ?? 'nothing', want: JSON.stringify(want) });
  }
}

async function judge(name: string, store: Store, expected: Expected, tally: Tally): Promise<void> {
  const filter = createFilter({});
  const options = { profile: ritaProfiles['rita-code'], filter, timeCondition: 'TRUE', isRolling: false };
  const threats = await analyseAsRita(store, options);
  const { rita_expected: rita, oracle_window: window } = expected;
  for (const row of rita?.cases ?? []) checkRow(name, threats, row, rita?.tolerance ?? looseTolerance, tally);
  if (rita?.proxy_beacons !== undefined) {
    const proxied = threats.filter((threat) => threat.beacon !== undefined && threat.proxyCount > 0);
    tally.check(`${name}: beacons through a proxy`, proxied.length, rita.proxy_beacons);
  }
  if (window !== undefined) {
    const got = await store.withTables(ritaTables(store.macros, filter, 'TRUE'), readWindow);
    tally.check(`${name}: window`, [got?.start, got?.end], [window.min_ts, window.max_ts]);
  }
  const oracles = [
    ['sni', expected.oracle_sni_beacons],
    ['ip', expected.oracle_ip_beacons],
  ] as const;
  for (const [kind, rows] of oracles) {
    if (rows === undefined) continue;
    const beacons = threats.filter(
      (threat) => threat.beacon !== undefined && (threat.fqdn !== '') === (kind === 'sni'),
    );
    tally.check(`${name}: ${kind} beacons`, beacons.length, rows.length);
    for (const row of rows) checkRow(name, threats, row, exactTolerance, tally);
  }
  for (const row of expected.expected ?? []) checkRow(name, threats, row, expected.tolerance ?? exactTolerance, tally);
  if (expected.exactly !== undefined) tally.check(`${name}: rows`, threats.length, expected.exactly);
  if (expected.prevalence !== undefined) {
    const shares = threats.map((threat) => threat.prevalence / threat.networkSize);
    tally.check(
      `${name}: prevalence`,
      shares,
      threats.map(() => expected.prevalence),
    );
  }
}

/** A row's fields by name, each a check of its own; fields of other names are notes. */
const fields: Readonly<Record<string, (threat: RitaThreat) => unknown>> = {
  count: (threat) => threat.count,
  connections: (threat) => threat.count,
  proxy_count: (threat) => threat.proxyCount,
  proxy_connections: (threat) => threat.proxyCount,
  open_count: (threat) => threat.openCount,
  missing_host_count: (threat) => threat.missingHostCount,
  total_bytes: (threat) => threat.totalBytes,
  total_duration: (threat) => threat.totalDuration,
  port_proto_service: (threat) => [...threat.ports].sort(),
  ports: (threat) => [...threat.ports].sort(),
  server_ips: (threat) => [...threat.serverIps].sort(),
  proxy_ips: (threat) => [...threat.proxyIps].sort(),
  score: (threat) => threat.beacon?.score,
  ts: (threat) => threat.beacon?.timestamps,
  ds: (threat) => threat.beacon?.sizes,
  dur: (threat) => threat.beacon?.duration,
  hist: (threat) => threat.beacon?.histogram,
  ts_skew: (threat) => threat.beacon?.intervalSkewness,
  ts_mad: (threat) => threat.beacon?.intervalDeviation,
  ds_skew: (threat) => threat.beacon?.sizeSkewness,
  ds_mad: (threat) => threat.beacon?.sizeDeviation,
  hours: (threat) => threat.beacon?.hours,
  run: (threat) => threat.beacon?.longestRun,
  final_score: (threat) => threat.finalScore,
  subdomains: (threat) => threat.subdomains,
  threat_score_low75: (threat) => beaconThreat(threat, 'rita-code'),
  threat_score_low70: (threat) => beaconThreat(threat, 'rita-shipped'),
};

function beaconThreat(threat: RitaThreat, profile: keyof typeof ritaProfiles): number {
  return bandedScore((threat.beacon?.score ?? 0) * 100, ritaProfiles[profile].beacon.bands);
}

function checkRow(dataset: string, threats: readonly RitaThreat[], row: Row, tolerance: number, tally: Tally): void {
  const far = row['fqdn'] ?? row['dst'];
  const name = `${dataset}: ${String(row['src'])} to ${String(far)}`;
  const threat = threats.find(
    (entry) => entry.source === row['src'] && (entry.fqdn === far || entry.destination === far),
  );
  if (threat === undefined) {
    tally.check(name, 'no such row', 'a row');
    return;
  }
  for (const [field, want] of Object.entries(row)) {
    const got = fields[field]?.(threat);
    if (got === undefined) continue;
    tally.check(`${name} ${field}`, got, Array.isArray(want) ? want.map(String).sort() : want, tolerance);
  }
}
