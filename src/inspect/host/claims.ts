import type { Entity } from '../../events/entity.ts';
import type { Claim } from '../claim.ts';
import type { Judgement } from './judge.ts';
import type { HostContext, PersistenceTechnique, Sign } from './technique.ts';

/** Characters of a command that are shown. */
const maxShown = 200;
/** Reasons of one claim. */
const maxReasons = 20;

/** What a judged item is told as. */
export function claimOf(technique: PersistenceTechnique, judgement: Judgement, { tree, hostName }: HostContext): Claim {
  const { item, signs, score, severity } = judgement;
  const strongest = tellingSign(signs);
  const about = [item.rule, item.user, item.runs ?? strongest?.value].filter((part) => part !== undefined);
  const entry = tree.lstat(item.path);
  const time = item.time ?? (item.process === undefined ? (entry?.ctime ?? entry?.mtime) : undefined);
  return {
    detector: `persistence/${technique.id}${item.rule === undefined ? '' : `/${item.rule}`}`,
    title: strongest === undefined ? item.title : `${item.title} that ${strongest.what}`,
    sentence: sentenceOf(judgement, strongest),
    severity,
    score: Math.min(1, score),
    path: item.path,
    ...(item.line === undefined ? {} : { line: item.line }),
    ...(time === undefined ? {} : { time }),
    about,
    entities: entitiesOf(judgement, hostName),
    attack: item.attack ?? technique.attack,
    reasons: reasonsOf(judgement),
    vanishes: vanishesOf(judgement, strongest),
    next: nextOf(judgement),
  };
}

/** The strongest sign that says what it does; that no package owns it says the least. */
function tellingSign(signs: readonly Sign[]): Sign | undefined {
  const positive = signs.filter(({ weight }) => weight > 0);
  return positive.find(({ what }) => !originPattern.test(what)) ?? positive[0];
}

const originPattern = /^(?:belongs to no package|written by the scripts|no package database|changed since its package)/;

function sentenceOf({ item }: Judgement, strongest: Sign | undefined): string {
  const subject = item.process === undefined ? item.path : `process ${item.process.pid} (${item.process.name})`;
  const said = strongest === undefined ? '' : ` that ${strongest.what}, ${shown(strongest.value)}`;
  return `${subject}: ${item.title}${said}`;
}

/** Names of processes and files begin with the host where it is known. */
function entitiesOf({ item, signs }: Judgement, hostName: string | undefined): Entity[] {
  const entities: Entity[] = hostName === undefined ? [] : [{ kind: 'host', value: hostName }];
  const file = (path: string): string => (hostName === undefined ? path : `${hostName}:${path}`);
  const { process } = item;
  if (process === undefined) entities.push({ kind: 'file', value: file(item.path) });
  else {
    entities.push({ kind: 'process', value: `${hostName ?? ''}/${process.pid}/${process.name}` });
    const program = signs.find(({ what }) => what === 'executable')?.value.replace(/ \(deleted\)$/, '');
    if (program?.startsWith('/') === true) entities.push({ kind: 'executable', value: program });
  }
  if (item.user !== undefined && item.user !== '') entities.push({ kind: 'user', value: item.user });
  for (const address of item.addresses ?? []) {
    const ip = /^(?:tcp:\/\/)?\[?(?<ip>(?:\d{1,3}\.){3}\d{1,3}|[0-9a-f:]*:[0-9a-f:]+)\]?(?::\d+)?$/i.exec(address)
      ?.groups?.['ip'];
    if (ip !== undefined && !/^(?:0\.0\.0\.0|127\.|::1?$)/.test(ip)) entities.push({ kind: 'address', value: ip });
  }
  return entities;
}

function reasonsOf({ item, signs }: Judgement): Claim['reasons'] {
  const runs = item.runs === undefined || item.runs.trim() === '' ? [] : [{ what: 'runs', value: shown(item.runs) }];
  const user = item.user === undefined || item.user === '' ? [] : [{ what: 'as', value: item.user }];
  const weighed = signs.map(({ what, value, weight }) => ({
    what,
    value: shown(value),
    ...(weight === 0 ? {} : { weight: Math.round(weight * 100) / 100 }),
  }));
  return [...weighed.slice(0, maxReasons), ...runs, ...user];
}

function vanishesOf({ item, signs }: Judgement, strongest: Sign | undefined): string {
  const isForeign = signs.some(({ what }) => what === 'belongs to no package');
  if (isForeign) return `an installed package owned ${item.path} and it were unchanged`;
  if (signs.some(({ what }) => what === 'differs from its package')) {
    return `${item.path} were as its package delivered it`;
  }
  return strongest === undefined ? 'it were not there' : `this did not hold: ${strongest.what}`;
}

function nextOf({ item, signs }: Judgement): string {
  if (item.process !== undefined) {
    const { pid } = item.process;
    return `Look at it before you end it: ls -l /proc/${pid}/exe /proc/${pid}/cwd /proc/${pid}/fd; copy /proc/${pid}/exe away first.`;
  }
  const owner = signs.find(({ what }) => what === 'differs from its package')?.value;
  if (owner !== undefined) {
    return `Compare with a fresh copy of package ${owner}, and find out who changed it: stat ${item.path}`;
  }
  return `Ask who put it there; look at it and its time: stat ${item.path}`;
}

function shown(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > maxShown ? `${line.slice(0, maxShown)}…` : line;
}
