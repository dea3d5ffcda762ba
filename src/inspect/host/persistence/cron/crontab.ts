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

/** One `NAME = value` of a crontab: it holds for the jobs below it. */
export interface CrontabSetting {
  readonly line: number;
  readonly name: string;
  readonly value: string;
}

/** Settings of variables in a crontab, without the quotes around their values. */
export function* crontabSettings(text: string): Generator<CrontabSetting> {
  for (const [index, raw] of text.split('\n', maxJobs).entries()) {
    const { name, value = '' } = /^\s*["']?(?<name>[A-Za-z_]\w*)["']?\s*=\s*(?<value>.*?)\s*$/.exec(raw)?.groups ?? {};
    if (name === undefined) continue;
    yield { line: index + 1, name, value: value.replace(/^(?<quote>["'])(?<inner>.*)\k<quote>$/, '$<inner>') };
  }
}

/** Jobs of a table of incrond (incrontab(5)): a path, the events to wait for, and a command. */
export function* incrontabJobs(text: string): Generator<Omit<CrontabJob, 'user'>> {
  for (const [index, raw] of text.split('\n', maxJobs).entries()) {
    const { schedule = '', command = '' } =
      /^\s*(?<schedule>\/(?:[^\s\\]|\\.){0,4096}\s+[\w,=]{1,400})\s+(?<command>\S.*)$/.exec(raw)?.groups ?? {};
    if (command !== '') yield { line: index + 1, schedule, command, text: raw };
  }
}

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
