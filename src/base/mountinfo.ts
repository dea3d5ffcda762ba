/** One line of `/proc/PID/mountinfo` (proc_pid_mountinfo(5)). */
export interface Mount {
  /** Part of the mounted file system that is seen at the point. */
  readonly root: string;
  readonly point: string;
  readonly type: string;
  readonly source: string;
  /** Of the file system, as the kernel lists them: `rw,lowerdir=…,upperdir=…`. */
  readonly options: string;
}

/** Mounts in the order in which they were made: the later of two at one point covers the other. Lines that are none are left out. */
export function* parseMountinfo(text: string): Generator<Mount> {
  for (const line of text.split('\n')) {
    const fields = line.split(' ');
    const divider = fields.indexOf('-', 6);
    if (divider < 0) continue;
    yield {
      root: unescaped(fields[3] ?? ''),
      point: unescaped(fields[4] ?? ''),
      type: fields[divider + 1] ?? '',
      source: unescaped(fields[divider + 2] ?? ''),
      options: unescaped(fields[divider + 3] ?? ''),
    };
  }
}

/** Blanks, tabs, line feeds and backslashes are written as three octal digits. */
function unescaped(text: string): string {
  return text.replaceAll(/\\(?<octal>[0-7]{3})/g, (_all, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}
