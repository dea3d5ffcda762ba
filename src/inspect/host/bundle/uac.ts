import type { ProblemList } from '../../../base/problem.ts';
import { StoredTree, type StoredEntry } from '../../tree/stored-tree.ts';
import { normalPath } from '../../tree/tree.ts';
import { LiveHost } from '../proc/live-host.ts';
import { RecordedProc } from '../proc/recorded-proc.ts';
import { bodyEntryOf } from './body-file.ts';
import type { Bundle, BundleLimits } from './bundle.ts';
import { entryOfMember } from './member-entry.ts';
import { TableContext } from '../table-context.ts';
import { tablesOfProc } from './record-tables.ts';
import { procAnswersOf } from './uac-proc.ts';
import { linesOf, textOf, type Unpacked } from './unpack.ts';

/** Folder of UAC with copies of files, at their paths; some versions put a folder around everything. */
const rootPattern = /^(?:[^/]+\/)?\[root\](?<path>\/.+)$/;
const bodyPattern = /^(?:[^/]+\/)?bodyfile\/bodyfile\.txt$/;
const hashPattern = /^(?:[^/]+\/)?hash_executables\/hash_executables\.(?<algorithm>md5|sha1|sha256)$/;
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
  const entries = new Map<string, StoredEntry>();
  const body = names.find((name) => bodyPattern.test(name));
  if (body !== undefined) readBody(unpacked, body, entries, problems);
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
  readHashes(unpacked, limits, entries);
  const host = namePattern.exec(unpacked.path)?.groups?.['host'];
  const proc = new RecordedProc(procAnswersOf(unpacked, limits));
  const live = proc.pids().length > 0 ? new LiveHost(proc) : undefined;
  const tree = new StoredTree(unpacked.path, entries.values(), unpacked.contents);
  const tables = live === undefined ? new Map<string, never>() : await tablesOfProc(new TableContext(tree, { proc }));
  return {
    form: 'uac',
    host,
    tree,
    live,
    foreign: { folders: new Set(), told: [] },
    recorded: { proc, tables },
    signedBy: undefined,
    notChecked: [
      ...(body === undefined ? [{ what: 'files that were not copied', why: 'the archive has no body file' }] : []),
      ...(live === undefined
        ? [{ what: 'processes and connections', why: 'the archive has nothing of /proc; investigate reads its lists' }]
        : [{ what: 'whole environments and namespaces of processes', why: 'UAC takes parts of them' }]),
    ],
    problems: problems.drain(),
    close: () => unpacked.contents.close(),
  };
}

function readBody(unpacked: Unpacked, name: string, into: Map<string, StoredEntry>, problems: ProblemList): void {
  let line = 0;
  for (const text of linesOf(unpacked, name)) {
    line++;
    const stored = bodyEntryOf(text);
    if (stored !== undefined) into.set(stored.entry.path, stored);
    else if (text.trim() !== '') {
      problems.add({ code: 'bad-record', at: { path: name, line }, message: 'a line of the body file is damaged' });
    }
  }
}

/** Lists as `md5sum` writes them: digest, two spaces, path. */
function readHashes(unpacked: Unpacked, limits: BundleLimits, entries: Map<string, StoredEntry>): void {
  for (const name of unpacked.members.keys()) {
    const algorithm = hashPattern.exec(name)?.groups?.['algorithm'];
    if (algorithm === undefined) continue;
    for (const line of (textOf(unpacked, name, limits.textBytes) ?? '').split('\n')) {
      const { hex, path } = /^(?<hex>[0-9a-f]{32,64})[ *]{1,2}(?<path>\/.+)$/i.exec(line)?.groups ?? {};
      const known = path === undefined ? undefined : entries.get(normalPath(path));
      if (known === undefined || hex === undefined) continue;
      const digests = { ...known.digests, [algorithm]: hex.toLowerCase() };
      entries.set(known.entry.path, { ...known, digests });
    }
  }
}
