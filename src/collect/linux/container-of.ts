import { readFileSync } from 'node:fs';

/** The container in a path of control groups, as Docker, containerd, CRI-O and podman write them: its id of 64 digits. */
export function containerInCgroup(text: string): string | undefined {
  return /(?:^|[/:-])(?<id>[0-9a-f]{64})(?:\.scope)?(?:[/\n]|$)/m.exec(text)?.groups?.['id'];
}

/** The container of a process that runs; undefined for one of the host, and for one that is gone. */
export function containerOf(pid: number): string | undefined {
  try {
    return containerInCgroup(readFileSync(`/proc/${pid}/cgroup`, 'latin1'));
  } catch {
    return undefined;
  }
}
