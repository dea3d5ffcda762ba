import { microsPerHour } from '../base/time.ts';
import { severityRank, type Finding } from '../events/finding.ts';
import { findTactic } from './attack-tactics.ts';
import type { Claim, Draft } from './claim.ts';
import type { CorrelationContext } from './context.ts';
import { handlesOf } from './handles.ts';
import { findHostInside, repeatKeyOf } from './keys.ts';
import { createMachines, type Machines } from './machines.ts';

/** Repetitions further apart than this are told apart. */
const repeatWindowMicros = 24 * microsPerHour;
/** An imported alert may name any number of techniques; the first ones are what its rule is about. */
const maxTechniquesOfClaim = 3;

/** Families that look at how things are built and set up. What they find is no act of an intruder. */
const weaknessFamilies = new Set(['advisories', 'checks', 'exposure', 'packages', 'signatures', 'hardening']);

export function claimsOf(findings: readonly Finding[], context: CorrelationContext): Claim[] {
  const sorted = distinctFindings(findings);
  const machines = createMachines(sorted, context.aliases);
  const groups = new Map<string, Finding[][]>();
  for (const finding of sorted) {
    const key = repeatKey(finding, machines);
    const runs = groups.get(key) ?? [];
    const run = runs.at(-1);
    const end = run?.at(-1)?.last_seen;
    if (run !== undefined && end !== undefined && finding.first_seen - end <= repeatWindowMicros) run.push(finding);
    else runs.push([finding]);
    groups.set(key, runs);
  }
  const runs = [...groups.values()].flat().sort((a, b) => inTimeOrder(a[0], b[0]));
  const drafts = runs.map((run, index) => draftOf(run, index, machines));
  const subjects = new Set(drafts.flatMap((draft) => draft.subject ?? []));
  return drafts.map((draft) => ({ ...draft, handles: handlesOf(draft, subjects, machines, context) }));
}

/** Without doubles, in time order: the same list for every order of the input. */
function distinctFindings(findings: readonly Finding[]): Finding[] {
  const byId = new Map<string, Finding>();
  for (const finding of findings) {
    const known = byId.get(finding.id);
    if (known === undefined || isFuller(finding, known)) byId.set(finding.id, finding);
  }
  return [...byId.values()].sort(inTimeOrder);
}

function isFuller(a: Finding, b: Finding): boolean {
  if (a.last_seen !== b.last_seen) return a.last_seen > b.last_seen;
  if (a.count !== b.count) return a.count > b.count;
  return JSON.stringify(a) < JSON.stringify(b);
}

export function inTimeOrder(a: Finding | undefined, b: Finding | undefined): number {
  if (a === undefined || b === undefined) return 0;
  if (a.first_seen !== b.first_seen) return a.first_seen - b.first_seen;
  if (a.id === b.id) return 0;
  return a.id < b.id ? -1 : 1;
}

function repeatKey(finding: Finding, machines: Machines): string {
  const keys = finding.entities.map((entity) =>
    entity.kind === 'host' || entity.kind === 'address' ? machines.keyOf(entity.value) : repeatKeyOf(entity),
  );
  return JSON.stringify([finding.detector, finding.title, ...new Set(keys.sort())]);
}

function draftOf(findings: readonly Finding[], index: number, machines: Machines): Draft {
  const lead = strongest(findings);
  const techniques = [...new Set(findings.flatMap((finding) => finding.attack))].slice(0, maxTechniquesOfClaim);
  return {
    index,
    findings,
    lead,
    severity: lead.severity,
    first: findings[0]?.first_seen ?? 0,
    last: findings.reduce((last, finding) => Math.max(last, finding.last_seen), lead.first_seen),
    tactics: [...new Set(techniques.flatMap((technique) => findTactic(technique) ?? []))],
    subject: subjectOf(lead, machines),
    isWeakness: weaknessFamilies.has(lead.detector.split('/', 1)[0] ?? ''),
  };
}

function strongest(findings: readonly Finding[]): Finding {
  return findings.reduce((best, finding) => {
    const more = severityRank(finding.severity) - severityRank(best.severity);
    return more > 0 || (more === 0 && finding.score > best.score) ? finding : best;
  });
}

/** The first host that it names is where it happened; other hosts are the far side. */
function subjectOf(finding: Finding, machines: Machines): string | undefined {
  const host = finding.entities.find((entity) => entity.kind === 'host')?.value ?? firstHostInside(finding);
  return host === undefined ? undefined : machines.keyOf(host);
}

function firstHostInside(finding: Finding): string | undefined {
  for (const entity of finding.entities) {
    const host = findHostInside(entity);
    if (host !== undefined) return host;
  }
  return undefined;
}
