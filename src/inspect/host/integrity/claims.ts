import { hostname } from 'node:os';
import { severities, type Reason, type Severity } from '../../../events/finding.ts';
import type { Claim } from '../../claim.ts';
import type { FileTree } from '../../tree/tree.ts';
import { shownPath, type Attribute } from './attributes.ts';
import type { AttributeChange, Change } from './compare.ts';
import { diffLines } from './text-diff.ts';
import { textOf, type Texts } from './texts.ts';

/** Claims of one run; a host that was reinstalled would have hundreds of thousands. */
export const maxClaims = 2000;

/** What changes are called in detector ids: `integrity/changed`. */
export const integrityDetectors = ['added', 'removed', 'changed', 'renamed'].map((kind) => `integrity/${kind}`);

/** One claim for each change that nothing explains. `texts` are those of the baseline. */
export function claimsOf(changes: readonly Change[], texts: Texts, tree: FileTree): Claim[] {
  const host = tree.kind === 'live' ? hostname() : undefined;
  return changes.slice(0, maxClaims).map((change) => claimOf(change, texts, tree, host));
}

function claimOf(change: Change, texts: Texts, tree: FileTree, host: string | undefined): Claim {
  const { kind, from, after, rule } = change;
  const path = shownPath(change.path);
  const severity = severityOf(change);
  const hash = after?.digest ?? '';
  return {
    detector: `integrity/${kind}`,
    title: titleOf(change),
    sentence: sentenceOf(change, path),
    severity,
    score: scores[severity],
    path,
    ...(after === undefined ? {} : { time: after.ctime }),
    about: [hash, ...change.attributes.map(({ attribute, after: value }) => `${attribute}=${value}`)],
    entities: [
      ...(host === undefined ? [] : [{ kind: 'host' as const, value: host }]),
      { kind: 'file', value: host === undefined ? path : `${host}:${path}` },
      ...(hash === '' ? [] : [{ kind: 'file-hash' as const, value: Buffer.from(hash, 'base64url').toString('hex') }]),
    ],
    attack: attackOf(change),
    reasons: [...reasonsOf(change, path), ...diffReasons(change, texts, tree)],
    vanishes: from === undefined ? `${path} were as in the baseline` : `${path} still stood at ${shownPath(from)}`,
    next:
      rule.severity === 'info' || rule.severity === 'low'
        ? 'If the change is yours, vakthund host baseline accept writes it into the baseline.'
        : 'Find out who made the change; if it is yours, vakthund host baseline accept writes it into the baseline.',
  };
}

function titleOf({ kind, before, after, attributes }: Change): string {
  const object = objectOf((after ?? before)?.type ?? 'f', (after ?? before)?.mode ?? 0);
  if (kind === 'added') return `new ${object} in a watched place`;
  if (kind === 'removed') return `${object} is gone from a watched place`;
  if (kind === 'renamed') return `${object} was renamed`;
  return `${object} is not as in the baseline: ${attributes.map(({ attribute }) => attribute).join(', ')}`;
}

function objectOf(type: string, mode: number): string {
  if (type === 'd') return 'folder';
  if (type === 'l') return 'link';
  if (type !== 'f') return 'device, pipe or socket';
  if ((mode & 0o6000) !== 0) return 'set-id program';
  return (mode & 0o111) === 0 ? 'file' : 'program';
}

function sentenceOf({ kind, from, attributes }: Change, path: string): string {
  if (kind === 'added') return `${path} came after the baseline`;
  if (kind === 'removed') return `${path} was there when the baseline was written`;
  if (kind === 'renamed') return `${path} was called ${shownPath(from ?? '')}`;
  return `${path} has another ${attributes.map(({ attribute }) => attribute).join(', ')}`;
}

const timesOnly = new Set<Attribute>(['mtime', 'ctime', 'inode', 'links']);

