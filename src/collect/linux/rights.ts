import { readFileSync } from 'node:fs';

/** A capability that sensors of this machine use. */
export interface SensorRight {
  readonly name: string;
  /** Number in `linux/capability.h`. */
  readonly bit: number;
  /** Sensors that use it; none for what the following of files uses. */
  readonly sensors: readonly string[];
  readonly why: string;
  /** What a sensor that runs without it does not see; absent where it cannot run so, which it tells itself. */
  readonly without?: string;
}

export const sensorRights: readonly SensorRight[] = [
  {
    name: 'CAP_AUDIT_READ',
    bit: 37,
    sensors: ['audit'],
    why: 'the records of the audit, by the multicast group of the kernel',
  },
  {
    name: 'CAP_AUDIT_CONTROL',
    bit: 30,
    sensors: ['audit'],
    why: 'what the audit lost, and whether somebody switched it off',
    without: 'what the kernel drops is not counted, and nobody sees who switches the audit off or takes its rules away',
  },
  {
    name: 'CAP_SYS_PTRACE',
    bit: 19,
    sensors: ['audit', 'process-events', 'fanotify', 'ebpf'],
    why: 'the control group and executable of processes of other users',
    without: 'of processes of other users, and of those with more rights, the file that runs is not known',
  },
  {
    name: 'CAP_NET_ADMIN',
    bit: 12,
    sensors: ['audit', 'process-events', 'fanotify', 'ebpf'],
    why: 'the events of processes, and receive buffers beyond the limit of the system, so that bursts are not lost',
    without: 'receive buffers stay within the limit of the system, and bursts are lost earlier',
  },
  {
    name: 'CAP_SYS_ADMIN',
    bit: 21,
    sensors: ['fanotify'],
    why: 'what happens to files: the kernel asks for no less',
    without: 'what happens to files is not seen: the kernel lets nobody look at a whole file system',
  },
  { name: 'CAP_BPF', bit: 39, sensors: ['ebpf'], why: 'loading the program that tells of system calls' },
  { name: 'CAP_PERFMON', bit: 38, sensors: ['ebpf'], why: 'running it at every system call' },
  {
    name: 'CAP_SYS_NICE',
    bit: 23,
    sensors: ['process-events', 'fanotify', 'ebpf'],
    why: 'a higher priority for the thread that looks at processes before they end',
    without: 'its thread has no priority: of programs that end at once less is seen',
  },
  {
    name: 'CAP_DAC_READ_SEARCH',
    bit: 2,
    sensors: [],
    why: 'logs and journals that only their owners may read; nothing may be written by it',
  },
];

/** What a sensor that runs does not see for want of rights, one text each: `without CAP_SYS_NICE …`. */
export function unseenBy(sensor: string, effective = ownRights()): string[] {
  return sensorRights.flatMap(({ name, bit, sensors, without }) =>
    without !== undefined && sensors.includes(sensor) && ((effective >> BigInt(bit)) & 1n) === 0n
      ? [`without ${name} ${without}`]
      : [],
  );
}

/** All where the kernel does not tell: what nobody knows is not told. */
function ownRights(): bigint {
  try {
    const hexadecimal = /^CapEff:\s*(?<bits>[\da-f]+)$/m.exec(readFileSync('/proc/self/status', 'latin1'));
    return BigInt(`0x${hexadecimal?.groups?.['bits'] ?? 'ffffffffffffffff'}`);
  } catch {
    return -1n;
  }
}
