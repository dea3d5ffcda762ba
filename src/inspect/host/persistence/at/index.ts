import { filesIn, readLines } from '../../locations.ts';
import { defineTechnique } from '../../technique.ts';

const folders = ['/var/spool/cron/atjobs', '/var/spool/at', '/var/spool/atjobs'];
/** Queue, job number, and minutes since 1970 (at(1), `atd.c`). */
const jobName = /^[a-zA-Z=][0-9a-f]{5}[0-9a-f]{8}$/;

export const technique = defineTechnique({
  id: 'at',
  title: 'Jobs of at and batch',
  description:
    'Spooled jobs of at(1): the commands, the account and the time. No package ever owns one, so each counts by what it would run and as whom.',
  places: ['/var/spool/cron/atjobs/*', '/var/spool/at/*'],
  attack: ['T1053.002'],
  guide: ['B10'],
  references: ['https://attack.mitre.org/techniques/T1053/002/'],
  *find({ tree, accounts }) {
    for (const { path, uid } of filesIn(tree, folders, (name) => jobName.test(name))) {
      const text = readLines(tree, path);
      const owner = /^# atrun uid=(?<uid>\d{1,10})/m.exec(text)?.groups?.['uid'];
      const due = dueOf(path.slice(-8));
      yield {
        path,
        title: 'job of at',
        runs: commandsOf(text),
        user: accounts.nameOf(owner === undefined ? uid : Number(owner)),
        unowned: 0.2,
        signs: due === undefined ? [] : [{ what: 'is due', value: due, weight: 0 }],
      };
    }
  },
});

/** The job without the environment that at writes before it. */
function commandsOf(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/^(?:#|umask |[A-Za-z_]\w*=.*; export \w+$)/.test(line))
    .join('\n');
}

function dueOf(minutes: string): string | undefined {
  const date = new Date(Number.parseInt(minutes, 16) * 60_000);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
