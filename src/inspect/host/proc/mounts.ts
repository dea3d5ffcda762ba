import type { ProcFolder } from './proc-folder.ts';

/** One line of `/proc/PID/mountinfo` (proc_pid_mountinfo(5)). */
export interface Mount {
  /** Part of the mounted file system that is seen at the point. */
  readonly root: string;
  readonly point: string;
  readonly type: string;
  readonly source: string;
}

/** Mounts that a process sees; `self` is whoever asks. */
export function* mountsOf(proc: ProcFolder, pid: number | 'self'): Generator<Mount> {
  for (const line of proc.text(`${pid}/mountinfo`).split('\n')) {
    const fields = line.split(' ');
    const divider = fields.indexOf('-', 6);
    if (divider < 0) continue;
    yield {
      root: unescaped(fields[3] ?? ''),
      point: unescaped(fields[4] ?? ''),
      type: fields[divider + 1] ?? '',
      source: unescaped(fields[divider + 2] ?? ''),
    };
  }
}

/** Blanks, tabs, line feeds and backslashes are written as three octal digits. */
function unescaped(text: string): string {
  return text.replaceAll(/\\(?<octal>[0-7]{3})/g, (_all, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}
