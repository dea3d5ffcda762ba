import type { ProcFolder } from './proc-folder.ts';

/** One open file of a process: `target` is a path, `socket:[1]`, `pipe:[1]`, `anon_inode:[eventfd]`, `/memfd:x (deleted)` … */
export interface Descriptor {
  readonly number: number;
  readonly target: string;
}

/** Descriptors of one process that are looked at. */
const maxDescriptors = 2 ** 16;

export function* readDescriptors(proc: ProcFolder, pid: number): Generator<Descriptor> {
  for (const number of proc.numbers(`${pid}/fd`).slice(0, maxDescriptors)) {
    const target = proc.link(`${pid}/fd/${number}`);
    if (target !== undefined) yield { number, target };
  }
}

/** The inode in `socket:[123]`; undefined for what is no socket. */
export function socketInodeOf(target: string): number | undefined {
  const inode = /^socket:\[(?<inode>\d{1,16})\]$/.exec(target)?.groups?.['inode'];
  return inode === undefined ? undefined : Number(inode);
}
