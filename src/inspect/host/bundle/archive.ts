import type { ProblemList } from '../../../base/problem.ts';
import { StoredTree, type StoredEntry } from '../../tree/stored-tree.ts';
import { normalPath } from '../../tree/tree.ts';
import { hostNameOf } from '../host-name.ts';
import { RecordedProc } from '../proc/recorded-proc.ts';
import type { Bundle } from './bundle.ts';
import { settled, usualLinks } from './links.ts';
import { entryOfMember } from './member-entry.ts';
import type { Unpacked } from './unpack.ts';

/** Files that every Unix has at one place; below what stands in front of them lies its root. */
const landmark =
  /^(?<prefix>(?:.{0,1024}\/)?)(?:etc\/(?:passwd|hostname|os-release|crontab|fstab)|usr\/lib\/os-release)$/;

/** What stands in front of the paths of a root in an archive of it (`rootfs/`, or nothing); undefined for an archive of other things. */
export function rootIn({ members }: Unpacked): string | undefined {
  let shortest: string | undefined;
  for (const name of members.keys()) {
    const prefix = landmark.exec(name)?.groups?.['prefix'];
    if (prefix !== undefined && (shortest === undefined || prefix.length < shortest.length)) shortest = prefix;
  }
  return shortest;
}

/** Files of a root at their paths: a tar of it, or what CyLR and others collect in a zip. */
export function openArchive(unpacked: Unpacked, prefix: string, problems: ProblemList): Bundle {
  const entries = new Map<string, StoredEntry>();
  let hasOwners = false;
  for (const [name, member] of unpacked.members) {
    if (!name.startsWith(prefix)) continue;
    const path = normalPath(`/${name.slice(prefix.length)}`);
    if (member.facts.uid !== undefined) hasOwners = true;
    entries.set(path, {
      entry: entryOfMember(path, member),
      ...(member.type === 'file' ? { content: member.place } : {}),
    });
  }
  const hasLinks = [...entries.values()].some(({ entry }) => entry.type === 'symlink');
  if (!hasLinks) for (const link of usualLinks(entries)) entries.set(link.entry.path, link);
  const tree = new StoredTree(unpacked.path, settled(entries).values(), unpacked.contents);
  return {
    form: 'archive',
    host: hostNameOf(tree),
    tree,
    live: undefined,
    foreign: { folders: new Set(), told: [] },
    recorded: { proc: new RecordedProc([]), tables: new Map() },
    signedBy: undefined,
    notChecked: [
      { what: 'files that are not in the archive', why: 'it does not say which it left out' },
      ...(hasLinks ? [] : [linksNotTold]),
      ...(hasOwners ? [] : [{ what: 'owners of files', why: 'the archive does not tell them' }]),
    ],
    problems: problems.drain(),
    close: () => unpacked.contents.close(),
  };
}

/** Of collections that copy what links lead to. */
export const linksNotTold = {
  what: 'symbolic links',
  why: 'the collection has none: which units are enabled is not seen, and /bin, /lib and so on count as links into /usr',
};
