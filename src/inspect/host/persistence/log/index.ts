import { microsPerSecond } from '../../../../base/time.ts';
import type { FileTree, TreeEntry } from '../../../tree/tree.ts';
import { defineTechnique, type Sign } from '../../technique.ts';
import { silencedDaemons } from './silenced.ts';
import { zeroedRecords } from './utmp.ts';

const loginRecords = ['/var/log/wtmp', '/var/log/btmp', '/var/log/lastlog', '/run/utmp'];
const logs = [
  ...loginRecords,
  '/var/log/auth.log',
  '/var/log/secure',
  '/var/log/syslog',
  '/var/log/messages',
  '/var/log/kern.log',
  '/var/log/cron.log',
  '/var/log/audit/audit.log',
  '/var/log/faillog',
];
/** A package's scripts create a log within this time of writing its list. */
const slackMicros = 15 * microsPerSecond;

export const technique = defineTechnique({
  id: 'log',
  title: 'Logs that were tampered with',
  description:
    'Login records and system logs that are links to /dev/null, that were emptied after they had been created (and not by rotation), and login records with zeroed entries in the middle, as log wipers leave them; and settings that have the daemons of logs keep nothing.',
  places: ['/var/log/{wtmp,btmp,lastlog,auth.log,secure,syslog,messages,audit/audit.log}', '/run/utmp'],
  attack: ['T1070.002', 'T1070', 'T1562.006'],
  guide: ['B01'],
  references: ['https://attack.mitre.org/techniques/T1070/002/', 'https://man7.org/linux/man-pages/man5/utmp.5.html'],
  *find({ tree, ownership }) {
    const firstInstall = ownership.installTimes[0];
    for (const path of logs) {
      const entry = tree.lstat(path);
      if (entry === undefined) continue;
      const signs: Sign[] = [];
      if (entry.type !== 'file' && (entry.target === '/dev/null' || tree.stat(path)?.type !== 'file')) {
        signs.push({ what: 'keeps nothing', value: entry.target ?? entry.type, weight: 0.55 });
      }
      if (entry.type === 'file' && path === '/var/log/wtmp' && entry.size === 0) {
        if (
          firstInstall !== undefined &&
          !isRotated(tree, path) &&
          entry.mtime > firstInstall + slackMicros &&
          !isCreated(entry, ownership.installTimes)
        ) {
          signs.push({ what: 'was emptied', value: new Date(entry.mtime / 1000).toISOString(), weight: 0.5 });
        }
      }
      const bytes = path.endsWith('tmp') ? tree.read(path, 2 ** 24) : undefined;
      const zeroed = bytes === undefined ? 0 : zeroedRecords(bytes);
      if (zeroed > 0) signs.push({ what: 'has entries that were wiped', value: `${zeroed} of zeros`, weight: 0.7 });
      if (signs.length > 0) yield { path, title: 'log of logins', unowned: 0, isJudgedAnyway: true, signs };
    }
    yield* silencedDaemons(tree);
  },
});

/** logrotate leaves the one before beside a new one. */
function isRotated(tree: FileTree, path: string): boolean {
  return ['.1', '.1.gz', '-old', '.0'].some((suffix) => tree.lstat(path + suffix) !== undefined);
}

/** A busy machine may take that long between a package's list and its script. */
const busyMicros = 60 * microsPerSecond;

/**
 * The script of base-files creates it; all lists of an image may have one and the same time. What is as old as its content was
 * created, and not emptied: beside the packages that came at that time.
 */
function isCreated({ mtime, btime }: TreeEntry, installTimes: readonly number[]): boolean {
  const isNew = btime !== undefined && Math.abs(btime - mtime) < microsPerSecond / 1000;
  return installTimes.some((at) => Math.abs(at - mtime) < (isNew ? busyMicros : microsPerSecond / 2));
}
