import { z } from 'zod';
import { microsPerHour } from '../../../base/time.ts';
import type { SqlRow } from '../../../store/store.ts';
import { defineAnalytic } from '../../analytic.ts';
import { toFinding } from './finding.ts';
import { history, knownSince, movedPairs, remoteActsDone } from './queries.ts';
import { logOn, remoteActs, remoteServices } from './services.ts';
import { findSpreads, type Act, type Pair } from './spread.ts';

const settings = z.strictObject({
  min_targets: z
    .number()
    .int()
    .min(2)
    .default(3)
    .describe('Machines of ours that one goes to for the first time, within the window, from which it is told.'),
  window_hours: z.number().min(0.1).default(24).describe('Hours within which these first visits count together.'),
  learning_hours: z
    .number()
    .min(1)
    .default(24)
    .describe('Hours from the beginning of the case in which everything is learnt and nothing is told.'),
});

export const analytic = defineAnalytic({
  id: 'lateral-movement',
  title: 'Moves from machine to machine',
  description:
    'Machines that go to others inside by SSH, SMB, RDP, WinRM, RPC or VNC, or log in to them over the network (as Windows and Linux write it down), and never did so before: several within a day, or fewer with a service, a task or a WMI method made there. Log-ins with the privileges of an administrator weigh more. Targets that many machines use, as file servers and domain controllers are, do not count, and machines whose habit it is, as jump hosts are, stay quiet: both are learnt from the case, of which the first day is never told. Connections without data both ways are scans and not looked at.',
  reads: ['flow', 'user_session'],
  countsCalls: true,
  attack: [...new Set(['T1021', ...[...remoteServices, ...remoteActs].map(({ attack }) => attack), 'T1078'])],
  guide: ['B01', 'B03', 'B04', 'B14'],
  references: ['https://attack.mitre.org/techniques/T1021/', 'https://attack.mitre.org/techniques/T1569/002/'],
  settings,
  async *run({ store, since, until, settings: set }) {
    const m = store.macros;
    const [row] = await store.query(history(m));
    const learning = set.learning_hours * microsPerHour;
    const sinceOf = (service: string): number =>
      Number((service === logOn ? row?.['sessions_since'] : row?.['flows_since']) ?? 0);
    const newsFrom = (service: string): number => Math.max(sinceOf(service) + learning, since ?? 0);
    const spreads = findSpreads(
      (await store.query(movedPairs(m))).map(toPair),
      (await store.query(remoteActsDone(m))).map(toAct),
      {
        newsFrom,
        until: until ?? Number.MAX_SAFE_INTEGER,
        windowMicros: set.window_hours * microsPerHour,
        minTargets: set.min_targets,
        machines: Number(row?.['machines'] ?? 0),
      },
    ).slice(0, maxFindings);
    if (spreads.length === 0) return;
    const sources = spreads.map(({ source }) => source);
    const known = await store.query(knownSince(m, sources.length), sources);
    const seen = new Map(known.map((entry) => [String(entry['source']), Number(entry['since'])]));
    for (const spread of spreads) {
      const service = spread.pairs[0]?.service ?? '';
      const historySince = sinceOf(service);
      yield toFinding(spread, { historySince, newsFrom: newsFrom(service), sourceSince: seen.get(spread.source) });
    }
  },
});

/** Machines that are told: more are a change of the network. */
const maxFindings = 200;

function toPair(row: SqlRow): Pair {
  return {
    ...toDone(row),
    service: String(row['service']),
    last: Number(row['last']),
    isPrivileged: row['is_privileged'] === 1,
  };
}

function toAct(row: SqlRow): Act {
  return { ...toDone(row), act: String(row['act']) };
}

function toDone(row: SqlRow): Omit<Act, 'act'> {
  return {
    source: String(row['source']),
    target: String(row['target']),
    first: Number(row['first']),
    count: Number(row['n']),
    evidence_id: Number(row['evidence_id']),
    evidence_at: Number(row['evidence_at']),
  };
}
