import { z } from 'zod';
import type { Entity } from '../../../events/entity.ts';
import { severities, type Finding, type Severity } from '../../../events/finding.ts';
import { canonicalIp } from '../../../base/ip.ts';
import type { LocalNetworks } from '../../../base/networks.ts';
import { defineAnalytic } from '../../analytic.ts';
import { makeFinding, pointerColumns, pointersOf, textsOf } from '../../make-finding.ts';
import type { Macros } from '../../../store/macros.ts';
import type { SqlRow } from '../../../store/store.ts';

/** Far ends named in a finding; the rest is counted. */
const namedEnds = 5;
/** Characters of a command or path in a next step. */
const maxSaid = 100;
/** Programs of one rule and machine that have findings of their own; of more the rule says little, and they share one. */
const maxPrograms = 8;

const scoreBySeverity: Readonly<Record<Severity, number>> = {
  info: 0.1,
  low: 0.3,
  medium: 0.5,
  high: 0.75,
  critical: 0.9,
};

/**
 * Rules that their own set names as no attack, whatever priority their class gives them: an "ET INFO" rule of the class
 * attempted-user carries the priority of an exploit.
 */
const modestRules: readonly (readonly [pattern: RegExp, most: Severity])[] = [
  [/^(?:ET|ETPRO|GPL) (?:INFO|ICMP_INFO)\b/, 'info'],
  [/^SURICATA /, 'info'],
  [/^(?:ET|ETPRO|GPL) (?:POLICY|GAMES|CHAT|P2P|DNS|USER_AGENTS|ADWARE_PUP|HUNTING|CINS|COMPROMISED|DROP|TOR)\b/, 'low'],
];

const ruleOf = "coalesce(rule_id, rule_name, 'unnamed')";

export const analytic = defineAnalytic({
  id: 'alert',
  title: 'Alerts of other tools',
  description:
    'Turns the detections of Suricata, Falco, Zeek and others into findings: one per rule, machine of ours and program, with a count, instead of one per line; where more than 8 programs did it they share one. The severity is the one that the source maps from the tool, but rules that their set itself calls information or policy stay info or low; an alert about traffic that only came in from outside and was never answered is one step lower, because it tells of an attempt.',
  reads: ['alert'],
  apart: { alert: ruleOf },
  attack: [],
  guide: ['B14', 'C15', 'C17'],
  references: ['https://docs.suricata.io/en/latest/output/eve/eve-json-format.html', 'https://falco.org/docs/'],
  settings: z.strictObject({
    min_severity: z.enum(severities).default('info').describe('Alerts below this severity make no finding.'),
  }),
  async *run({ store, timeCondition, networks, settings }) {
    const rows = await store.query(alertQuery(store.macros, timeCondition));
    const least = severities.indexOf(settings.min_severity);
    for (const row of rows) {
      const finding = toFinding(row, networks);
      if (severities.indexOf(finding.severity) >= least) yield finding;
    }
  },
});

function alertQuery(m: Macros, timeCondition: string): string {
  const local = `CASE WHEN ${m.isLocal('source_ip')} OR NOT ${m.isLocal('destination_ip')} THEN source_ip ELSE destination_ip END`;
  const far = `CASE WHEN ${m.isLocal('source_ip')} OR NOT ${m.isLocal('destination_ip')} THEN destination_ip ELSE source_ip END`;
  const rank = `CASE rule_severity ${severities.map((severity, index) => `WHEN '${severity}' THEN ${index}`).join(' ')} ELSE 0 END`;
  return `WITH seen AS (SELECT *, split_part(event_dataset, '.', 1) AS tool, ${ruleOf} AS rule,
      coalesce(${local}, host_name, sensor, 'host of evidence ' || evidence_id) AS host, ${far} AS far, ${rank} AS rank,
      coalesce(process_executable, process_name, '') AS program, coalesce(container_id, '') AS place,
      source_ip IS NOT NULL AND NOT ${m.isLocal('source_ip')} AND ${m.isLocal('destination_ip')} AS is_inward
    FROM alert WHERE ${timeCondition}),
  programs AS (SELECT tool, rule, host, place, ${m.countDistinct('program')} AS programs FROM seen GROUP BY ALL),
  told AS (SELECT seen.*, CASE WHEN programs > ${maxPrograms} THEN '' ELSE program END AS of_program
    FROM seen JOIN programs USING (tool, rule, host, place))
  SELECT tool, rule, host, of_program, ${m.anyOf('container_id')} AS container_id, ${m.anyOf('container_name')} AS container_name,
    ${m.anyOf('container_image_name')} AS image, ${m.firstBy('message', 'time')} AS message, ${m.anyOf('rule_name')} AS rule_name,
    ${m.anyOf('rule_category')} AS category, max(rank) AS rank, count(*) AS n,
    ${m.countIf("event_action = 'blocked'")} AS blocked, ${m.countIf('is_inward')} AS inward,
    ${m.countDistinct('far')} AS far_count, ${m.distinctListOf('far', namedEnds)} AS far_ends, ${m.distinctListOf('url_domain', namedEnds)} AS domains,
    ${m.distinctListOf('process_name', namedEnds)} AS processes, ${m.distinctListOf('user_name', namedEnds)} AS users,
    ${m.distinctListOf('file_path', namedEnds)} AS files, ${m.anyOf('threat_technique_id')} AS techniques,
    ${m.firstBy('process_command_line', 'time')} AS command, ${m.micros('min(time)')} AS first, ${m.micros('max(time)')} AS last, ${pointerColumns(m)}
  FROM told GROUP BY tool, rule, host, place, of_program ORDER BY tool, rule, host, place, of_program`;
}

