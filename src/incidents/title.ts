import type { Entity } from '../events/entity.ts';
import { findTactic, tactics, type Tactic } from './attack-tactics.ts';
import type { Claim } from './claim.ts';
import { listHosts, type Labels } from './labels.ts';
import { isAtLeast } from './measures.ts';
import { beaconing, nicknames, phraseByTactic, phraseByTechnique, tacticsByWeight } from './phrases.ts';
import { oneLine, sentenceOf } from './story.ts';
import { bestOf } from './tally.ts';

const maxPhrases = 3;
const maxTitleLength = 160;
/** Tactics that a vulnerability is used for. */
const nicknamed: ReadonlySet<Tactic> = new Set([
  'initial-access',
  'execution',
  'privilege-escalation',
  'lateral-movement',
]);

/** `Log4Shell exploitation of web01, implant beaconing to 203.0.113.7`: the most telling tactics, in the order of an intrusion. */
export function titleOf(claims: readonly Claim[], labels: Labels): string {
  const acts = claims.filter((claim) => !claim.isWeakness);
  const strong = acts.filter((claim) => isAtLeast(claim.severity, 'medium'));
  const telling = strong.length > 0 ? strong : acts;
  const byTactic = firstByTactic(telling);
  const best = bestOf(telling.length > 0 ? telling : claims);
  const isOneAct = byTactic.size === 1 && labels.hosts.length < 2;
  if (byTactic.size === 0 || isOneAct) return cut(withHosts(sentenceOf(best, labels), labels));
  const chosen = tacticsByWeight.filter((tactic) => byTactic.has(tactic)).slice(0, maxPhrases);
  const ordered = tactics.filter((tactic) => chosen.includes(tactic));
  const phrases = ordered.flatMap((tactic) => {
    const claim = byTactic.get(tactic);
    return claim === undefined ? [] : [`${prefixOf(tactic, telling, byTactic.size)}${phraseOf(claim, tactic, labels)}`];
  });
  return cut(capital(withoutRepeats(phrases, labels)));
}

/** The name of the hole that was used; and what beacons is an implant only beside other signs of an intrusion. */
function prefixOf(tactic: Tactic, claims: readonly Claim[], tacticCount: number): string {
  if (tactic === 'command-and-control') return tacticCount > 1 ? 'implant ' : '';
  if (!nicknamed.has(tactic)) return '';
  const nickname = findNickname(claims.filter((claim) => claim.tactics.includes(tactic)));
  return nickname === undefined ? '' : `${nickname} `;
}

/** For each tactic the claim that stands for it: the strongest, of equals the earliest. */
function firstByTactic(claims: readonly Claim[]): Map<Tactic, Claim> {
  const found = new Map<Tactic, Claim>();
  for (const tactic of tacticsByWeight) {
    const of = claims.filter((claim) => claim.tactics.includes(tactic));
    if (of.length > 0 && (tactic !== 'resource-development' || found.size === 0)) found.set(tactic, bestOf(of));
  }
  return found;
}

function phraseOf(claim: Claim, tactic: Tactic, labels: Labels): string {
  const technique = claim.lead.attack.find((id) => findTactic(id) === tactic) ?? '';
  const phrase = phraseFor(claim, technique, tactic);
  const host = labels.hostOf(claim) ?? 'an unknown host';
  const far = labels.farOf(claim);
  const known = far === undefined ? phrase.replace(/ (?:to|from|through the web service) \{far\}$/, '') : phrase;
  return known.replace('{far}', () => oneLine(far ?? '')).replace('{host}', () => oneLine(host));
}

function phraseFor({ lead }: Claim, technique: string, tactic: Tactic): string {
  const phrase = phraseByTechnique[technique] ?? phraseByTechnique[technique.slice(0, 5)] ?? phraseByTactic[tactic];
  const isRegular = /beacon/i.test(`${lead.detector} ${lead.title}`);
  return isRegular && phrase === phraseByTactic['command-and-control'] ? beaconing : phrase;
}

/** From a vulnerability that one of them names, or from the name itself in a title or detector id. */
function findNickname(claims: readonly Claim[]): string | undefined {
  const text = claims
    .flatMap(({ lead }) => [
      lead.title,
      lead.detector,
      ...lead.entities.filter(isVulnerability).map(({ value }) => value),
    ])
    .join(' ');
  const ids = text.match(/CVE-\d{4}-\d{4,7}/gi) ?? [];
  const known = ids.map((id) => nicknames[id.toUpperCase()]).find((name) => name !== undefined);
  return known ?? Object.values(nicknames).find((name) => text.toLowerCase().includes(name.toLowerCase()));
}

function isVulnerability(entity: Entity): boolean {
  return entity.kind === 'vulnerability';
}

/** Names the host once; the phrases after it mean the same one. */
function withoutRepeats(phrases: readonly string[], labels: Labels): string {
  const [host] = labels.hosts;
  const said = new Set<string>();
  const short = phrases.map((phrase) => {
    const tail = labels.hosts.map((name) => ` on ${oneLine(name)}`).find((ending) => phrase.endsWith(ending));
    if (tail === undefined || !said.has(tail)) {
      for (const name of labels.hosts) if (phrase.includes(name)) said.add(` on ${oneLine(name)}`);
      return phrase;
    }
    return phrase.slice(0, -tail.length);
  });
  const text = [...new Set(short.map((phrase, index) => beforeSamePlace(phrase, short[index + 1])))].join(', ');
  if (host === undefined || labels.hosts.some((name) => text.includes(name))) return withHosts(text, labels);
  return `${text} from ${listHosts(labels.hosts)}`;
}

/** Names a place once where two phrases in a row end with it: in the later one. */
function beforeSamePlace(phrase: string, next: string | undefined): string {
  const tail = / to \S+$/.exec(phrase)?.[0];
  return tail !== undefined && next?.endsWith(tail) === true ? phrase.slice(0, -tail.length) : phrase;
}

/** A story on several machines says so. */
function withHosts(text: string, labels: Labels): string {
  const [first, ...more] = labels.hosts;
  if (first === undefined || more.length === 0) return text;
  const unsaid = labels.hosts.filter((name) => !text.includes(name)).length;
  if (unsaid === 0) return text;
  if (unsaid === labels.hosts.length) return `${text} on ${listHosts(labels.hosts)}`;
  return `${text} (and ${unsaid} more ${unsaid === 1 ? 'host' : 'hosts'})`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function cut(text: string): string {
  return text.length > maxTitleLength ? `${text.slice(0, maxTitleLength)}…` : text;
}
