import { z } from 'zod';
import type { Entity } from '../../../events/entity.ts';
import type { Finding, Reason } from '../../../events/finding.ts';
import { defineAnalytic } from '../../analytic.ts';
import { makeFinding, pointerColumns, pointersOf, severityOf } from '../../make-finding.ts';
import type { Macros } from '../../../store/macros.ts';
import type { SqlRow } from '../../../store/store.ts';
import {
  commandPatterns,
  matchesCommand,
  firstTools,
  isHiddenPath,
  oddPlaces,
  isBuildTool,
  serverPrograms,
  shells,
} from './patterns.ts';

const settings = z.strictObject({
  min_score: z.number().min(0).max(1).default(0.45).describe('Executions below this make no finding.'),
  usual_days: z.number().int().min(1).default(3).describe('A parent and child seen on this many days count as usual.'),
});

const hostOf = "coalesce(host_name, sensor, 'host of evidence ' || evidence_id)";
const parentOf = "coalesce(process_parent_executable, process_parent_name, '')";
const programOf = "coalesce(process_executable, process_name, '')";

export const analytic = defineAnalytic({
  id: 'execution',
  title: 'Suspicious execution',
  description:
    'Programs whose start is a step of an intrusion: a shell or a downloader started by a server program, a command line that downloads and runs, decodes and runs, or ties a shell to a socket, and programs run from temporary or hidden places. A parent and child that is seen on several days counts as usual and weighs less. One finding per host, parent, program and kind of command.',
  reads: ['process'],
  apart: { process: `${hostOf} || ' ' || ${parentOf} || ' ' || ${programOf}` },
  attack: [
    'T1190',
    'T1059',
    'T1059.004',
    'T1059.006',
    'T1095',
    'T1105',
    'T1140',
    'T1222.002',
    'T1564.001',
    'T1036.005',
  ],
  guide: ['B03', 'B04', 'B06', 'B22', 'C15'],
  references: ['https://attack.mitre.org/techniques/T1190/', 'https://attack.mitre.org/techniques/T1059/004/'],
  settings,
  async *run({ store, timeCondition, settings: { min_score: minScore, usual_days: usualDays } }) {
    const seen = new Map<string, Finding>();
    for (const row of await store.query(executionQuery(store.macros, timeCondition))) {
      const finding = judge(row, usualDays);
      if (finding === undefined || finding.score < minScore) continue;
      const known = seen.get(finding.id);
      seen.set(finding.id, known === undefined ? finding : merged(known, finding));
    }
    yield* seen.values();
  },
});

/** Distinct command lines with their parent; the days on which a parent started a child tell what is usual. */
function executionQuery(m: Macros, timeCondition: string): string {
  return `WITH started AS (
    SELECT *, ${hostOf} AS host, ${parentOf} AS parent, ${programOf} AS program, coalesce(${m.jsonText('fields', 'root')}, '') AS root
    FROM process WHERE event_action = 'exec' AND coalesce(event_outcome, 'success') = 'success' AND ${timeCondition}),
  usual AS (SELECT host, parent, program, ${m.countDistinct(m.dayMicros('time'))} AS days FROM started GROUP BY ALL),
  grouped AS (
    SELECT host, parent, program, root, coalesce(process_command_line, '') AS command, coalesce(process_tty, '') AS tty,
      ${m.anyOf('user_name')} AS user_name, ${m.anyOf('login_name')} AS login_name, ${m.anyOf('user_id')} AS user_id,
      ${m.anyOf('container_id')} AS container_id, ${m.anyOf('container_name')} AS container_name, ${m.anyOf('container_image_name')} AS image,
      ${m.firstBy('process_pid', 'time')} AS pid, ${m.firstBy('process_parent_command_line', 'time')} AS parent_command,
      count(*) AS n, ${m.micros('min(time)')} AS first, ${m.micros('max(time)')} AS last, ${pointerColumns(m)}
    FROM started GROUP BY ALL)
  SELECT * FROM grouped JOIN usual USING (host, parent, program) ORDER BY first, command`;
}

interface Part extends Reason {
  readonly weight: number;
  readonly attack: readonly string[];
  readonly kind: string;
}

