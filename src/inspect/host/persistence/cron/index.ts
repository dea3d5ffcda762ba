import { nameOf, type FileTree } from '../../../tree/tree.ts';
import { isService, type Accounts } from '../../accounts.ts';
import { filesAt, filesIn, isExecutable, readText } from '../../locations.ts';
import { defineTechnique, type PersistenceItem, type Sign } from '../../technique.ts';
import { crontabJobs, type CrontabShape } from './crontab.ts';

const userFolders = ['/var/spool/cron/crontabs', '/var/spool/cron', '/var/spool/cron/tabs', '/etc/crontabs'];
const periods = ['hourly', 'daily', 'weekly', 'monthly', 'yearly'];
const periodFolders = [
  ...periods.map((period) => `/etc/cron.${period}`),
  ...['15min', ...periods].map((period) => `/etc/periodic/${period}`),
];

export const technique = defineTechnique({
  id: 'cron',
  title: 'Scheduled jobs of cron',
  description:
    'System and user crontabs, anacron, and the scripts of run-parts. A job without a package counts a little; more what it would run, and an account of a service that owns one.',
  places: [
    '/etc/crontab',
    '/etc/cron.d/*',
    '/var/spool/cron/**',
    '/etc/crontabs/*',
    '/etc/cron.{hourly,daily,weekly,monthly,yearly}/*',
    '/etc/periodic/*/*',
    '/etc/anacrontab',
  ],
  attack: ['T1053.003'],
  guide: ['B10'],
  references: [
    'https://man7.org/linux/man-pages/man5/crontab.5.html',
    'https://attack.mitre.org/techniques/T1053/003/',
  ],
  *find({ tree, accounts }) {
    for (const { path } of filesAt(tree, ['/etc/crontab'])) yield* jobsOf(tree, path, 'system');
    for (const { path } of filesIn(tree, ['/etc/cron.d'])) yield* jobsOf(tree, path, 'system', nameSigns(path));
    for (const { path } of filesAt(tree, ['/etc/anacrontab'])) yield* jobsOf(tree, path, 'anacron');
    for (const { path } of filesIn(
      tree,
      userFolders,
      (name) => !/^(?:cron\.(?:update|deny|allow)|\.placeholder)$/.test(name),
    )) {
      yield* jobsOf(tree, path, 'user', ownerSigns(nameOf(path), accounts), nameOf(path));
    }
    for (const { path } of filesIn(tree, periodFolders)) {
      if (!isExecutable(tree, path)) continue;
      yield { path, title: 'script that cron runs', runs: readText(tree, path), unowned: 0.35, signs: nameSigns(path) };
    }
  },
});

function* jobsOf(
  tree: FileTree,
  path: string,
  shape: CrontabShape,
  signs: readonly Sign[] = [],
  owner = '',
): Generator<PersistenceItem> {
  const title = shape === 'user' ? 'job of a user crontab' : 'system cron job';
  for (const job of crontabJobs(readText(tree, path), shape)) {
    yield {
      path,
      line: job.line,
      title,
      runs: job.command,
      user: job.user ?? (owner === '' ? 'root' : owner),
      unowned: shape === 'user' ? 0 : 0.3,
      signs: [...signs, ...scheduleSigns(job.schedule), ...disguiseSigns(job.text)],
    };
  }
}

function scheduleSigns(schedule: string): Sign[] {
  if (schedule === '@reboot') return [{ what: 'runs at every start', value: schedule, weight: 0.15 }];
  const isOften = /^\*(?:\/[1-5])? \* \* \* \*$/.test(schedule);
  return isOften ? [{ what: 'runs every few minutes', value: schedule, weight: 0.1 }] : [];
}

/** A carriage return hides the rest of the line from `cat`. */
function disguiseSigns(text: string): Sign[] {
  return /\r(?!$)|(?![\r\t])\p{Cc}/u.test(text)
    ? [{ what: 'hides text with control characters', value: JSON.stringify(text.slice(0, 80)), weight: 0.6 }]
    : [];
}

function nameSigns(path: string): Sign[] {
  return nameOf(path).startsWith('.') ? [{ what: 'its file is hidden', value: path, weight: 0.3 }] : [];
}

function ownerSigns(name: string, accounts: Accounts): Sign[] {
  const account = accounts.named(name);
  if (account === undefined) {
    return accounts.all.length > 0
      ? [{ what: 'belongs to an account that is not there', value: name, weight: 0.3 }]
      : [];
  }
  return isService(account) ? [{ what: 'belongs to the account of a service', value: name, weight: 0.4 }] : [];
}
