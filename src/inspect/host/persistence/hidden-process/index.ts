import { defineTechnique, type PersistenceItem } from '../../technique.ts';
import type { LiveHost } from '../../proc/live-host.ts';
import { mountsOf } from '../../proc/mounts.ts';
import { readProcess } from '../../proc/process.ts';

/** Ids that are tried beyond the last one given out are none; below they are cheap. */
const maxPid = 2 ** 22;

export const technique = defineTechnique({
  id: 'hidden-process',
  title: 'Hidden processes',
  description:
    'Processes that answer to their id and do not stand in the list of /proc, as rootkits arrange it, and folders of processes that something was mounted over.',
  places: ['/proc', '/proc/*/mountinfo'],
  attack: ['T1564', 'T1014'],
  guide: ['B03', 'B27'],
  references: ['https://attack.mitre.org/techniques/T1014/'],
  needs: 'live',
  *find({ live }) {
    if (live === undefined) return;
    for (const { pid, by, point } of mountsOverProcesses(live)) {
      yield itemOf(
        `/proc/${pid}`,
        'process that something was mounted over',
        'is covered by a mount',
        `${point} in ${by}`,
        0.85,
      );
    }
    if (!live.isWholeHost) return;
    for (const pid of unlistedPids(live)) {
      const name = readProcess(live.proc, pid)?.name ?? '';
      yield {
        ...itemOf(`/proc/${pid}`, 'hidden process', 'answers to its id and is not listed', `${pid} ${name}`, 0.95),
        process: { pid, name },
      };
    }
  },
});

function itemOf(path: string, title: string, what: string, value: string, weight: number): PersistenceItem {
  return { path, title, unowned: 0, isJudgedAnyway: true, signs: [{ what, value, weight }] };
}

/** One look for each mount namespace. */
function* mountsOverProcesses(
  live: LiveHost,
): Generator<{ readonly pid: number; readonly by: string; readonly point: string }> {
  const seen = new Set<string>();
  for (const process of live.processes()) {
    const namespace = live.proc.link(`${process.pid}/ns/mnt`) ?? '';
    if (seen.has(namespace)) continue;
    seen.add(namespace);
    for (const { point, type } of mountsOf(live.proc, process.pid)) {
      const pid = /\/proc\/(?<pid>\d{1,10})(?:\/|$)/.exec(point)?.groups?.['pid'];
      if (pid !== undefined) yield { pid: Number(pid), by: `${namespace} (${type})`, point };
    }
  }
}

function unlistedPids({ proc }: LiveHost): number[] {
  const before = new Set(proc.pids());
  const last = Math.min(maxPid, Number(proc.text('sys/kernel/ns_last_pid')) || Math.max(...before));
  const candidates: number[] = [];
  for (let pid = 1; pid <= last; pid++) {
    if (before.has(pid) || !proc.exists(String(pid))) continue;
    // A thread answers too, and is listed below its process.
    if (proc.text(`${pid}/status`).includes(`\nTgid:\t${pid}\n`)) candidates.push(pid);
  }
  // What was started in the meantime is listed now.
  const after = new Set(proc.pids());
  return candidates.filter((pid) => !after.has(pid) && proc.exists(String(pid)));
}
