import type { FileTree } from '../tree/tree.ts';

/** One line of `/etc/passwd` (passwd(5)), with what `/etc/shadow` says of its password. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly comment: string;
  readonly home: string;
  readonly shell: string;
  /** Second field of shadow, or of passwd where there is no such line; undefined when shadow cannot be read. */
  readonly password: string | undefined;
  /** Line in `/etc/passwd`, from 1. */
  readonly line: number;
}

export interface Group {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
  readonly line: number;
}

/** Accounts below are the system's (login.defs(5), `UID_MIN`). */
const firstPersonUid = 1000;
/** `nobody` and what systemd makes up for services. */
const firstDynamicUid = 60_000;
const maxAccounts = 100_000;

/** The accounts of a tree, by name and by number. */
export class Accounts {
  readonly all: readonly Account[];
  readonly groups: readonly Group[];
  readonly #byName = new Map<string, Account>();
  readonly #byUid = new Map<number, Account>();

  constructor(tree: FileTree) {
    const passwords = readPasswords(tree);
    this.all = [...linesOf(tree, '/etc/passwd')].flatMap(([line, text]) => parseAccount(text, line, passwords) ?? []);
    this.groups = [...linesOf(tree, '/etc/group')].flatMap(([line, text]) => parseGroup(text, line) ?? []);
    for (const account of this.all) {
      if (!this.#byName.has(account.name)) this.#byName.set(account.name, account);
      if (!this.#byUid.has(account.uid)) this.#byUid.set(account.uid, account);
    }
  }

  named(name: string): Account | undefined {
    return this.#byName.get(name);
  }

  /** The first with that number. */
  withUid(uid: number): Account | undefined {
    return this.#byUid.get(uid);
  }

  nameOf(uid: number): string {
    return this.#byUid.get(uid)?.name ?? String(uid);
  }

  /** The account whose home holds the path; of nested homes the deepest. */
  atHome(path: string): Account | undefined {
    let found: Account | undefined;
    for (const account of this.all) {
      if (account.home === '/' || !path.startsWith(`${account.home}/`)) continue;
      if (found === undefined || account.home.length > found.home.length) found = account;
    }
    return found;
  }

  /** Homes that a person, root or a service may have files in, each once, with the accounts that share them. */
  homes(): Map<string, Account[]> {
    const homes = new Map<string, Account[]>();
    for (const account of this.all) {
      if (!account.home.startsWith('/') || account.home === '/') continue;
      const sharing = homes.get(account.home);
      if (sharing === undefined) homes.set(account.home, [account]);
      else sharing.push(account);
    }
    return homes;
  }
}

/** Whether an account belongs to a program and no person: nobody logs in as it. */
export function isService(account: Account): boolean {
  if (account.uid === 0) return false;
  return account.uid < firstPersonUid || account.uid >= firstDynamicUid || !canLogIn(account);
}

/** Whether its shell lets somebody in. `sync` and the like are commands, and no shells. */
export function canLogIn(account: Account): boolean {
  return account.shell === '' || !/\/(?:nologin|false|sync|halt|shutdown|true)$/.test(account.shell);
}

function* linesOf(tree: FileTree, path: string): Generator<[number, string]> {
  const lines = (tree.read(path)?.toString('utf8') ?? '').split('\n', maxAccounts);
  for (const [index, line] of lines.entries()) {
    if (line !== '' && !line.startsWith('#')) yield [index + 1, line];
  }
}

function parseAccount(text: string, line: number, passwords: ReadonlyMap<string, string>): Account | undefined {
  const [name = '', password = '', uid = '', gid = '', comment = '', home = '', shell = ''] = text.split(':');
  if (name === '' || !/^\d{1,10}$/.test(uid)) return undefined;
  const secret = passwords.get(name) ?? (password === 'x' ? undefined : password);
  return { name, uid: Number(uid), gid: Number(gid), comment, home, shell, password: secret, line };
}

function parseGroup(text: string, line: number): Group | undefined {
  const [name = '', , gid = '', members = ''] = text.split(':');
  if (name === '' || !/^\d{1,10}$/.test(gid)) return undefined;
  return { name, gid: Number(gid), members: members.split(',').filter((member) => member !== ''), line };
}

function readPasswords(tree: FileTree): Map<string, string> {
  const passwords = new Map<string, string>();
  for (const [, text] of linesOf(tree, '/etc/shadow')) {
    const [name = '', password = ''] = text.split(':');
    if (!passwords.has(name)) passwords.set(name, password);
  }
  return passwords;
}
