import { z } from 'zod';
import type { Entity } from '../../../events/entity.ts';
import type { Finding } from '../../../events/finding.ts';
import { pathSigns } from '../../../match/commands/paths.ts';
import { combined, type Sign } from '../../../match/commands/sign.ts';
import { contentSigns } from '../../../match/commands/signs.ts';
import type { Macros } from '../../../store/macros.ts';
import type { SqlRow } from '../../../store/store.ts';
import { defineAnalytic } from '../../analytic.ts';
import { makeFinding, pointerColumns, pointersOf, severityOf } from '../../make-finding.ts';

const settings = z.strictObject({
  min_score: z.number().min(0).max(1).default(0.35).describe('Items below this make no finding.'),
});

/** Commands of Windows have an analytic of their own. */
const windows = /^"?(?:[a-z]:\\|%\w+%|\\\\)|\.exe\b|\bpowershell\b|^\\/i;
/** Items that are judged in one run; each costs at most as much as a start-up file. */
const maxItems = 50_000;

export const analytic = defineAnalytic({
  id: 'startup-item',
  title: 'Planted command in what starts by itself',
  description:
    'Cron jobs, services and start-up items that another program told of (queries of osquery and their packs, collections), judged by their command as `host inspect` judges the files themselves: downloads piped into interpreters, shells over connections, packed commands, programs that are hidden or stand where anybody may write; and set-user-id programs by where they stand. A row tells no owner and no package: what is merely new makes no finding.',
  reads: ['scheduled_task', 'file_access'],
  apart: { scheduled_task: 'task_name', file_access: 'file_path' },
  attack: ['T1053.003', 'T1543.002', 'T1548.001'],
  guide: ['B03', 'B11'],
  references: ['https://attack.mitre.org/techniques/T1053/003/', 'https://osquery.io/schema/'],
  settings,
  async *run({ store, timeCondition, settings: { min_score: minScore } }) {
    for (const row of await store.query(taskQuery(store.macros, timeCondition))) {
      const finding = taskFinding(row);
      if (finding !== undefined && finding.score >= minScore) yield finding;
    }
    for (const row of await store.query(setIdQuery(store.macros, timeCondition))) {
      const finding = setIdFinding(row);
      if (finding.score >= minScore) yield finding;
    }
  },
});

const host = "coalesce(host_name, sensor, 'host of evidence ' || evidence_id)";

function taskQuery(m: Macros, timeCondition: string): string {
  return `SELECT ${host} AS host, task_type AS type, coalesce(task_name, '') AS name, coalesce(task_command, '') AS command,
    coalesce(task_arguments, '') AS arguments, ${m.anyOf('task_user')} AS user_name, count(*) AS n,
    ${m.micros('min(time)')} AS first, ${m.micros('max(time)')} AS last, ${pointerColumns(m)}
  FROM scheduled_task WHERE event_action IN ('created', 'updated', 'enabled', 'listed') AND ${timeCondition}
  GROUP BY host, type, name, command, arguments ORDER BY first, name LIMIT ${maxItems}`;
}

/** Set-id bits of files that a query listed: no process is named, for nobody was seen doing it. */
function setIdQuery(m: Macros, timeCondition: string): string {
  return `SELECT ${host} AS host, file_path AS path, ${m.anyOf('user_name')} AS user_name, count(*) AS n,
    ${m.micros('min(time)')} AS first, ${m.micros('max(time)')} AS last, ${pointerColumns(m)}
  FROM file_access WHERE event_action IN ('attribute', 'listed') AND file_mode IN ('4000', '6000') AND process_pid IS NULL
    AND file_path IS NOT NULL AND ${timeCondition}
  GROUP BY host, path ORDER BY first, path LIMIT ${maxItems}`;
}

function taskFinding(row: SqlRow): Finding | undefined {
  const name = String(row['name']);
  const text = `${String(row['command'])} ${String(row['arguments'])}`.trim();
  if (windows.test(text) || name.startsWith('\\')) return undefined;
  // Osquery gives a unit by the file that describes it, and no command.
  const signs: Sign[] = [...contentSigns(text), ...(name.startsWith('/') ? pathSigns(name, '') : [])];
  const isService = row['type'] === 'service';
  const what = isService ? 'service' : 'scheduled job';
  const strongest = signs.toSorted((left, right) => right.weight - left.weight);
  return findingOf(row, {
    about: [name, text],
    title: `${what} ${strongest[0]?.what ?? 'was added'}`,
    signs: strongest,
    more: [
      { what: 'stands in', value: name },
      { what: 'runs', value: text.slice(0, 500) },
    ],
    entities: name.startsWith('/') ? [{ kind: 'file', value: `${String(row['host'])}:${name}` }] : [],
    attack: isService ? ['T1543.002'] : ['T1053.003'],
    next: `look at ${name === '' ? 'what starts it' : name} and at what it starts, who wrote it and when; host inspect on the machine tells its owner and package`,
  });
}

function setIdFinding(row: SqlRow): Finding {
  const path = String(row['path']);
  const signs = pathSigns(path, '').map((sign) => ({ ...sign, weight: Math.min(0.75, sign.weight + 0.2) }));
  return findingOf(row, {
    about: ['set-id', path],
    title: `set-user-id program ${signs[0]?.what ?? 'was added'}`,
    signs,
    more: [{ what: 'set-user-id', value: path }],
    entities: [{ kind: 'file', value: `${String(row['host'])}:${path}` }],
    attack: ['T1548.001'],
    next: `look at ${path}: who owns it, which package brought it, and who started it`,
  });
}

interface Told {
  readonly about: readonly string[];
  readonly title: string;
  readonly signs: readonly Sign[];
  readonly more: readonly { readonly what: string; readonly value: string }[];
  readonly entities: readonly Entity[];
  readonly attack: readonly string[];
  readonly next: string;
}

function findingOf(row: SqlRow, { about, title, signs, more, entities, attack, next }: Told): Finding {
  const on = String(row['host']);
  const score = combined(signs);
  const user = row['user_name'];
  return makeFinding({
    about: [on, ...about],
    detector: 'analytics/startup-item',
    title,
    severity: severityOf(score),
    score,
    first_seen: Number(row['first']),
    last_seen: Number(row['last']),
    entities: [
      { kind: 'host', value: on },
      ...entities,
      ...(user === null ? [] : [{ kind: 'user' as const, value: String(user) }]),
    ],
    attack: [...attack],
    reasons: [...signs.map(({ what, value, weight }) => ({ what, value, weight })), ...more],
    evidence: pointersOf(row),
    count: Number(row['n']),
    vanishes: 'it starts a program of a package from its own place, and fetches, unpacks or hides nothing',
    next,
  });
}
