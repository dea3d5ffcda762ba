import { formatBytes } from '../../../base/bytes.ts';
import { formatIso } from '../../../base/time.ts';
import type { Entity } from '../../../events/entity.ts';
import { maxBins, type Finding, type Reason, type Series } from '../../../events/finding.ts';
import { makeFinding, maxPointers, severityOf } from '../../make-finding.ts';
import type { Call, Change } from './change.ts';

/** Addresses that become entities: a name that moves around has many. */
const maxAddresses = 5;

export function toFinding(
  source: string,
  name: string,
  change: Change,
  judged: { readonly score: number; readonly reasons: readonly Reason[] },
): Finding {
  const { before, after, extra } = change;
  const addresses = [...new Set(after.map(({ address }) => address))].slice(0, maxAddresses);
  return makeFinding({
    about: [source, name],
    detector: 'analytics/phoning-updater',
    title: `${source} sends more to ${name} than its calls ever did`,
    sentence: `calls of ${source} to ${name} began to carry more: ${formatBytes(extra)} beyond the usual in ${after.length} calls`,
    severity: severityOf(judged.score),
    score: judged.score,
    first_seen: after[0]?.at ?? 0,
    last_seen: after.at(-1)?.at ?? 0,
    entities: [
      { kind: 'host', value: source },
      { kind: 'domain', value: name },
      ...addresses.map((value): Entity => ({ kind: 'address', value })),
    ],
    attack: ['T1071.001', 'T1041', 'T1195.002'],
    reasons: judged.reasons,
    evidence: [...pick(before, 2), ...pick(after, maxPointers - 2)],
    count: after.length,
    vanishes:
      'the calls go back to the size that they had, or all machines that call it changed at once, as with a new version',
    next: `compare a call before and one after ${formatIso(after[0]?.at ?? 0).slice(0, 16)} UTC, and find the program on ${source} that makes them`,
    series: [sizes(change)],
  });
}

/** The last of the first ones and the first of the later ones stand side by side in the list of proof. */
function pick(calls: readonly Call[], count: number): { evidence_id: number; at: number }[] {
  const chosen = calls.length <= count ? calls : [...calls.slice(0, count - 1), ...calls.slice(-1)];
  return chosen.map(({ evidenceId, evidenceAt }) => ({ evidence_id: evidenceId, at: evidenceAt }));
}

function sizes({ before, after }: Change): Series {
  const shown = [...before.slice(-maxBins / 2), ...after.slice(0, maxBins / 2)];
  return {
    title: 'Bytes sent by each call around the change',
    unit: 'bytes',
    bins: shown.map(({ at, sent }) => ({ label: formatIso(at).slice(5, 16).replace('T', ' '), value: sent })),
  };
}
