import { microsPerDay, microsPerSecond } from '../../../../base/time.ts';
import { parentOf, type TreeEntry } from '../../../tree/tree.ts';
import { defineTechnique, type HostContext, type Sign } from '../../technique.ts';

/** Where only packages put files, and where things start from. */
const watched =
  /^\/(?:usr\/s?bin|s?bin|usr\/libexec|etc\/(?:cron[^/]*|systemd\/system|init\.d|profile\.d|pam\.d|sudoers\.d|udev\/rules\.d|ld\.so\.conf\.d|update-motd\.d)|(?:usr\/)?lib\/(?:systemd\/system|[^/]+-linux-gnu(?:\/security)?|security))\/[^/]+$/;

export const technique = defineTechnique({
  id: 'timestomp',
  title: 'Times that were set back',
  description:
    'Unpackaged files in folders of the system that came to be long after the time that they show, with a time of whole seconds or the very time of a packaged neighbour: what touch(1) leaves when it is told to. Copies of packaged files are left out.',
  places: [
    '/usr/{bin,sbin,libexec}/*',
    '/etc/{cron.d,systemd/system,init.d,profile.d,pam.d,sudoers.d,…}/*',
    '/lib/*-linux-gnu/*',
  ],
  attack: ['T1070.006'],
  guide: ['B09'],
  references: ['https://attack.mitre.org/techniques/T1070/006/'],
  wants: ({ path, type, mtime, btime }) =>
    type === 'file' && btime !== undefined && btime > 0 && btime - mtime > microsPerDay && watched.test(path),
  *find(context, wanted) {
    const { ownership } = context;
    for (const entry of wanted) {
      if (ownership.standing(entry.path).kind !== 'unowned' || ownership.twinOf(entry.path) !== undefined) continue;
      const sign = signOf(entry, context);
      if (sign !== undefined) yield { path: entry.path, title: 'file of no package', unowned: 0.1, signs: [sign] };
    }
  },
});

function signOf(entry: TreeEntry, { tree, ownership }: HostContext): Sign | undefined {
  const days = Math.floor(((entry.btime ?? 0) - entry.mtime) / microsPerDay);
  const value = `${new Date(entry.mtime / 1000).toISOString()}, ${days} days before it came to be`;
  const neighbour = tree
    .list(parentOf(entry.path))
    .find(
      (other) =>
        other.mtime === entry.mtime && other.path !== entry.path && ownership.ownerOf(other.path) !== undefined,
    );
  if (neighbour !== undefined) {
    return { what: 'has the very time of a packaged file', value: `${neighbour.path}: ${value}`, weight: 0.45 };
  }
  return entry.mtime % microsPerSecond === 0
    ? { what: 'says that it is older than it is', value, weight: 0.4 }
    : undefined;
}
