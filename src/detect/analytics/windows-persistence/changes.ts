import type { Reason } from '../../../events/finding.ts';
import { pointerColumns } from '../../make-finding.ts';
import type { Macros } from '../../../store/macros.ts';
import type { SqlRow } from '../../../store/store.ts';
import { placeOf, registryPlaces } from './places.ts';

/** A change after which Windows starts something by itself. */
export interface Change {
  /** What was done, for people: `set`. */
  readonly verb: string;
  /** To what: `start at log-on (Run key) HKLM\…`. */
  readonly says: string;
  /** What tells it from others on the same host. */
  readonly about: string;
  readonly command: string;
  readonly attack: readonly string[];
  readonly reasons: readonly Reason[];
}

const shared = (m: Macros): string => `coalesce(host_name, sensor, 'host of evidence ' || evidence_id) AS host,
    coalesce(process_name, '') AS name, ${m.anyOf('process_executable')} AS program, ${m.firstBy('process_pid', 'time')} AS pid,
    ${m.anyOf('user_name')} AS user_name, count(*) AS n, ${m.micros('min(time)')} AS first, ${m.micros('max(time)')} AS last,
    ${pointerColumns(m)}`;

/** The parts narrow it in the store; `placeOf` decides. */
export function registryQuery(m: Macros, timeCondition: string): string {
  const parts = [...new Set(registryPlaces.map(({ part }) => part))];
  return `SELECT ${shared(m)}, registry_path AS path, coalesce(registry_data, '') AS command FROM registry
    WHERE event_action = 'value-set' AND ${timeCondition}
      AND (${parts.map((part) => m.contains('lower(registry_path)', `'${part}'`)).join(' OR ')})
    GROUP BY host, path, command, name ORDER BY first, path`;
}

export function registryChange(row: SqlRow): Change | undefined {
  const path = String(row['path']);
  const place = placeOf(path);
  if (place === undefined) return undefined;
  return {
    verb: 'set',
    says: `${place.says} ${path}`,
    about: path,
    command: String(row['command']),
    attack: place.attack,
    reasons: [{ what: 'place', value: `${place.says} ${path}`, weight: place.weight }],
  };
}

export function taskQuery(m: Macros, timeCondition: string): string {
  return `SELECT ${shared(m)}, task_type AS type, coalesce(task_name, '') AS task, coalesce(task_command, '') AS program_command,
      coalesce(task_arguments, '') AS arguments, task_hidden AS hidden, coalesce(task_trigger, '') AS started
    FROM scheduled_task WHERE event_action IN ('created', 'updated') AND task_type IN ('task', 'service', 'subscription')
      AND ${timeCondition}
    GROUP BY host, type, task, program_command, arguments, hidden, started, name ORDER BY first, task`;
}

const taskKinds: ReadonlyMap<string, { readonly says: string; readonly weight: number; readonly attack: string }> =
  new Map([
    ['task', { says: 'scheduled task', weight: 0.2, attack: 'T1053.005' }],
    ['service', { says: 'service', weight: 0.2, attack: 'T1543.003' }],
    ['subscription', { says: 'WMI subscription', weight: 0.55, attack: 'T1546.003' }],
  ]);

export function taskChange(row: SqlRow): Change | undefined {
  const kind = taskKinds.get(String(row['type']));
  if (kind === undefined) return undefined;
  const task = String(row['task']);
  // Jobs and units of Linux, as osquery tells them, have an analytic of their own.
  if (task.startsWith('/') || String(row['program_command']).startsWith('/')) return undefined;
  const says = `${kind.says} ${task}`;
  const reasons: Reason[] = [{ what: 'kind', value: says, weight: kind.weight }];
  if (row['hidden'] === true) reasons.push({ what: 'hidden from lists of tasks', value: task, weight: 0.2 });
  if (task.toLowerCase().startsWith('\\microsoft\\windows\\')) {
    reasons.push({ what: "in the folder of Windows' own tasks", value: task, weight: -0.1 });
  }
  const command = [row['program_command'], row['arguments']].map(String).join(' ').trim();
  return { verb: 'made', says, about: `${String(row['type'])} ${task}`, command, attack: [kind.attack], reasons };
}

export function driverQuery(m: Macros, timeCondition: string): string {
  return `SELECT ${shared(m)}, coalesce(module_name, '') AS module, coalesce(file_path, '') AS path FROM kernel_module
    WHERE event_action IN ('load', 'install') AND ${m.contains('lower(file_path)', `'.sys'`)} AND ${timeCondition}
    GROUP BY host, module, path, name ORDER BY first, module`;
}

export function driverChange(row: SqlRow): Change {
  const says = `driver ${String(row['module'])}`;
  const path = String(row['path']);
  return {
    verb: 'loaded',
    says,
    about: `driver ${path}`,
    command: path,
    attack: ['T1543.003'],
    reasons: [{ what: 'kind', value: says, weight: 0.25 }],
  };
}
