import { z } from 'zod';
import type { Entity } from '../../../events/entity.ts';
import type { Finding } from '../../../events/finding.ts';
import { defineAnalytic } from '../../analytic.ts';
import { makeFinding, pointersOf, severityOf } from '../../make-finding.ts';
import type { SqlRow } from '../../../store/store.ts';
import {
  driverChange,
  driverQuery,
  registryChange,
  registryQuery,
  taskChange,
  taskQuery,
  type Change,
} from './changes.ts';
import { registryPlaces } from './places.ts';
import { actorSigns, commandSigns } from './signs.ts';

const settings = z.strictObject({
  min_score: z.number().min(0).max(1).default(0.45).describe('Changes below this make no finding.'),
});

const changes = [
  { query: registryQuery, change: registryChange },
  { query: taskQuery, change: taskChange },
  { query: driverQuery, change: driverChange },
] as const;

export const analytic = defineAnalytic({
  id: 'windows-persistence',
  title: 'Change in what Windows starts by itself',
  description:
    'Registry values from which Windows starts programs or loads libraries (Run keys, Winlogon, log-on scripts, Image File Execution Options, AppInit, LSA and others), scheduled tasks, services, drivers and WMI subscriptions that were set or made. What the place says is weighed with what the command says (a download, a script host, a folder that anybody may write to) and with who set it: a shell, a script or a document weighs more, an installer less. Installers of everyday programs that write a Run key stay below the threshold.',
  reads: ['registry', 'scheduled_task', 'kernel_module'],
  apart: { registry: 'registry_path', scheduled_task: 'task_name', kernel_module: 'file_path' },
  attack: [...new Set([...registryPlaces.flatMap(({ attack }) => attack), 'T1053.005', 'T1543.003', 'T1546.003'])],
  guide: ['B03', 'B05', 'B10', 'B11'],
  references: ['https://attack.mitre.org/tactics/TA0003/', 'https://attack.mitre.org/techniques/T1547/'],
  settings,
  async *run({ store, timeCondition, settings: { min_score: minScore } }) {
    for (const { query, change } of changes) {
      for (const row of await store.query(query(store.macros, timeCondition))) {
        const changed = change(row);
        const finding = changed === undefined ? undefined : findingOf(row, changed);
        if (finding !== undefined && finding.score >= minScore) yield finding;
      }
    }
  },
});

function findingOf(row: SqlRow, { verb, says, about, command, attack, reasons }: Change): Finding {
  const host = String(row['host']);
  const name = String(row['name']);
  const all = [...reasons, ...commandSigns(command), ...actorSigns(name)];
  const sum = all.reduce((total, reason) => total + (reason.weight ?? 0), 0);
  const score = Math.min(1, Math.max(0, sum));
  return makeFinding({
    about: [host, about, command, name],
    detector: 'analytics/windows-persistence',
    title: `${name === '' ? 'somebody' : name} ${verb} the ${says}`,
    severity: severityOf(score),
    score,
    first_seen: Number(row['first']),
    last_seen: Number(row['last']),
    entities: entitiesOf(row, host, name),
    attack,
    reasons: [...all, { what: 'command', value: command.slice(0, 500) }],
    evidence: pointersOf(row),
    count: Number(row['n']),
    vanishes: 'an installer sets it, or what it starts is a program in a folder that only administrators may write to',
    next: `look at what ${command === '' ? says : `"${command.slice(0, 200)}"`} starts, who signed it, and who was logged in`,
  });
}

function entitiesOf(row: SqlRow, host: string, name: string): Entity[] {
  const entities: Entity[] = [{ kind: 'host', value: host }];
  if (row['pid'] !== null) entities.push({ kind: 'process', value: `${host}/${String(row['pid'])}/${name}` });
  if (row['program'] !== null) entities.push({ kind: 'executable', value: String(row['program']) });
  if (row['user_name'] !== null) entities.push({ kind: 'user', value: String(row['user_name']) });
  return entities;
}
