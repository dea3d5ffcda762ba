import type { ProblemList } from '../../../base/problem.ts';
import { StoredTree, type StoredEntry } from '../../tree/stored-tree.ts';
import { normalPath } from '../../tree/tree.ts';
import { hostNameOf } from '../host-name.ts';
import { LiveHost } from '../proc/live-host.ts';
import { RecordedProc } from '../proc/recorded-proc.ts';
import { bodyEntryOf } from './body-file.ts';
import type { Bundle, BundleLimits } from './bundle.ts';
import { settled } from './links.ts';
import { entryOfMember } from './member-entry.ts';
import { TableContext } from '../table-context.ts';
import { tablesOfProc } from './record-tables.ts';
import { procAnswersOf } from './uac-proc.ts';
import { linesOf, textOf, type Unpacked } from './unpack.ts';

/** Folder of UAC with copies of files, at their paths; some versions put a folder around everything. */
const rootPattern = /^(?:[^/]+\/)?\[root\](?<path>\/.+)$/;
const bodyPattern = /^(?:[^/]+\/)?bodyfile\/bodyfile\.txt$/;
const hashPattern = /^(?:[^/]+\/)?hash_executables\/hash_executables\.(?<algorithm>md5|sha1|sha256)$/;
const logPattern = /^(?:[^/]+\/)?uac\.log$/;
const hostPattern = /^(?:[^/]+\/)?live_response\/network\/hostname\.txt$/;
const namePattern =
  /(?:^|\/)uac-(?<host>[\w.-]{1,253}?)-(?:linux|freebsd|openbsd|netbsd|solaris|aix|esxi|macos|netscaler|haiku)-\d{8,14}/;

/** Whether an archive has the folders of UAC (Unix-like Artifacts Collector). */
export function isUac({ members }: Unpacked): boolean {
  for (const name of members.keys()) if (rootPattern.test(name) || bodyPattern.test(name)) return true;
  return false;
}

/** An archive of UAC: files from `[root]`, all other names from the body file, digests of programs from its lists, processes from `live_response`. */
export async function openUac(unpacked: Unpacked, limits: BundleLimits, problems: ProblemList): Promise<Bundle> {
  const names = [...unpacked.members.keys()];
  const log = logOf(unpacked, names, limits);
  const entries = new Map<string, StoredEntry>();
  const body = names.find((name) => bodyPattern.test(name));
  const depth = body === undefined ? 0 : readBody(unpacked, body, log.mount, entries, problems);
  for (const [name, member] of unpacked.members) {
    const path = rootPattern.exec(name)?.groups?.['path'];
    if (path === undefined) continue;
    const at = normalPath(path);
    const known = entries.get(at);
    const isContent = member.type === 'file' && (known === undefined || known.entry.type === 'file');
    // What the body file says was asked of the machine itself; the archive may say less.
    const entry = known?.entry ?? entryOfMember(at, member);
    entries.set(at, { ...known, entry, ...(isContent ? { content: member.place } : {}) });
  }
  readHashes(unpacked, limits, log.mount, entries);
  const host = log.host ?? namePattern.exec(unpacked.path)?.groups?.['host'];
  const proc = new RecordedProc(procAnswersOf(unpacked, limits));
  const live = proc.pids().length > 0 ? new LiveHost(proc) : undefined;
  const tree = new StoredTree(unpacked.path, settled(entries).values(), unpacked.contents);
  const tables = live === undefined ? new Map<string, never>() : await tablesOfProc(new TableContext(tree, { proc }));
  return {
    form: 'uac',
    host: host ?? hostNameOf(tree),
    tree,
    live,
    foreign: { folders: new Set(), told: [] },
    recorded: { proc, tables },
    signedBy: undefined,
    notChecked: notTold(body !== undefined, depth, live !== undefined),
    problems: problems.drain(),
    close: () => unpacked.contents.close(),
  };
}

function notTold(hasBody: boolean, depth: number, isLive: boolean): Bundle['notChecked'] {
  const told: { what: string; why: string }[] = [];
  if (!hasBody) told.push({ what: 'files that were not copied', why: 'the archive has no body file' });
  else if (depth < wholeDepth) {
    const what = `files more than ${depth} folders deep that were not copied`;
    told.push({ what, why: 'the body file ends there' });
  }
  if (isLive) told.push({ what: 'whole environments and namespaces of processes', why: 'UAC takes parts of them' });
  else {
    const why = 'the archive has nothing of /proc; investigate reads its lists';
    told.push({ what: 'processes and connections', why });
  }
  return told;
}

/** A whole system is deeper; UAC's body files end at its `max_depth`. */
const wholeDepth = 8;

/** What UAC's log says of the machine: its name, and where its disk was mounted when it was not the one that UAC ran on. */
function logOf(unpacked: Unpacked, names: readonly string[], limits: BundleLimits): { host?: string; mount: string } {
  const log = names.find((name) => logPattern.test(name));
  const text = (log === undefined ? undefined : textOf(unpacked, log, limits.textBytes)) ?? '';
  const told = names.find((name) => hostPattern.test(name));
  const host =
    /\bHostname: (?<host>[\w.-]{1,253})\s*$/m.exec(text)?.groups?.['host'] ??
    (told === undefined ? undefined : /^[\w.-]{1,253}$/.exec((textOf(unpacked, told, 4096) ?? '').trim())?.[0]);
  const mount = /\bMount point: (?<mount>\/[^\n\r]{0,4096}?)\/?\s*$/m.exec(text)?.groups?.['mount'] ?? '/';
  return { ...(host === undefined ? {} : { host }), mount: mount === '/' ? '' : normalPath(mount) };
}

/** The path inside the disk; undefined for one that lies beside it. */
function inMount(path: string, mount: string): string | undefined {
  if (mount === '') return path;
  return path.startsWith(`${mount}/`) ? path.slice(mount.length) : undefined;
}

/** How deep the deepest name lies. */
function readBody(
  unpacked: Unpacked,
  name: string,
  mount: string,
  into: Map<string, StoredEntry>,
  problems: ProblemList,
): number {
  let line = 0;
  let depth = 0;
  for (const text of linesOf(unpacked, name)) {
    line++;
    const stored = bodyEntryOf(text);
    if (stored !== undefined) {
      const path = inMount(stored.entry.path, mount);
      if (path === undefined) continue;
      into.set(path, path === stored.entry.path ? stored : { ...stored, entry: { ...stored.entry, path } });
      depth = Math.max(depth, path.split('/').length - 1);
    } else if (text.trim() !== '') {
      problems.add({ code: 'bad-record', at: { path: name, line }, message: 'a line of the body file is damaged' });
    }
  }
  return depth;
}

/** Lists as `md5sum` writes them: digest, two spaces, path. */
function readHashes(unpacked: Unpacked, limits: BundleLimits, mount: string, entries: Map<string, StoredEntry>): void {
  for (const name of unpacked.members.keys()) {
    const algorithm = hashPattern.exec(name)?.groups?.['algorithm'];
    if (algorithm === undefined) continue;
    for (const line of (textOf(unpacked, name, limits.textBytes) ?? '').split('\n')) {
      const { hex, path } = /^(?<hex>[0-9a-f]{32,64})[ *]{1,2}(?<path>\/.+)$/i.exec(line)?.groups ?? {};
      const known = path === undefined ? undefined : entries.get(inMount(normalPath(path), mount) ?? '');
      if (known === undefined || hex === undefined) continue;
      const digests = { ...known.digests, [algorithm]: hex.toLowerCase() };
      entries.set(known.entry.path, { ...known, digests });
    }
  }
}
