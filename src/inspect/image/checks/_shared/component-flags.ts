import type { Severity } from '../../../../events/finding.ts';
import type { Fault, Reference } from '../../check.ts';
import type { Cursor } from '../../inputs/cursor.ts';
import type { Pod } from '../../inputs/kubernetes/pod.ts';
import type { Located, Place } from '../../inputs/place.ts';
import { cisKubernetes } from './references.ts';

/** A part of the control plane as its pod starts it. */
export interface Component {
  /** Where it is started. */
  readonly at: Place;
  /** The value of a flag, `--` left off; the last one counts, as in the programs themselves. A flag without a value is `true`. */
  flag(name: string): Located<string> | undefined;
}

/** Words of a command line that are read: a static pod has fifty. */
const maxWords = 2000;

/** The containers of a pod that start a program, with the flags that they give to it. */
export function componentsOf(pod: Pod, program: string): Component[] {
  return pod.containers.flatMap(({ cursor }) => {
    const words = [...wordsOf(cursor.get('command')), ...wordsOf(cursor.get('args'))].slice(0, maxWords);
    const start = words.findIndex(({ value }) => value === program || value.endsWith(`/${program}`));
    return start < 0 ? [] : [componentOf(cursor.get('command').place, words.slice(start + 1))];
  });
}

/** A command for a shell is one text: it is taken apart where it stands. */
function wordsOf(list: Cursor): Located<string>[] {
  return list.texts().flatMap(({ value, at }) =>
    value
      .split(/\s+/)
      .filter((word) => word !== '')
      .map((word) => ({ value: word, at })),
  );
}

function componentOf(at: Place, words: readonly Located<string>[]): Component {
  const flags = new Map<string, Located<string>>();
  for (const [index, word] of words.entries()) {
    const [, name, value] = /^--?([a-z][a-z0-9-]*)(?:=(.*))?$/s.exec(word.value) ?? [];
    if (name === undefined) continue;
    const next = words[index + 1]?.value ?? '-';
    flags.set(name, { value: value ?? (next.startsWith('-') ? 'true' : next), at: word.at });
  }
  return { at, flag: (name) => flags.get(name) };
}

/** A flag that is not as it should be, or is missing. */
export interface FlagRule {
  readonly flag: string;
  readonly severity: Severity;
  /** Number in the CIS Kubernetes Benchmark 1.10; absent for flags that it no longer names. */
  readonly cis?: string | undefined;
  /** End of a sentence that begins with the part. */
  readonly what: string;
  /** Whether a value is wrong; undefined is a flag that is not given. */
  readonly isWrong: (value: string | undefined) => boolean;
}

export function* flagFaults(component: Component, rules: readonly FlagRule[]): Generator<Fault> {
  for (const { flag, severity, cis, what, isWrong } of rules) {
    const given = component.flag(flag);
    if (!isWrong(given?.value)) continue;
    const said = given === undefined ? `no --${flag}` : `--${flag}=${given.value}`;
    const references = cis === undefined ? {} : { references: cisKubernetes(cis) };
    yield { at: given?.at ?? component.at, what: `${what} (${said})`, severity, ...references };
  }
}

export function isMissing(value: string | undefined): boolean {
  return value === undefined || value === '';
}

/** Wrong when it is given with this value. */
export function is(wrong: string): FlagRule['isWrong'] {
  return (value) => value === wrong;
}

/** Wrong when it is not given, or with another value than this. */
export function isNot(wanted: string): FlagRule['isWrong'] {
  return (value) => value !== wanted;
}

/** Wrong when a list does not hold a name; `given` asks only where the list is there. */
export function lacks(name: string, given = false): FlagRule['isWrong'] {
  return (value) => (value === undefined ? !given : !value.split(',').includes(name));
}

export function holds(name: string): FlagRule['isWrong'] {
  return (value) => value?.split(',').includes(name) === true;
}

/** Suites without forward secrecy or with ciphers that are broken (RFC 7465, RFC 9155). */
export function hasWeakSuite(value: string | undefined): boolean {
  return /TLS_RSA_WITH|RC4|3DES|_CBC_SHA(?:,|$)/.test(value ?? '');
}

/** The recommendations that rules stand for, each once. */
export function citedBy(rules: readonly FlagRule[]): readonly Reference[] {
  return cisKubernetes(...new Set(rules.flatMap(({ cis }) => cis ?? [])));
}
