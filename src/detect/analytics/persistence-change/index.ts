import { z } from 'zod';
import type { Entity } from '../../../events/entity.ts';
import type { Finding, Reason } from '../../../events/finding.ts';
import { defineAnalytic } from '../../analytic.ts';
import { makeFinding, pointerColumns, pointersOf, severityOf, textsOf } from '../../make-finding.ts';
import type { Macros } from '../../../store/macros.ts';
import type { SqlRow } from '../../../store/store.ts';
import { accountTools, maintainers, persistencePlaces, placeOf, type Placed } from './places.ts';

const settings = z.strictObject({
  min_score: z.number().min(0).max(1).default(0.35).describe('Changes below this make no finding.'),
});

const shells = new Set([
  'sh',
  'bash',
  'dash',
  'ash',
  'zsh',
  'ksh',
  'busybox',
  'tee',
  'cp',
  'mv',
  'install',
  'python3',
  'perl',
  'curl',
  'wget',
]);

/** A name that a file got counts, not the one that it had. */
const changedPath = "coalesce(CASE WHEN event_action IN ('rename', 'link') THEN file_target_path END, file_path)";

export const analytic = defineAnalytic({
  id: 'persistence-change',
  title: 'Change in a place that starts things',
  description:
    'Files written, created, renamed or given other rights in places from which something is started later or that decide who may log in: cron, systemd, shell start-up, the dynamic loader, SSH keys, PAM, sudo, kernel modules and others. What package managers and the system itself do there is left out; a change by a shell or a downloader, by a service account, from a container, or of a hidden file weighs more, one by an administrator at a terminal less.',
  reads: ['file_access'],
  apart: { file_access: changedPath },
  attack: [...new Set(persistencePlaces.flatMap((place) => place.attack))],
  guide: ['B03', 'B06', 'B09', 'B10', 'B11', 'C16'],
  references: ['https://attack.mitre.org/tactics/TA0003/'],
  settings,
  async *run({ store, timeCondition, settings: { min_score: minScore } }) {
    for (const row of await store.query(changeQuery(store.macros, timeCondition))) {
      const finding = judge(row);
      if (finding !== undefined && finding.score >= minScore) yield finding;
    }
  },
});

/** The prefixes narrow it in the store; `placeOf` decides. */
function changeQuery(m: Macros, timeCondition: string): string {
  const actions = ['write', 'create', 'rename', 'attribute', 'link', 'truncate', 'mount'];
  return `SELECT coalesce(host_name, sensor, 'host of evidence ' || evidence_id) AS host, path, coalesce(process_name, '') AS name,
    coalesce(process_executable, '') AS program, coalesce(process_tty, '') AS tty, coalesce(container_id, '') AS container_id,
    ${m.anyOf('container_name')} AS container_name, ${m.anyOf('container_image_name')} AS image,
    ${m.anyOf('login_id')} AS login_id, ${m.anyOf('login_name')} AS login_name, ${m.anyOf('user_name')} AS user_name,
    ${m.firstBy('process_pid', 'time')} AS pid, ${m.firstBy('process_command_line', 'time')} AS command,
    ${m.distinctListOf('event_action')} AS actions, ${m.countIf(ofPackage(m))} AS of_package, ${m.anyOf('rule_keys')} AS rule_keys,
    count(*) AS n, ${m.micros('min(time)')} AS first, ${m.micros('max(time)')} AS last, ${pointerColumns(m)}
  FROM (SELECT *, ${changedPath} AS path FROM file_access
    WHERE event_action IN (${actions.map((action) => `'${action}'`).join(', ')})
      AND coalesce(event_outcome, 'success') = 'success' AND ${timeCondition})
  WHERE path IS NOT NULL AND (${narrowing(m)}) GROUP BY ALL ORDER BY first, path`;
}

/** Started by a script of a package (deb with its ucf, rpm, apk) while it is put in place or removed. Its name can be feigned: it weighs, and excuses nothing. */
function ofPackage(m: Macros): string {
  const scripts = ['/var/lib/dpkg/info/', '/usr/bin/ucf ', '/var/tmp/rpm-tmp.', 'lib/apk/exec/'];
  return scripts.map((place) => m.contains('process_parent_command_line', `'${place}'`)).join(' OR ');
}

function narrowing(m: Macros): string {
  const prefixes = [
    '/etc/',
    '/var/spool/',
    '/usr/lib/',
    '/lib/',
    '/run/systemd/',
    '/boot/',
    '/usr/share/polkit-1/',
    '/host',
    '/rootfs',
    '/mnt',
  ];
  const endings = persistencePlaces.flatMap((place) => place.endings ?? []);
  const inside = persistencePlaces.flatMap((place) => place.inside ?? []);
  const keys = persistencePlaces.flatMap((place) => place.keys ?? []);
  return [
    ...inside.map((part) => m.contains('path', `'${part}'`)),
    ...keys.map((key) => m.listHas('rule_keys', `'${key}'`)),
    ...prefixes.map((prefix) => m.startsWith('path', `'${prefix}'`)),
    ...endings.map((ending) => `path LIKE '%${ending}'`),
  ].join(' OR ');
}

