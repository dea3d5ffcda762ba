import type { Micros } from '../../base/time.ts';
import type { Sign } from '../../match/commands/sign.ts';
import type { FileTree, TreeEntry } from '../tree/tree.ts';
import type { Accounts } from './accounts.ts';
import type { Ownership } from './ownership/ownership.ts';
import type { LiveHost } from './proc/live-host.ts';

export type { Sign };

/** What tells one item from another of the same place, as signs without weight: two keys in a file, two contents of a program. */
export const identityOf = { digest: 'SHA-256', key: 'key' } as const;

/** One thing that makes code run, opens a way in, or hides something. Techniques find items; the judge says what they are worth. */
export interface PersistenceItem {
  /** The file that holds it, or `/proc/PID` for a process. */
  readonly path: string;
  readonly line?: number;
  /** Last part of the detector id, for techniques that find different things: `persistence/accounts/uid0`. */
  readonly rule?: string;
  /** The object in a few words: `system cron job`. */
  readonly title: string;
  /** Commands or code that would run: judged by content. */
  readonly runs?: string;
  /** Files that it would run or load, besides those that `runs` names: judged by place, owner and who may write to them. */
  readonly targets?: readonly string[];
  /** Account that it runs as or belongs to. */
  readonly user?: string;
  /**
   * Weight of its being there without a package that put it there; 0 for what no package ever owns (crontabs, keys). An unchanged
   * file of a package is not judged at all unless `isJudgedAnyway`.
   */
  readonly unowned: number;
  /** Weight of its file differing from its package's; 0.35 when left out. Of a configuration file a fifth of it. */
  readonly changed?: number;
  /** What the technique itself saw. */
  readonly signs?: readonly Sign[];
  /** The item is no file of a package even where the file is: a process, an account in a list, a set-id bit. */
  readonly isJudgedAnyway?: true;
  readonly attack?: readonly string[];
  readonly process?: { readonly pid: number; readonly name: string };
  /** Far ends and ports of connections. */
  readonly addresses?: readonly string[];
  /** When it came to be, if the file's own times do not tell. */
  readonly time?: Micros;
}

/** What techniques look at. */
export interface HostContext {
  readonly tree: FileTree;
  readonly ownership: Ownership;
  readonly accounts: Accounts;
  /** As it calls itself; undefined for images and roots without a name. */
  readonly hostName: string | undefined;
  /** Undefined for a root or an image: nothing runs there. */
  readonly live: LiveHost | undefined;
  /** Says that something could not be looked at here. */
  notChecked(what: string, why: string): void;
}

/** One class of persistence or backdoor. Each finds all its items in a host, a mounted root or an image's tree. */
export interface PersistenceTechnique<Id extends string = string> {
  readonly id: Id;
  readonly title: string;
  /** What is looked at and what speaks for a backdoor: the text of the reference page. */
  readonly description: string;
  /** Places, as a person would write them. */
  readonly places: readonly string[];
  /** ATT&CK techniques of its items when they name none. */
  readonly attack: readonly string[];
  readonly guide: readonly string[];
  readonly references: readonly string[];
  /** `live`: only a running host has it. */
  readonly needs?: 'live';
  /** Its claims are told only for files of which no other technique tells as much. */
  readonly isFallback?: true;
  /** Cheap look at each entry of the one walk through the tree, by path, type, size and mode. Must not read. */
  wants?(entry: TreeEntry): boolean;
  /** `wanted`: the entries of the walk that it asked for. Anything that it reads goes through the tree. */
  find(context: HostContext, wanted: readonly TreeEntry[]): Iterable<PersistenceItem>;
}

/** Checks a technique definition while keeping its literal id. */
export function defineTechnique<const Id extends string>(
  technique: PersistenceTechnique<Id>,
): PersistenceTechnique<Id> {
  return technique;
}
