import type { ProblemList } from '../../../base/problem.ts';
import { StoredTree, type StoredEntry } from '../../tree/stored-tree.ts';
import { normalPath } from '../../tree/tree.ts';
import { hostNameOf } from '../host-name.ts';
import { RecordedProc } from '../proc/recorded-proc.ts';
import { linksNotTold } from './archive.ts';
import type { Bundle, BundleLimits } from './bundle.ts';
import { settled, usualLinks } from './links.ts';
import { entryOfMember } from './member-entry.ts';
import { textOf, type Unpacked } from './unpack.ts';

/** Uploads stand below the accessor that read them; those of raw disks and of Windows have no Unix paths. */
const uploadPattern = /^uploads\/(?:auto|file|lazy_file)\/(?<path>.+)$/;
const otherPattern =
  /^(?:uploads\.json|client_info\.json|collection_context\.json|results\/.+\.json|(?:[A-Z]\w{0,60}\.){1,8}\w{1,60}\/.+\.json)$/;
const namePattern = /(?:^|\/)Collection-(?<host>[^/]{1,253}?)-\d{4}-\d\d-\d\dT/;

/** Whether a zip has what a collection of Velociraptor has. */
export function isVelociraptor({ members }: Unpacked): boolean {
  for (const name of members.keys()) if (uploadPattern.test(name) || otherPattern.test(name)) return true;
  return false;
}

/** A collection of Velociraptor: its uploads are the files of a root. */
export function openVelociraptor(unpacked: Unpacked, limits: BundleLimits, problems: ProblemList): Bundle {
  const entries = new Map<string, StoredEntry>();
  for (const [name, member] of unpacked.members) {
    const upload = uploadPattern.exec(name)?.groups?.['path'];
    if (upload === undefined || member.type !== 'file' || /^(?:[A-Z]%3A|%5C)/i.test(upload)) continue;
    const path = normalPath(`/${upload.split('/').map(unescape).join('/')}`);
    entries.set(path, { entry: entryOfMember(path, member), content: member.place });
  }
  for (const link of usualLinks(entries)) entries.set(link.entry.path, link);
  const tree = new StoredTree(unpacked.path, settled(entries).values(), unpacked.contents);
  const host = hostIn(unpacked, limits) ?? namePattern.exec(unpacked.path)?.groups?.['host'];
  return {
    form: 'velociraptor',
    host: host ?? hostNameOf(tree),
    tree,
    live: undefined,
    foreign: { folders: new Set(), told: [] },
    recorded: { proc: new RecordedProc([]), tables: new Map() },
    signedBy: undefined,
    notChecked: [
      { what: 'files that were not uploaded', why: 'the collection does not have them' },
      linksNotTold,
      { what: 'owners and permissions of files', why: 'the collection does not tell them' },
      { what: 'processes and connections', why: 'rows of artifacts are read by investigate' },
    ],
    problems: problems.drain(),
    close: () => unpacked.contents.close(),
  };
}

function hostIn(unpacked: Unpacked, limits: BundleLimits): string | undefined {
  const text = textOf(unpacked, 'client_info.json', limits.textBytes) ?? '';
  return /"(?:hostname|Hostname)":\s*"(?<host>[\w.-]{1,253})"/.exec(text)?.groups?.['host'];
}

/** Names in a zip stand with `%2F` and its like; what is no such escape stays. Nothing leads above its place. */
function unescape(name: string): string {
  try {
    return decodeURIComponent(name).replaceAll('/', '\uFFFD').toWellFormed();
  } catch {
    return name;
  }
}
