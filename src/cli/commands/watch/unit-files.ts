import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { unitPath } from './unit.ts';

/** Where systemd takes a unit and its drop-ins from, those of `systemctl set-property`, `edit --runtime` and `mask --runtime` among them: systemd.unit(5). */
const folders = [
  '/etc/systemd/system.control',
  '/run/systemd/system.control',
  '/run/systemd/transient',
  '/etc/systemd/system',
  '/run/systemd/system',
];

/** Files that say how systemd starts this watch, whether they are there or not: its unit, what is laid over it, and what starts it with the machine. */
export function unitFiles(unit: string): string[] {
  const laidOver = folders.flatMap((folder) => [join(folder, unit), join(folder, `${unit}.d`)]);
  const ofAll = folders.map((folder) => join(folder, 'service.d'));
  return [...laidOver, ...ofAll, join('/etc/systemd/system/multi-user.target.wants', unit)];
}

/** The unit that this process runs in, by its control group; the one that `--write-unit` is for where it runs in none. */
export function ownUnit(cgroups = ownCgroups()): string {
  // Of `12:pids:/system.slice/x.service`, or `0::/system.slice/x.service` of the one hierarchy.
  const named = cgroups
    .split('\n')
    .map((line) => line.split(':').slice(2).join(':'))
    .find((path) => /^\/system\.slice\/(?:[^/]+\.slice\/)*[^/]+\.service$/.test(path));
  return basename(named ?? unitPath);
}

function ownCgroups(): string {
  try {
    return readFileSync('/proc/self/cgroup', 'utf8');
  } catch {
    return '';
  }
}
