import { microsPerSecond, parseIsoMicros, type Micros } from '../../../base/time.ts';
import { monthNumber } from '../../yearless-clock.ts';
import { historyLine, type HistoryLine } from './apt-history.ts';
import { nameAndVersion, type PackageChange } from './change.ts';

type Writer = 'dpkg' | 'update-alternatives' | 'dnf' | 'yum' | 'pacman' | 'zypper';

/** A whole time, or one without a year. */
export type WrittenTime = Micros | { readonly month: number; readonly day: number; readonly clock: Micros };

/** A line that says all by itself. */
export interface WholeLine {
  readonly writer: Writer;
  readonly time: WrittenTime;
  readonly text: string;
  readonly level?: string;
  readonly change?: PackageChange;
  readonly command?: string;
  readonly user?: string;
  /** No other program writes such a line. */
  readonly isSign: boolean;
}

export type PackageLogLine = WholeLine | HistoryLine;

const dpkg =
  /^(?<date>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) (?<text>(?<action>startup|install|upgrade|remove|purge|disappear|configure|trigproc|update|conffile|status) (?<rest>.+))$/s;
const alternatives = /^update-alternatives (?<date>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d): (?<text>.+)$/s;
const dnf =
  /^(?<date>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[+-]\d\d:?\d\d|Z)) (?:\[\d{1,10}\] )?(?<level>D?DEBUG|SUBDEBUG|TRACE|INFO|WARNING|ERROR|CRITICAL) (?<text>.+)$/s;
const yum =
  /^(?<month>[A-Z][a-z]{2}) (?<day>[ \d]\d) (?<clock>\d\d:\d\d:\d\d) (?<text>(?:Dep-)?(?:Installed|Updated|Erased|Obsoleted|Reinstalled|Downgraded): .+)$/s;
const pacman =
  /^\[(?<date>\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:[+-]\d{4})?)\] \[(?<part>ALPM|PACMAN|ALPM-SCRIPTLET|\w{1,20})\] (?<text>.+)$/s;