function judge(row: SqlRow): Finding | undefined {
  const path = String(row['path']);
  const placed = placeOf(path, textsOf(row['rule_keys']));
  const name = String(row['name']);
  const program = baseName(String(row['program']));
  if (placed === undefined || maintainers.has(name) || maintainers.has(program)) return undefined;
  const { place } = placed;
  const reasons = partsOf(row, placed, `${place.says} ${path}`);
  const score = Math.min(
    1,
    Math.max(
      0,
      reasons.reduce((sum, reason) => sum + (reason.weight ?? 0), 0),
    ),
  );
  const host = String(row['host']);
  const actor = program || name || 'a process';
  return makeFinding({
    about: [host, path, actor],
    detector: 'analytics/persistence-change',
    title: `${actor} changed ${place.says} ${path}`,
    severity: severityOf(score),
    score,
    first_seen: Number(row['first']),
    last_seen: Number(row['last']),
    entities: entitiesOf(row, host, path),
    attack: place.attack,
    reasons: [
      ...reasons,
      ...(row['command'] === null ? [] : [{ what: 'command', value: String(row['command']).slice(0, 500) }]),
    ],
    evidence: pointersOf(row),
    count: Number(row['n']),
    vanishes: 'the change is made by the package manager, or the place is not one from which anything starts',
    next: `look at what stands in ${path} now, who owns it, and what it starts`,
  });
}

/** Files of shells, and the counter of at, which are hidden everywhere. */
const usualHidden = /\/\.(?:ssh|bash\w{0,10}|profile|zshrc|SEQ$)/;

function partsOf(row: SqlRow, { place, isElsewhere }: Placed, what: string): Reason[] {
  const parts: Reason[] = [{ what: 'place', value: what, weight: place.weight }];
  if (isElsewhere) {
    parts.push({ what: 'reached by another name: a mount or a link', value: String(row['path']), weight: 0.15 });
  }
  const path = String(row['path']);
  if (baseName(path).startsWith('.') && !usualHidden.test(path)) {
    parts.push({ what: 'hidden name', value: baseName(path), weight: 0.15 });
  }
  if (row['container_id'] !== '') {
    parts.push({ what: 'from a container', value: String(row['container_name'] ?? row['container_id']), weight: 0.25 });
  }
  if (textsOf(row['actions']).every((action) => action === 'attribute')) {
    parts.push({ what: 'only rights or times were changed, no content', value: path, weight: -0.2 });
  }
  return [...parts, ...actorParts(row)];
}

/** Who did it, and for whom. */
function actorParts(row: SqlRow): Reason[] {
  const parts: Reason[] = [];
  const name = String(row['name']);
  const program = baseName(String(row['program']));
  const loginId = row['login_id'];
  const isPerson = typeof loginId === 'number' && loginId >= 0 && loginId < 4_294_967_295;
  const isOfPackage = Number(row['of_package']) === Number(row['n']);
  if (!isPerson && !isOfPackage && (shells.has(name) || shells.has(program))) {
    parts.push({ what: 'written by a shell or tool of no logged-in user', value: program || name, weight: 0.2 });
  }
  if (isPerson && row['tty'] !== '') {
    parts.push({ what: 'a logged-in user at a terminal', value: String(row['login_name'] ?? loginId), weight: -0.25 });
  }
  if (isOfPackage) {
    parts.push({ what: 'by a script of a package', value: program || name, weight: -0.25 });
  }
  if (accountTools.has(name) || accountTools.has(program)) {
    parts.push({ what: 'by the tool for it', value: program || name, weight: -0.1 });
  }
  return parts;
}

function entitiesOf(row: SqlRow, host: string, path: string): Entity[] {
  const entities: Entity[] = [
    { kind: 'host', value: host },
    { kind: 'file', value: `${host}:${path}` },
  ];
  if (row['pid'] !== null) {
    entities.push({ kind: 'process', value: `${host}/${String(row['pid'])}/${String(row['name'])}` });
  }
  if (row['program'] !== '') entities.push({ kind: 'executable', value: String(row['program']) });
  if (row['container_id'] !== '') {
    entities.push({ kind: 'container', value: String(row['container_name'] ?? row['container_id']) });
  }
  if (row['image'] !== null) entities.push({ kind: 'image', value: String(row['image']) });
  if (row['user_name'] !== null) entities.push({ kind: 'user', value: String(row['user_name']) });
  return entities;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
