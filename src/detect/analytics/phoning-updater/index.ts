import { defineAnalytic, type AnalyticContext } from '../../analytic.ts';
import type { SqlRow } from '../../../store/store.ts';
import { findChange, type Call, type Change } from './change.ts';
import { toFinding } from './finding.ts';
import { changedChannels, channelCalls, usersOfName } from './queries.ts';
import { scoreChange } from './score.ts';
import { settings } from './settings.ts';

interface Changed {
  readonly source: string;
  readonly name: string;
  readonly change: Change;
}

export const analytic = defineAnalytic({
  id: 'phoning-updater',
  title: 'Channels that begin to carry more',
  description:
    'A machine calls a name again and again in the same way (an updater, a licence check, telemetry), and from one call on every call sends clearly more: something was put into a channel that everybody knows and nobody looks at. Told by how alike the calls were before, how much they grew, whether method, path and user agent stayed as they were, and whether other machines that call the name changed too, as they do with a new version.',
  reads: ['http', 'tls', 'quic'],
  attack: ['T1071.001', 'T1041', 'T1195.002'],
  guide: ['B02', 'B23'],
  references: ['https://attack.mitre.org/techniques/T1195/002/', 'https://attack.mitre.org/techniques/T1041/'],
  settings,
  async *run(context) {
    const { store, settings: set } = context;
    const found = await readChanges(context);
    const networkSize = Number(
      (
        await store.query(
          `SELECT ${store.macros.countDistinct('source_ip')} AS size FROM flow WHERE ${store.macros.isLocal('source_ip')}`,
        )
      )[0]?.['size'] ?? 0,
    );
    for (const { source, name, change } of found) {
      const [row] = await store.query(usersOfName(store.macros), [name]);
      const changedToo = found.filter((other) => other.name === name && other.source !== source).length;
      const judged = scoreChange(change, { users: Number(row?.['users'] ?? 1), networkSize, changedToo });
      if (judged.score >= set.min_score) yield toFinding(source, name, change, judged);
    }
  },
});

async function readChanges(context: AnalyticContext<(typeof settings)['_output']>): Promise<Changed[]> {
  const { store, timeCondition, settings: set } = context;
  const bounds = { calm: set.min_calm_calls, changed: set.min_changed_calls, more: set.min_more_bytes };
  const found: Changed[] = [];
  for (const row of await store.query(changedChannels(store.macros, timeCondition, bounds))) {
    const [source, name] = [String(row['source_ip']), String(row['name'])];
    const rows = await store.query(channelCalls(store.macros, timeCondition), [source, name]);
    const change = findChange(rows.map(toCall), bounds);
    if (change !== undefined) found.push({ source, name, change });
  }
  return found;
}

function toCall(row: SqlRow): Call {
  const text = (column: string): string | undefined => {
    const value = row[column];
    return typeof value === 'string' ? value : undefined;
  };
  return {
    at: Number(row['called_at']),
    sent: Number(row['sent']),
    received: Number(row['received']),
    address: String(row['destination_ip']),
    evidenceId: Number(row['evidence_id']),
    evidenceAt: Number(row['evidence_at']),
    method: text('method'),
    path: text('path'),
    agent: text('agent'),
  };
}