function judge(row: SqlRow, usualDays: number): Finding | undefined {
  const parts = partsOf(row);
  const [strongest] = [...parts].sort((a, b) => b.weight - a.weight);
  if (strongest === undefined) return undefined;
  const isUsual = Number(row['days']) >= usualDays;
  const others = parts.filter((part) => part !== strongest);
  const raised = others.reduce((score, part) => score + (1 - score) * part.weight, strongest.weight);
  const score = Math.min(1, isUsual ? raised * 0.5 : raised);
  const host = String(row['host']);
  const program = String(row['program']);
  const parent = String(row['parent']);
  const reasons: Reason[] = parts.map(({ what, value, weight }) => ({ what, value, weight }));
  if (isUsual) reasons.push({ what: 'usual here', value: `seen on ${String(row['days'])} days`, weight: -0.5 });
  reasons.push({ what: 'command', value: String(row['command']).slice(0, 500) });
  if (row['parent_command'] !== null) {
    reasons.push({ what: 'started by', value: String(row['parent_command']).slice(0, 300) });
  }
  return makeFinding({
    about: [host, parent, program, strongest.kind],
    detector: 'analytics/execution',
    title: `${baseName(parent) || 'a process'} started ${baseName(program)}: ${strongest.what}`,
    severity: severityOf(score),
    score,
    first_seen: Number(row['first']),
    last_seen: Number(row['last']),
    entities: entitiesOf(row, host, program),
    attack: [...new Set(parts.flatMap((part) => part.attack))],
    reasons,
    evidence: pointersOf(row),
    count: Number(row['n']),
    vanishes: `the same parent starts this program on ${usualDays} days or more, or the command line loses what is named above`,
    next: `look at what ${baseName(program)} on ${host} did next: its children, its connections, the files it wrote`,
  });
}

function partsOf(row: SqlRow): Part[] {
  const parent = baseName(String(row['parent']));
  const program = String(row['program']);
  const name = baseName(program);
  const command = String(row['command']);
  const parts: Part[] = [];
  const isServing = isServer(parent) && !isBuildTool(String(row['parent_command'] ?? ''));
  if (isServing && (shells.has(name) || firstTools.has(name))) {
    const what = shells.has(name)
      ? 'a server program started a shell'
      : 'a server program started a tool that intruders use first';
    parts.push({
      kind: 'server-child',
      what,
      value: `${parent} → ${name}`,
      weight: shells.has(name) ? 0.7 : 0.6,
      attack: ['T1190', 'T1059.004'],
    });
  }
  for (const pattern of commandPatterns) {
    if (!matchesCommand(pattern, command)) continue;
    const { id, says, weight, attack } = pattern;
    parts.push({ kind: id, what: says, value: command.slice(0, 200), weight, attack });
  }
  const root = String(row['root']);
  const isInRoot = isPutByPackages(program, root);
  if (oddPlaces.some((place) => program.startsWith(place))) {
    parts.push({
      kind: 'odd-place',
      what: isInRoot ? 'runs in a root of its own in a temporary place' : 'runs from a temporary place',
      value: program,
      weight: isInRoot || (parent === 'go' && goBuilt.test(program)) ? 0.3 : 0.5,
      attack: ['T1036.005'],
    });
  }
  if (isHiddenPath(isInRoot ? program.slice(root.length) : program)) {
    parts.push({
      kind: 'hidden',
      what: 'runs from a hidden place',
      value: program,
      weight: 0.55,
      attack: ['T1564.001'],
    });
  }
  return parts;
}

/**
 * In a process that has a root of its own (chroot(2)): programs where packages put them there. Installers and image builders start hundreds of them;
 * what else is done in such a root weighs as everywhere.
 */
function isPutByPackages(program: string, root: string): boolean {
  return (
    root !== '' &&
    program.startsWith(`${root}/`) &&
    /^\/(?:usr\/)?(?:s?bin|lib(?:exec|32|64)?)\//.test(program.slice(root.length))
  );
}

/** Where `go run` and `go test` put what they build and start at once: a name can be feigned, so that it weighs and excuses nothing. */
const goBuilt = /\/go-build\d+\/b\d+\/(?:exe\/)?[^/]+$/;

function isServer(name: string): boolean {
  return serverPrograms.has(name) || /^(?:php-fpm|php-cgi|gunicorn|tomcat)[\d.:-]*/.test(name);
}

function entitiesOf(row: SqlRow, host: string, program: string): Entity[] {
  const entities: Entity[] = [
    { kind: 'host', value: host },
    { kind: 'executable', value: program },
  ];
  if (row['pid'] !== null) {
    entities.push({ kind: 'process', value: `${host}/${String(row['pid'])}/${baseName(program)}` });
  }
  if (row['container_id'] !== null) {
    entities.push({ kind: 'container', value: String(row['container_name'] ?? row['container_id']) });
  }
  if (row['image'] !== null) entities.push({ kind: 'image', value: String(row['image']) });
  if (row['user_name'] !== null) entities.push({ kind: 'user', value: String(row['user_name']) });
  return entities;
}

function merged(a: Finding, b: Finding): Finding {
  const stronger = a.score >= b.score ? a : b;
  return {
    ...stronger,
    first_seen: Math.min(a.first_seen, b.first_seen),
    last_seen: Math.max(a.last_seen, b.last_seen),
    count: a.count + b.count,
    attack: [...new Set([...a.attack, ...b.attack])],
    evidence: [...a.evidence, ...b.evidence].slice(0, 20),
  };
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
