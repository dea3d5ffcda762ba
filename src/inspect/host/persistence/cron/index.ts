import { nameOf, type FileTree } from '../../../tree/tree.ts';
import { isService, type Accounts } from '../../accounts.ts';
import { filesAt, filesIn, isExecutable, readLines } from '../../locations.ts';
import { isHidden, isTemporary } from '../../../../match/commands/paths.ts';
import { defineTechnique, type PersistenceItem, type Sign } from '../../technique.ts';
import { crontabJobs, crontabSettings, incrontabJobs, type CrontabSetting, type CrontabShape } from './crontab.ts';

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
    'System and user crontabs, anacron, incron, and the scripts of run-parts. A job without a package counts a little; more what it would run, and an account of a service that owns one.',
  places: [
    '/etc/crontab',
    '/etc/cron.d/*',
    '/var/spool/cron/**',
    '/etc/crontabs/*',
    '/etc/cron.{hourly,daily,weekly,monthly,yearly}/*',
    '/etc/periodic/*/*',
    '/etc/anacrontab',
    '/etc/incron.d/*',
    '/var/spool/incron/*',
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
    for (const { path } of filesIn(tree, ['/etc/incron.d', '/var/spool/incron'])) yield* incronJobs(tree, path);
    for (const { path } of filesIn(tree, periodFolders)) {
      if (!isExecutable(tree, path)) continue;
      yield {
        path,
        title: 'script that cron runs',
        runs: readLines(tree, path),
        unowned: 0.35,
        signs: nameSigns(path),
      };
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
  const text = readLines(tree, path);
  for (const setting of crontabSettings(text)) {
    const odd = settingSigns(setting);
    if (odd.length === 0) continue;
    const { line, name, value } = setting;
    yield {
      path,
      line,
      title: 'setting of a crontab',
      runs: name === 'SHELL' ? value : `${name}=${value}`,
      user: owner === '' ? 'root' : owner,
      unowned: shape === 'user' ? 0 : 0.3,
      signs: [...signs, ...odd],
    };
  }
  for (const job of crontabJobs(text, shape)) {
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

/** What a setting changes for all jobs below it. */
function settingSigns({ name, value }: CrontabSetting): Sign[] {
  const shown = `${name}=${value}`;
  if (name === 'SHELL' && !/^(?:\/usr)?\/bin\/(?:ba|da|z|a|k)?sh$/.test(value)) {
    return [{ what: 'has another program run all jobs', value: shown, weight: 0.3 }];
  }
  if (
    /^(?:LD_(?:PRELOAD|AUDIT|LIBRARY_PATH)|BASH_ENV|ENV|PERL5OPT|PYTHONPATH|PYTHONSTARTUP|NODE_OPTIONS)$/.test(name)
  ) {
    return [{ what: 'loads code into all jobs', value: shown, weight: 0.5 }];
  }
  const folder = name === 'PATH' ? value.split(':').find((part) => isTemporary(part) || isHidden(part)) : undefined;
  return folder === undefined ? [] : [{ what: 'finds programs where others may write', value: shown, weight: 0.4 }];
}

function* incronJobs(tree: FileTree, path: string): Generator<PersistenceItem> {
  const isUser = path.startsWith('/var/spool/');
  for (const { line, schedule, command } of incrontabJobs(readLines(tree, path))) {
    yield {
      path,
      line,
      title: 'job that a change of a file starts',
      runs: command.replaceAll(/\$[$@#%&]/g, ''),
      user: isUser ? nameOf(path) : 'root',
      unowned: isUser ? 0 : 0.3,
      signs: [{ what: 'waits for a change', value: schedule, weight: 0.15 }],
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
