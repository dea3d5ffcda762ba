import { contentSigns } from '../../match/commands/signs.ts';
import { lineCounter, readLines } from './locations.ts';
import type { HostContext, PersistenceItem, Sign } from './technique.ts';

/** Where commands stand in the settings of a program, and what it is worth that they do. */
export interface CommandSettings {
  readonly name: string;
  /** A command that it starts, in its group `command`; flags g and m. */
  readonly pattern: RegExp;
  /** How odd it is that it starts something at all; 0 when that is what it is there for. */
  readonly weight?: number;
  /** Weight of its settings belonging to no package; 0.05 when left out. */
  readonly unowned?: number;
  /** Whom it runs commands as; root when left out. */
  readonly user?: string;
  /** Settings that open a door whatever stands beside them. */
  readonly doors?: readonly { readonly pattern: RegExp; readonly what: string; readonly weight: number }[];
}

/** Commands of one file that are judged. */
const maxCommands = 500;

/** One item for each command and each door of a file of settings. */
export function* settingCommands(
  path: string,
  { name, pattern, weight = 0, unowned = 0.05, user = 'root', doors = [] }: CommandSettings,
  context: HostContext,
): Generator<PersistenceItem> {
  const { tree, accounts } = context;
  const text = readLines(tree, path);
  const owner = accounts.atHome(path)?.name ?? user;
  const lineOf = lineCounter(text);
  let count = 0;
  for (const { groups, index } of text.matchAll(pattern)) {
    if (++count > maxCommands) {
      context.notChecked(`commands in ${path}`, `more than ${maxCommands}; the rest was not judged`);
      break;
    }
    const command = (groups?.['command'] ?? '').trim();
    const sign: Sign = { what: 'is started by settings', value: command.slice(0, 120), weight };
    yield {
      path,
      line: lineOf(index),
      title: `command of ${name}`,
      runs: command,
      user: owner,
      unowned,
      ...(weight === 0 ? {} : { signs: [sign] }),
    };
  }
  for (const { pattern: door, what, weight: ofDoor } of doors) {
    const hit = door.exec(text);
    if (hit === null) continue;
    const signs: Sign[] = [{ what, value: hit[0].trim().slice(0, 120), weight: ofDoor }];
    yield { path, line: lineCounter(text)(hit.index), title: `setting of ${name}`, user: owner, unowned, signs };
  }
}

/** Lines that are remarks in one of the usual languages: what a comment recommends is not run. */
const remarks = /^[ \t]{0,200}(?:#|;|\/\/|--|"\s|dnl\b)[^\n]{0,100000}$/gm;

/** What a text without its remarks says that hardly any honest one does; the places of programs that it names are no part of it. */
export function strongSigns(text: string, least = 0.5): Sign[] {
  return contentSigns(text.replaceAll(remarks, '')).filter(
    ({ what, weight }) => weight >= least && !what.startsWith('runs what stands') && !what.startsWith('runs what is'),
  );
}
