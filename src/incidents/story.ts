import { formatIso, microsPerMinute, type Micros } from '../base/time.ts';
import type { StoryStep } from '../events/incident.ts';
import { severityRank } from '../events/finding.ts';
import type { Claim } from './claim.ts';
import { findWitnesses } from './corroborate.ts';
import type { Labels } from './labels.ts';

/** More steps than this nobody reads; the strongest are told, and the first of each tactic always. */
const maxSteps = 40;
/** Titles may carry text out of evidence. */
const maxTextLength = 300;

interface Act {
  readonly lead: Claim;
  readonly text: string;
  readonly claims: readonly Claim[];
  readonly witnesses: readonly string[];
}

/** The story in time order, one short sentence for each act. */
export function storyOf(claims: readonly Claim[], labels: Labels): StoryStep[] {
  const acts = foldRepeats(actsOf(claims, labels));
  return chooseActs(acts).map((act) => ({ time: act.lead.first, text: textOf(act), finding: act.lead.lead.id }));
}

function actsOf(claims: readonly Claim[], labels: Labels): Act[] {
  const witnesses = findWitnesses(claims);
  const toolsByClaim = new Map<number, Set<string>>();
  for (const [alert, seen] of witnesses) {
    const tool = claims.find((claim) => claim.index === alert)?.lead.detector.split('/')[1] ?? 'another tool';
    toolsByClaim.set(seen, (toolsByClaim.get(seen) ?? new Set()).add(tool));
  }
  return claims
    .filter((claim) => !witnesses.has(claim.index))
    .map((claim) => ({
      lead: claim,
      text: sentenceOf(claim, labels),
      claims: [claim],
      witnesses: [...(toolsByClaim.get(claim.index) ?? [])].sort(),
    }));
}

/** What the detector says happened; host and far side are added where it does not name them. */
export function sentenceOf(claim: Claim, labels: Labels): string {
  const { lead } = claim;
  if (lead.sentence !== undefined) return oneLine(lead.sentence);
  const host = labels.hostOf(claim);
  const far = labels.farOf(claim);
  const names = lead.entities.filter((entity) => entity.kind === 'host').map((entity) => entity.value);
  const title = oneLine(lead.title);
  const saysHost = host === undefined || [host, ...names].some((name) => includes(title, name));
  const saysFar =
    far === undefined || lead.entities.some((entity) => isFar(entity.kind) && includes(title, entity.value));
  return `${title}${saysHost ? '' : ` on ${oneLine(host)}`}${saysFar ? '' : ` (${oneLine(far)})`}`;
}

function isFar(kind: string): boolean {
  return kind === 'domain' || kind === 'address' || kind === 'url';
}

function includes(text: string, part: string): boolean {
  return part !== '' && text.toLowerCase().includes(part.toLowerCase());
}

/** Neighbours that say the same become one. */
function foldRepeats(acts: readonly Act[]): Act[] {
  const folded: Act[] = [];
  for (const act of acts) {
    const last = folded.at(-1);
    if (last === undefined || last.text !== act.text) folded.push(act);
    else {
      const witnesses = [...new Set([...last.witnesses, ...act.witnesses])].sort();
      folded[folded.length - 1] = { ...last, claims: [...last.claims, ...act.claims], witnesses };
    }
  }
  return folded;
}

function chooseActs(acts: readonly Act[]): readonly Act[] {
  if (acts.length <= maxSteps) return acts;
  const told = new Set<string>();
  const firsts = acts.filter(({ lead }) => {
    const isFresh = lead.tactics.some((tactic) => !told.has(tactic));
    for (const tactic of lead.tactics) told.add(tactic);
    return isFresh;
  });
  const byStrength = [...acts].sort(
    (a, b) => severityRank(b.lead.severity) - severityRank(a.lead.severity) || a.lead.index - b.lead.index,
  );
  const chosen = new Set([...firsts, ...byStrength].slice(0, maxSteps + firsts.length));
  const kept = [...chosen].slice(0, maxSteps);
  return kept.sort((a, b) => a.lead.index - b.lead.index);
}

function textOf(act: Act): string {
  const findings = act.claims.flatMap((claim) => claim.findings);
  const last = Math.max(...act.claims.map((claim) => claim.last));
  const until = ` until ${timeOfDay(last, act.lead.first)}`;
  const also = act.witnesses.length === 0 ? '' : ` (${act.witnesses.join(' and ')} reported it too)`;
  if (findings.length > 1) return `${act.text}, ${findings.length} times${until}${also}`;
  const events = findings[0]?.count ?? 1;
  const isLong = events > 1 && last - act.lead.first >= microsPerMinute;
  return `${act.text}${isLong ? `, ${events} events${until}` : ''}${also}`;
}

/** `14:05 UTC`, with the date when it is not the day of `from`. */
function timeOfDay(time: Micros, from: Micros): string {
  const iso = formatIso(time);
  const isSameDay = iso.slice(0, 10) === formatIso(from).slice(0, 10);
  return `${isSameDay ? '' : `${iso.slice(0, 10)} `}${iso.slice(11, 16)} UTC`;
}

export function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > maxTextLength ? `${line.slice(0, maxTextLength)}…` : line;
}