/** The rule's; one less than low where only times differ, and at least high where a program got another's rights. */
function severityOf({ before, after, attributes, kind, rule }: Change): Severity {
  const gained = (after?.mode ?? 0) & ~(before?.mode ?? 0) & 0o6000;
  if (after?.type === 'f' && gained !== 0) return higher(rule.severity, 'high');
  if (kind === 'changed' && attributes.every(({ attribute }) => timesOnly.has(attribute))) {
    return lower(rule.severity, 'low');
  }
  return rule.severity;
}

const scores: Readonly<Record<Severity, number>> = { info: 0.2, low: 0.4, medium: 0.6, high: 0.8, critical: 0.95 };

function higher(a: Severity, b: Severity): Severity {
  return severities.indexOf(a) > severities.indexOf(b) ? a : b;
}

function lower(a: Severity, b: Severity): Severity {
  return severities.indexOf(a) < severities.indexOf(b) ? a : b;
}

/** T1554 compromised host software, T1548.001 set-id, T1070.004/.006 removal and times, T1036 masquerading. */
function attackOf({ kind, before, after, attributes }: Change): string[] {
  const gained = (after?.mode ?? 0) & ~(before?.mode ?? 0) & 0o6000;
  if (after?.type === 'f' && gained !== 0) return ['T1548.001'];
  if (kind === 'removed') return ['T1070.004'];
  if (kind === 'renamed') return ['T1036.003'];
  const names = new Set(attributes.map(({ attribute }) => attribute));
  if (kind === 'changed' && names.has('content') && ((after?.mode ?? 0) & 0o111) !== 0) return ['T1554'];
  return kind === 'changed' && [...names].every((name) => timesOnly.has(name)) ? ['T1070.006'] : [];
}

function reasonsOf({ attributes, from, before, after }: Change, path: string): Reason[] {
  const reasons: Reason[] = attributes.map((change) => ({ what: labels[change.attribute], value: valueText(change) }));
  if (from !== undefined) reasons.push({ what: 'from', value: shownPath(from) }, { what: 'to', value: path });
  const owner = before?.owner ?? '';
  if (owner !== '') reasons.push({ what: 'package in the baseline', value: owner });
  if (reasons.length === 0 && after !== undefined) {
    reasons.push(
      { what: 'mode', value: `0${after.mode.toString(8)}` },
      { what: 'owner', value: `${after.uid}:${after.gid}` },
    );
    if (after.digest !== '') reasons.push({ what: 'SHA-256', value: hexOf(after.digest) });
  }
  return reasons;
}

const labels: Readonly<Record<Attribute, string>> = {
  type: 'kind of file',
  mode: 'mode',
  owner: 'owner',
  group: 'group',
  size: 'size',
  mtime: 'modified',
  ctime: 'inode changed',
  inode: 'inode',
  links: 'hard links',
  target: 'link target',
  device: 'device number',
  xattrs: 'extended attributes',
  content: 'SHA-256',
};

function valueText({ attribute, before, after }: AttributeChange): string {
  if (attribute === 'content') return `${hexOf(before)} → ${hexOf(after)}`;
  if (attribute === 'xattrs') return `${before === '' ? 'none' : 'some'} → ${after === '' ? 'none' : 'others'}`;
  if (attribute === 'target') return `${shownPath(before)} → ${shownPath(after)}`;
  return `${before} → ${after}`;
}

function hexOf(digest: string): string {
  return digest === '' ? 'unreadable' : Buffer.from(digest, 'base64url').toString('hex');
}

function diffReasons({ kind, before, after }: Change, texts: Texts, tree: FileTree): Reason[] {
  const old = before === undefined ? undefined : texts.get(before.digest);
  if (kind !== 'changed' || old === undefined || after === undefined || before?.digest === after.digest) return [];
  const now = textOf(after, tree);
  if (now === undefined) return [];
  return diffLines(old, now).map((line) => ({ what: 'line', value: line }));
}
