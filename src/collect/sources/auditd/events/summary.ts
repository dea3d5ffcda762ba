import { meaningOfCall, meaningOfRecord, type CallMeaning, type Meaning } from '../interpret/meanings.ts';
import type { Fields } from '../records/fields.ts';
import { key, type Key } from '../records/keys.ts';
import { text } from '../records/values.ts';
import { readCall, type Call } from './call.ts';
import { outcomeOf, resultOf } from './outcome.ts';
import { socketAddressOf } from './socket.ts';
import type { EventView } from './view.ts';

/** Who did what to what, and how: the event in the words of `ausearch --format text`. */
export interface Summary {
  /** Login user, then the account or user id that acted, as written in the record. */
  readonly subject: string | null;
  readonly actor: string | null;
  readonly phrase: string | null;
  readonly objectKind: string | null;
  readonly object: string | null;
  readonly secondObject: string | null;
  readonly how: string | null;
  /** Event kind, category and type of the Elastic Common Schema. */
  readonly kind: string | null;
  readonly category: readonly string[];
  readonly type: readonly string[];
  /** All of it for people. */
  readonly sentence: string | null;
}

const syscallKey = key('syscall');
const exeKey = key('exe');
const commKey = key('comm');
const auidName = key('AUID');
const uidName = key('UID');
const apparmorKey = key('apparmor');
/** Programs that run other people's scripts: the short name tells more than the executable. */
const interpreters = ['/usr/bin/python', '/usr/bin/sh', '/usr/bin/bash', '/usr/bin/perl'];
/** Records of an event that are searched for a field; an event of an attacker may have thousands. */
const maxSearched = 32;
const subjectFields = [key('auid')];
const actorFields = [key('uid')];
const nameKey = key('name');
const nameTypeKey = key('nametype');

/** What an event says, by its first record of its own, or by its system call when it has none. */
export function summarise(view: EventView, call: Call | undefined, main: Fields): Summary {
  const meaning = meaningOf(call, main);
  const find = finder(view, call, main);
  const subject = find(meaning.fields.subject) ?? find(subjectFields);
  const actor = find(meaning.fields.actor) ?? find(actorFields);
  const how = find(meaning.fields.how) ?? defaultHow(call?.fields ?? main);
  const [object, secondObject] = objectOf(view, meaning, find);
  const outcome = resultOf(main) ?? outcomeOf(call);
  const ofCall = callBeside(call, main);
  const phrase = meaning.phrase ?? null;
  const called = call !== undefined && main === call.fields ? `called-${call.name}` : null;
  return {
    subject,
    actor,
    phrase,
    objectKind: meaning.object ?? null,
    object,
    secondObject,
    how,
    kind: meaning.kind ?? null,
    category: [...(meaning.category ?? []), ...(ofCall?.category ?? [])],
    type: [...(meaning.type ?? []), ...(ofCall?.type ?? [])],
    sentence: sentenceOf({ who: nameOf(main, call) ?? subject, words: phrase ?? called, object, how, outcome }),
  };
}

function meaningOf(call: Call | undefined, main: Fields): Meaning {
  if (call !== undefined && main === call.fields) return call.meaning;
  // AppArmor reports through AVC records too.
  if (main.type.name === 'AVC' && main.indexOf(apparmorKey) >= 0) return meaningOfRecord('APPARMOR');
  return meaningOfRecord(main.type.name);
}

/** The call beside a record of its own; SECCOMP records name theirs. */
function callBeside(call: Call | undefined, main: Fields): Meaning | undefined {
  if (call !== undefined) return main === call.fields ? undefined : call.meaning;
  const name = callName(undefined, main);
  return name === null ? undefined : meaningOfCall(name);
}

function callName(call: Call | undefined, main: Fields): string | null {
  if (call !== undefined) return call.name;
  return main.indexOf(syscallKey) < 0 ? null : readCall(main).name;
}

type Find = (wanted: readonly Key[] | undefined) => string | null;

/** The first of several fields that is there, in the record itself, then in the system call, then in any other record. */
function finder(view: EventView, call: Call | undefined, main: Fields): Find {
  return (wanted) => {
    for (const name of wanted ?? []) {
      if (name === syscallKey) return callName(call, main);
      const found = text(main, name) ?? (call === undefined ? null : text(call.fields, name));
      if (found !== null) return found;
      for (const fields of view.records.slice(0, maxSearched)) {
        const other = text(fields, name);
        if (other !== null) return other;
      }
    }
    return null;
  };
}

function objectOf(view: EventView, meaning: Meaning, find: Find): [string | null, string | null] {
  const primary = find(meaning.fields.primary);
  const secondary = find(meaning.fields.secondary);
  if (meaning.object === 'socket') {
    const address = socketAddressOf(view);
    if (address?.family === 'inet' || address?.family === 'inet6') return [address.ip, String(address.port)];
    return [address?.family === 'unix' ? address.path : primary, secondary];
  }
  if (primary !== null || (meaning.object !== 'file' && meaning.object !== 'filesystem')) return [primary, secondary];
  const path = mainPath(view, 'pathIndex' in meaning ? (meaning as CallMeaning).pathIndex : 0);
  return [path === undefined ? null : text(path, nameKey), secondary];
}

/** The PATH record that a call is mostly about: from a place on, the first that is neither parent nor unknown. */
export function mainPath(view: EventView, index: number): Fields | undefined {
  const from = index < view.paths.length ? index : 0;
  const isReal = (path: Fields): boolean => {
    const type = text(path, nameTypeKey);
    return type !== 'PARENT' && type !== 'UNKNOWN';
  };
  return view.paths.slice(from).find(isReal) ?? view.paths[from];
}

function defaultHow(fields: Fields): string | null {
  const executable = text(fields, exeKey);
  const name = text(fields, commKey);
  if (executable === null) return name;
  return interpreters.some((path) => executable.startsWith(path)) ? (name ?? executable) : executable;
}

/** The name of the user, where auditd resolved it. */
function nameOf(main: Fields, call: Call | undefined): string | null {
  const fields = call?.fields ?? main;
  const login = text(fields, auidName);
  const name = login === null || login === 'unset' ? text(fields, uidName) : login;
  return name?.startsWith('unknown(') === true ? null : name;
}

function sentenceOf(parts: {
  readonly who: string | null;
  readonly words: string | null;
  readonly object: string | null;
  readonly how: string | null;
  readonly outcome: 'success' | 'failure' | null;
}): string | null {
  const { who, words, object, how, outcome } = parts;
  if (words === null) return null;
  const done = words.replaceAll('-', ' ');
  const what = object === null ? done : `${done} ${object}`;
  const failed = outcome === 'failure' ? ' without success' : '';
  return `${subjectName(who)} ${what}${failed}${how === null ? '' : ` using ${how}`}`;
}

function subjectName(who: string | null): string {
  if (who === null || who === '4294967295' || who === 'unset' || who === '-1') return 'the system';
  return /^\d+$/.test(who) ? `user ${who}` : who;
}
