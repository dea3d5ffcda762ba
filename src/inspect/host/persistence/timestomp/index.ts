import { microsPerDay, microsPerSecond } from '../../../../base/time.ts';
import { parentOf, type TreeEntry } from '../../../tree/tree.ts';
import { defineTechnique, type HostContext, type PersistenceItem, type Sign } from '../../technique.ts';

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
    '/usr/local/**, /opt/**, /var/www/**, /root/*',
  ],
  attack: ['T1070.006'],
  guide: ['B09'],
  references: ['https://attack.mitre.org/techniques/T1070/006/'],
  wants: ({ path, type, mtime, btime }) =>
    type === 'file' &&
    btime !== undefined &&
    btime > 0 &&
    btime - mtime > microsPerDay &&
    (watched.test(path) || local.test(path)),
  *find(context, wanted) {
    const { ownership } = context;
    const times = wanted.length === 0 ? new Map<number, string>() : packagedTimes(context);
    for (const entry of wanted) {
      if (local.test(entry.path)) {
        yield* ofLocal(entry, times, context);
        continue;
      }
      if (ownership.standing(entry.path).kind !== 'unowned' || ownership.twinOf(entry.path) !== undefined) continue;
      const sign = signOf(entry, context);
      if (sign !== undefined) yield { path: entry.path, title: 'file of no package', unowned: 0.1, signs: [sign] };
    }
  },
});

/** Where people put their own: archives and copies keep old times there, so that only the very time of a packaged program tells. */
const local =
  /^\/(?:usr\/local\/(?:s?bin|lib(?:exec)?)|opt(?:\/[^/]+){0,2}|root|var\/www(?:\/[^/]+){0,4}|srv(?:\/[^/]+){0,2})\/[^/]+$/;

function* ofLocal(
  { path, mtime }: TreeEntry,
  times: ReadonlyMap<number, string>,
  { ownership }: HostContext,
): Generator<PersistenceItem> {
  const original = times.get(mtime);
  const isOwn = ownership.standing(path).kind === 'unowned' && ownership.twinOf(path) === undefined;
  if (original === undefined || !isOwn) return;
  const value = `${original}: ${new Date(mtime / 1000).toISOString()}`;
  const sign = { what: 'has the very time of a packaged file', value, weight: 0.45 };
  yield { path, title: 'file of no package', unowned: 0.1, signs: [sign] };
}

/** Times of packaged programs, of which touch(1) copies one with `-r`. */
function packagedTimes({ tree, ownership }: HostContext): Map<number, string> {
  const times = new Map<number, string>();
  for (const folder of ['/usr/bin', '/usr/sbin', '/bin', '/sbin', '/etc']) {
    for (const { path, type, mtime } of tree.list(folder)) {
      if (type === 'file' && !times.has(mtime) && ownership.ownerOf(path) !== undefined) times.set(mtime, path);
    }
  }
  return times;
}

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
