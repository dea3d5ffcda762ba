import { defineHostTable } from '../table.ts';
import { readDescriptors } from '../proc/descriptors.ts';
import type { ProcFolder } from '../proc/proc-folder.ts';

interface End {
  readonly pid: number;
  readonly fd: number;
  readonly mode: 'r' | 'w' | 'rw';
}

export const table = defineHostTable({
  id: 'process_open_pipes',
  title: 'Pipes between processes',
  description: 'From `/proc/PID/fd` and `fdinfo`: each end of an anonymous pipe with each end on the other side.',
  columns: {
    pid: 'bigint',
    fd: 'bigint',
    mode: 'text',
    inode: 'bigint',
    type: 'text',
    partner_pid: 'bigint',
    partner_fd: 'bigint',
    partner_mode: 'text',
  },
  needs: 'live',
  *rows({ proc }) {
    const pipes = new Map<number, End[]>();
    for (const pid of proc.pids()) {
      for (const { number: fd, target } of readDescriptors(proc, pid)) {
        const inode = Number(/^pipe:\[(?<inode>\d{1,16})\]$/.exec(target)?.groups?.['inode'] ?? 0);
        if (inode === 0) continue;
        const ends = pipes.get(inode) ?? [];
        pipes.set(inode, ends);
        ends.push({ pid, fd, mode: modeOf(proc, pid, fd) });
      }
    }
    for (const [inode, ends] of pipes) yield* rowsOf(inode, ends);
  },
});

/** A pipe that everybody inherits would pair all with all. */
const maxPairs = 1000;

function* rowsOf(inode: number, ends: readonly End[]): Generator<Record<string, string | number>> {
  let pairs = 0;
  for (const { pid, fd, mode } of ends) {
    for (const other of ends) {
      if (other.mode === mode || (other.pid === pid && other.fd === fd)) continue;
      if (++pairs > maxPairs) return;
      const partner = { partner_pid: other.pid, partner_fd: other.fd, partner_mode: other.mode };
      yield { pid, fd, mode, inode, type: 'anonymous', ...partner };
    }
  }
}

/** The last two bits of the flags in `fdinfo` (open(2)). */
function modeOf(proc: ProcFolder, pid: number, fd: number): End['mode'] {
  const flags = /^flags:\s+0*(?<octal>[0-7]+)$/m.exec(proc.text(`${pid}/fdinfo/${fd}`))?.groups?.['octal'] ?? '0';
  return (['r', 'w', 'rw', 'rw'] as const)[Number.parseInt(flags, 8) & 3] ?? 'r';
}
