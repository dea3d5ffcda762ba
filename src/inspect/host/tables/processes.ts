import { defineHostTable } from '../table.ts';
import { askedPids } from '../asked-pids.ts';
import { readBootTime, readProcess, startTimeOf, ticksPerSecond, type HostProcess } from '../proc/process.ts';
import type { TableContext } from '../table-context.ts';

export const table = defineHostTable({
  id: 'processes',
  title: 'Running processes',
  description:
    'From `/proc`. Times of the CPU are in milliseconds, `start_time` in seconds since 1970; `on_disk` is -1 where no program can be seen.',
  columns: {
    pid: 'bigint',
    name: 'text',
    path: 'text',
    cmdline: 'text',
    state: 'text',
    cwd: 'text',
    root: 'text',
    uid: 'bigint',
    gid: 'bigint',
    euid: 'bigint',
    egid: 'bigint',
    suid: 'bigint',
    sgid: 'bigint',
    on_disk: 'integer',
    wired_size: 'bigint',
    resident_size: 'bigint',
    total_size: 'bigint',
    user_time: 'bigint',
    system_time: 'bigint',
    disk_bytes_read: 'bigint',
    disk_bytes_written: 'bigint',
    start_time: 'bigint',
    parent: 'bigint',
    pgroup: 'bigint',
    threads: 'integer',
    nice: 'integer',
    cgroup_path: 'text',
  },
  hidden: {
    elevated_token: 'integer',
    secure_process: 'integer',
    protection_type: 'text',
    virtual_process: 'integer',
    elapsed_time: 'bigint',
    handle_count: 'bigint',
    percent_processor_time: 'bigint',
    upid: 'bigint',
    uppid: 'bigint',
    cpu_type: 'integer',
    cpu_subtype: 'integer',
    translated: 'integer',
  },
  needs: 'live',
  narrowedBy: ['pid'],
  *rows(context, constraints) {
    const bootTime = readBootTime(context.proc) ?? 0;
    const now = Date.now() / 1000;
    for (const pid of askedPids(context, constraints)) {
      const found = readProcess(context.proc, pid);
      if (found === undefined) continue;
      const start = Math.floor(startTimeOf(found, bootTime) / 1e6);
      yield { ...rowOf(found, context), start_time: start, elapsed_time: Math.max(0, Math.floor(now - start)) };
    }
  },
});

function rowOf(found: HostProcess, context: TableContext): Record<string, string | number | null> {
  const { pid, executable } = found;
  const io = context.proc.text(`${pid}/io`);
  const counted = (name: string): number => {
    const line = io.split('\n').find((one) => one.startsWith(`${name}: `)) ?? '';
    return Number(line.slice(name.length + 2));
  };
  return {
    pid,
    name: found.name,
    path: executable ?? '',
    cmdline: found.argv.join(' ').trim(),
    state: found.state,
    cwd: found.cwd ?? '',
    root: found.root ?? '',
    uid: found.uids.real,
    gid: found.gids.real,
    euid: found.uids.effective,
    egid: found.gids.effective,
    suid: found.uids.saved,
    sgid: found.gids.saved,
    on_disk: onDisk(found, context),
    wired_size: 0,
    resident_size: found.residentBytes,
    total_size: found.virtualBytes,
    user_time: (found.userTicks * 1000) / ticksPerSecond,
    system_time: (found.systemTicks * 1000) / ticksPerSecond,
    disk_bytes_read: counted('read_bytes'),
    disk_bytes_written: counted('write_bytes') - counted('cancelled_write_bytes'),
    parent: found.parent,
    pgroup: found.group,
    threads: found.threads,
    nice: found.nice,
    cgroup_path: cgroupOf(context.proc.text(`${pid}/cgroup`)),
  };
}

function onDisk({ executable, isDeleted }: HostProcess, { tree }: TableContext): number {
  if (executable === undefined) return -1;
  return !isDeleted && tree.stat(executable) !== undefined ? 1 : 0;
}

/** Of cgroup v2 the line `0::/path`, else the first controller's. */
function cgroupOf(text: string): string {
  const lines = text.split('\n');
  const line = lines.find((one) => one.startsWith('0::')) ?? lines[0] ?? '';
  return line.split(':').slice(2).join(':');
}
