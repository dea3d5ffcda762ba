import type { ProcFolder } from './proc-folder.ts';

/** One mapping of `/proc/PID/maps`. */
export interface Mapping {
  /** Hexadecimal, without `0x`. */
  readonly start: string;
  readonly end: string;
  /** `r-xp`: read, write, execute, and private or shared. */
  readonly permissions: string;
  readonly offset: number;
  /** `major:minor`, hexadecimal. */
  readonly device: string;
  readonly inode: number;
  /** Empty for an anonymous one; `[heap]` and such; may end with ` (deleted)`. */
  readonly path: string;
}

const linePattern =
  /^(?<start>[0-9a-f]{1,16})-(?<end>[0-9a-f]{1,16}) (?<permissions>[-rwxsp]{4}) (?<offset>[0-9a-f]{1,16}) (?<device>[0-9a-f]+:[0-9a-f]+) (?<inode>\d{1,20}) *(?<path>.*)$/;

export function* readMemoryMap(proc: ProcFolder, pid: number): Generator<Mapping> {
  for (const line of proc.text(`${pid}/maps`).split('\n')) {
    const fields = linePattern.exec(line)?.groups;
    if (fields === undefined) continue;
    const { start = '', end = '', permissions = '', offset = '', device = '', inode = '', path = '' } = fields;
    // A line feed in a path is written as \012.
    const name = path.replaceAll('\\012', '\n');
    yield { start, end, permissions, offset: Number.parseInt(offset, 16), device, inode: Number(inode), path: name };
  }
}
