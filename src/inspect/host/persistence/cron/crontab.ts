/** `system` has a column for the account, `anacron` has period, delay and name instead of five fields. */
export type CrontabShape = 'system' | 'user' | 'anacron';

export interface CrontabJob {
  readonly line: number;
  /** Five fields or a word such as `@reboot`. */
  readonly schedule: string;
  readonly user: string | undefined;
  /** Unescaped `%` is a line feed: what follows is fed to the command. */
  readonly command: string;
  /** The line as it stands. */
  readonly text: string;
}

const maxJobs = 10_000;
const shapes: Readonly<Record<CrontabShape, RegExp>> = {
  system: /^(?<schedule>@\w+|(?:[\w*,/~?#-]+\s+){4}[\w*,/~?#-]+)\s+(?<user>[^\s]{1,64})\s+(?<command>.+)$/s,
  user: /^(?<schedule>@\w+|(?:[\w*,/~?#-]+\s+){4}[\w*,/~?#-]+)\s+(?<command>.+)$/s,
  anacron: /^(?<schedule>(?:@\w+|\d+)\s+\d+)\s+\S+\s+(?<command>.+)$/s,
};

/** Jobs of a crontab (crontab(5)); settings of variables, comments and what cron itself would refuse are left out. */
export function* crontabJobs(text: string, shape: CrontabShape): Generator<CrontabJob> {
  const pattern = shapes[shape];
  for (const [index, raw] of text.split('\n', maxJobs).entries()) {
    const line = raw.replace(/^\s+/, '');
    if (line === '' || line.startsWith('#') || /^[A-Za-z_"']\w*["']?\s*=/.test(line)) continue;
    const groups = pattern.exec(line)?.groups;
    if (groups === undefined) continue;
    const { schedule = '', user, command = '' } = groups;
    const at = { line: index + 1, text: raw, schedule: schedule.replaceAll(/\s+/g, ' ') };
    yield { ...at, user, command: command.replaceAll(/(?<!\\)%/g, '\n').replaceAll('\\%', '%') };
  }
}
