import { canonicalIp } from '../../base/ip.ts';
import type { LocalNetworks } from '../../base/networks.ts';
import type { Entity } from '../../events/entity.ts';
import type { Finding, Reason, Severity } from '../../events/finding.ts';
import type { SqlRow } from '../../store/store.ts';
import { makeFinding, pointersOf } from '../make-finding.ts';
import type { GroupedMatch } from './rule-question.ts';
import { excludesProcesses, judgedWithoutProcess } from './unknown-process.ts';

/** A rule says how bad what it names is; how sure it is, nobody measured: a step below the analytics that did. */
const scores: Readonly<Record<Severity, number>> = { info: 0.1, low: 0.3, medium: 0.5, high: 0.7, critical: 0.85 };

/** What a rule of a language matched, as a claim. */
export function ruleFinding(language: string, { rule, row }: GroupedMatch, networks: LocalNetworks): Finding {
  const [host, program] = [textOf(row, 'host') ?? '', textOf(row, 'program') ?? ''];
  const shared = textOf(row, 'shared');
  const actor = baseName(program) || textOf(row, 'process_name');
  const where = host === '' ? '' : ` on ${host}`;
  const doubt = actor === undefined && excludesProcesses(rule) ? judgedWithoutProcess(rule.severity) : undefined;
  const severity = doubt?.severity ?? rule.severity;
  return makeFinding({
    about: [host, program, ...(shared === undefined ? [] : [shared])],
    detector: `rules/${language}/${rule.id}`,
    title: rule.title,
    sentence: actor === undefined ? `${rule.title}${where}` : `${rule.title}: ${actor}${where}`,
    severity,
    score: scores[severity],
    first_seen: Number(row['first']),
    last_seen: Number(row['last']),
    entities: entitiesOf(row, host, program, networks),
    attack: rule.attack,
    reasons: [...(doubt === undefined ? [] : [doubt.reason]), ...reasonsOf(row, rule.description)],
    evidence: pointersOf(row),
    count: Number(row['n']),
    vanishes: `the events no longer match the rule in ${rule.path}, or the rule gets a filter for what is usual here`,
    next: nextStep(rule.title, actor, host),
  });
}

/** Names what it is about: beside the steps of other findings "it" would be anything. */
function nextStep(title: string, actor: string | undefined, host: string): string {
  const where = host === '' ? '' : ` on ${host}`;
  return `look at the events behind "${title}", and at what ${actor ?? 'the same program and user'} did${where} before and after`;
}

function textOf(row: SqlRow, name: string): string | undefined {
  const value = row[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

const shown: readonly (readonly [column: string, what: string])[] = [
  ['shared', 'in common'],
  ['process_command_line', 'command'],
  ['process_parent_command_line', 'started by'],
  ['file_path', 'file'],
  ['registry_path', 'registry'],
  ['dns_question_name', 'name asked for'],
  ['url_original', 'URL'],
  ['message', 'message'],
];

function reasonsOf(row: SqlRow, description: string): Reason[] {
  const reasons: Reason[] = shown.flatMap(([column, what]) => {
    const value = textOf(row, column);
    return value === undefined ? [] : [{ what, value: value.slice(0, 500) }];
  });
  if (description !== '') reasons.push({ what: 'the rule', value: description.trim().slice(0, 500) });
  return reasons;
}

function entitiesOf(row: SqlRow, host: string, program: string, networks: LocalNetworks): Entity[] {
  const entities: Entity[] = [];
  const add = (kind: Entity['kind'], value: string | undefined): void => {
    if (value !== undefined && value !== '') entities.push({ kind, value });
  };
  add('host', host);
  add('executable', program);
  const pid = textOf(row, 'process_pid');
  if (pid !== undefined && host !== '') add('process', `${host}/${pid}/${baseName(program) || 'unknown'}`);
  add('container', textOf(row, 'container_name') ?? textOf(row, 'container_id'));
  add('image', textOf(row, 'container_image_name'));
  add('user', textOf(row, 'user_name') ?? textOf(row, 'target_user_name'));
  const file = textOf(row, 'file_path');
  if (file !== undefined) add('file', host === '' ? file : `${host}:${file}`);
  for (const column of ['source_ip', 'destination_ip']) {
    const ip = canonicalIp(textOf(row, column) ?? '');
    if (ip !== undefined) add(networks.isLocal(ip) ? 'host' : 'address', ip);
  }
  const name = textOf(row, 'dns_question_name') ?? textOf(row, 'url_domain');
  // The host of a request may be an address, which is told by where it went.
  if (name !== undefined && canonicalIp(name) === undefined) add('domain', name);
  return entities;
}

/** Of paths of both worlds. */
function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