const zypper = /^(?<date>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\|(?<text>(?<action>[a-z]{3,10}) *\|.*)$/s;

const rpmChange =
  /^(?:Dep-)?(?<action>Install(?:ed)?|Updated?|Upgraded?|Erased?|Removed?|Obsolete[ds]?|Obsoleting|Reinstall(?:ed)?|Downgraded?|Cleanup): (?<package>\S{1,300})/;
const alpmChange =
  /^(?<action>installed|reinstalled|upgraded|downgraded|removed) (?<package>\S{1,200}) \((?<versions>[^()]{1,200})\)$/;

/** The parts of a line of a package manager; undefined for any other. */
export function readLine(line: string): PackageLogLine | undefined {
  return (
    readDpkg(line) ??
    historyLine(line) ??
    readAlternatives(line) ??
    readDnf(line) ??
    readYum(line) ??
    readPacman(line) ??
    readZypper(line)
  );
}

function readDpkg(line: string): WholeLine | undefined {
  const parts = dpkg.exec(line)?.groups;
  const time = parseIsoMicros(parts?.['date'] ?? '');
  if (parts === undefined || time === undefined) return undefined;
  const { text = '', action = '', rest = '' } = parts;
  const base = { writer: 'dpkg', time, text, isSign: true } as const;
  if (action === 'status' || action === 'startup' || action === 'conffile') return base;
  const [name = '', first, second] = rest.split(' ', 3);
  const known = (version: string | undefined): string | undefined => (version === '<none>' ? undefined : version);
  const isChange = action === 'install' || action === 'upgrade';
  const [version, previous] = isChange ? [known(second), known(first)] : [known(first), undefined];
  return { ...base, change: { action, ...nameAndArchitecture(name), version, previous } };
}

function nameAndArchitecture(text: string): Pick<PackageChange, 'name' | 'architecture'> {
  const at = text.lastIndexOf(':');
  return at < 0 ? { name: text } : { name: text.slice(0, at), architecture: text.slice(at + 1) };
}

function readAlternatives(line: string): WholeLine | undefined {
  const parts = alternatives.exec(line)?.groups;
  const time = parseIsoMicros(parts?.['date'] ?? '');
  if (parts === undefined || time === undefined) return undefined;
  return { writer: 'update-alternatives', time, text: parts['text'] ?? '', isSign: true };
}

function readDnf(line: string): WholeLine | undefined {
  const parts = dnf.exec(line)?.groups;
  const time = parseIsoMicros(withColon(parts?.['date'] ?? ''));
  if (parts === undefined || time === undefined) return undefined;
  const { text = '', level = '' } = parts;
  const base = { writer: 'dnf', time, text, level: level.toLowerCase() } as const;
  const command = /^Command: (?<command>.+)$/s.exec(text)?.groups?.['command'];
  if (command !== undefined) return { ...base, command, isSign: true };
  return { ...base, ...rpmChangeOf(text), isSign: rpmChange.test(text) || text.includes('logging initialized') };
}

function rpmChangeOf(text: string): Pick<WholeLine, 'change'> {
  const parts = rpmChange.exec(text)?.groups;
  if (parts === undefined) return {};
  const { action = '', package: name = '' } = parts;
  return { change: { action: action.toLowerCase(), ...nameAndVersion(name) } };
}

function readYum(line: string): WholeLine | undefined {
  const parts = yum.exec(line)?.groups;
  const month = monthNumber(parts?.['month'] ?? '');
  if (parts === undefined || month === undefined) return undefined;
  const [hours = 0, minutes = 0, seconds = 0] = (parts['clock'] ?? '').split(':').map(Number);
  const clock = (hours * 3600 + minutes * 60 + seconds) * microsPerSecond;
  const { text = '' } = parts;
  return { writer: 'yum', time: { month, day: Number(parts['day']), clock }, text, ...rpmChangeOf(text), isSign: true };
}

function readPacman(line: string): WholeLine | undefined {
  const parts = pacman.exec(line)?.groups;
  const time = parseIsoMicros(withColon(parts?.['date'] ?? ''));
  if (parts === undefined || time === undefined) return undefined;
  const { text = '', part = '' } = parts;
  const base = { writer: 'pacman', time, text, isSign: part === 'ALPM' || part === 'PACMAN' } as const;
  const command = /^Running '(?<command>.+)'$/s.exec(text)?.groups?.['command'];
  if (command !== undefined) return { ...base, command };
  return { ...base, ...(part === 'ALPM' ? alpmChangeOf(text) : {}) };
}

function alpmChangeOf(text: string): Pick<WholeLine, 'change'> {
  const parts = alpmChange.exec(text)?.groups;
  if (parts === undefined) return {};
  const { action = '', package: name = '', versions = '' } = parts;
  const [first = '', second] = versions.split(' -> ', 2);
  if (second === undefined) return { change: { action, name, version: first } };
  return { change: { action, name, version: second, previous: first } };
}

/** `DATE|install|name|version|architecture|user@host|…`, and of a command the one who gave it: `|command|root@host|'zypper' 'in'|`. */
function readZypper(line: string): WholeLine | undefined {
  const parts = zypper.exec(line)?.groups;
  const time = parseIsoMicros(parts?.['date'] ?? '');
  if (parts === undefined || time === undefined) return undefined;
  const { text = '', action = '' } = parts;
  const base = { writer: 'zypper', time, text, isSign: true } as const;
  const [, first = '', second = '', third = '', fourth = ''] = text.split('|', 6).map((field) => field.trim());
  if (action === 'command') return { ...base, command: second.replaceAll("'", ''), ...userOf(first) };
  if (action !== 'install' && action !== 'remove') return base;
  return { ...base, change: { action, name: first, version: second, architecture: third }, ...userOf(fourth) };
}

function userOf(text: string): Pick<WholeLine, 'user'> {
  const at = text.indexOf('@');
  return at <= 0 ? {} : { user: text.slice(0, at) };
}

/** Zones without a colon get one: `+0100` is `+01:00`. */
function withColon(date: string): string {
  return date.replace(/(?<sign>[+-]\d\d)(?<minutes>\d\d)$/, '$<sign>:$<minutes>');
}