function toFinding(row: SqlRow, networks: LocalNetworks): Finding {
  const tool = String(row['tool']);
  const rule = String(row['rule']);
  const host = String(row['host']);
  const count = Number(row['n']);
  const isAttempt = Number(row['inward']) === count;
  const rank = Math.max(0, Number(row['rank']) - (isAttempt ? 1 : 0));
  const name = String(row['rule_name'] ?? rule);
  const most = modestRules.find(([pattern]) => pattern.test(name))?.[1] ?? 'critical';
  const severity = severities[Math.min(rank, severities.indexOf(most))] ?? 'info';
  const container = row['container_id'];
  const program = String(row['of_program']);
  return makeFinding({
    about: [rule, host, String(container ?? ''), ...(program === '' ? [] : [program])],
    detector: `alerts/${tool}/${rule}`,
    title: name,
    ...(program === '' ? {} : { sentence: `${name}: ${program.slice(program.lastIndexOf('/') + 1)} on ${host}` }),
    severity,
    score: scoreBySeverity[severity],
    first_seen: Number(row['first']),
    last_seen: Number(row['last']),
    entities: entitiesOf(row, host, networks),
    attack: textsOf(row['techniques']),
    reasons: reasonsOf(row, tool, count, isAttempt, most),
    evidence: pointersOf(row),
    count,
    vanishes: `${tool} no longer matches the rule, or the rule is set to a lower severity there`,
    next: nextOf(row, tool, host),
  });
}

function reasonsOf(row: SqlRow, tool: string, count: number, isAttempt: boolean, most: Severity): Finding['reasons'] {
  const reasons = [{ what: `alerts of ${tool}`, value: String(count), weight: 1 }];
  const facts: [string, unknown][] = [
    ['category', row['category']],
    ['message', row['message']],
    ['command', row['command']],
    ['blocked by the tool', Number(row['blocked']) > 0 ? `${String(row['blocked'])} of ${count}` : null],
    ['direction', isAttempt ? 'only from outside: an attempt, one step lower' : null],
    ['the rule set itself calls it no attack', most === 'critical' ? null : `at most ${most}`],
    ['far ends', Number(row['far_count']) > namedEnds ? String(row['far_count']) : null],
  ];
  const told = facts.filter(([, value]) => value !== null && value !== undefined && value !== '');
  return [...reasons, ...told.map(([what, value]) => ({ what, value: String(value).slice(0, 500) }))];
}

/** Whom or what to look at first, as far as the alert tells. */
function nextOf(row: SqlRow, tool: string, host: string): string {
  const container = row['container_name'] ?? row['container_id'];
  const where = typeof container === 'string' ? `in container ${container} on ${host}` : `on ${host}`;
  const { command } = row;
  if (typeof command === 'string' && command !== '') {
    return `ask who ran "${command.slice(0, maxSaid)}" ${where}, and why`;
  }
  const [file] = textsOf(row['files']);
  const [program = 'a program'] = textsOf(row['processes']);
  if (file !== undefined) return `find out for whom ${program} touched ${file.slice(0, maxSaid)} ${where}`;
  const [far] = textsOf(row['far_ends']);
  if (far !== undefined) return `look at what ${host} and ${far} said to each other when ${tool} matched`;
  return `look at the records that ${tool} matched ${where}`;
}

function entitiesOf(row: SqlRow, host: string, networks: LocalNetworks): Entity[] {
  const entities: Entity[] = [{ kind: 'host', value: host }];
  const names = textsOf(row['domains']).map((name) => ({ name, ip: canonicalIp(name) }));
  // A Host header may hold an address.
  const ends = new Set([...textsOf(row['far_ends']), ...names.flatMap(({ ip }) => ip ?? [])]);
  for (const end of ends) entities.push({ kind: networks.isLocal(end) ? 'host' : 'address', value: end });
  for (const { name, ip } of names) if (ip === undefined) entities.push({ kind: 'domain', value: name });
  if (row['container_id'] !== null) {
    entities.push({ kind: 'container', value: String(row['container_name'] ?? row['container_id']) });
  }
  if (row['image'] !== null) entities.push({ kind: 'image', value: String(row['image']) });
  const program = String(row['of_program']);
  if (program.startsWith('/')) entities.push({ kind: 'executable', value: program });
  for (const user of textsOf(row['users'])) entities.push({ kind: 'user', value: user });
  for (const file of textsOf(row['files'])) entities.push({ kind: 'file', value: `${host}:${file}` });
  return entities;
}
