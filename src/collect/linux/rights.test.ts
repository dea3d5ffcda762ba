import { describe, expect, it } from 'vitest';
import { sensorRights, unseenBy } from './rights.ts';

const bitsOf = (...names: string[]): bigint =>
  sensorRights.filter(({ name }) => names.includes(name)).reduce((sum, { bit }) => sum | (1n << BigInt(bit)), 0n);
const names = sensorRights.map(({ name }) => name);

describe('rights of sensors', () => {
  it('that are all there leave nothing unseen', () => {
    for (const sensor of ['audit', 'process-events', 'fanotify', 'ebpf', 'self', 'journald']) {
      expect(unseenBy(sensor, bitsOf(...names))).toEqual([]);
    }
  });

  it('that are missing are told with what is not seen, of the sensors that use them', () => {
    const without = (name: string): string[] =>
      ['audit', 'process-events', 'fanotify', 'ebpf', 'self'].filter((sensor) =>
        unseenBy(sensor, bitsOf(...names.filter((other) => other !== name))).some((text) =>
          text.startsWith(`without ${name} `),
        ),
      );
    expect(without('CAP_AUDIT_CONTROL')).toEqual(['audit']);
    expect(without('CAP_SYS_PTRACE')).toEqual(['audit', 'process-events', 'fanotify', 'ebpf']);
    expect(without('CAP_NET_ADMIN')).toEqual(['audit', 'process-events', 'fanotify', 'ebpf']);
    expect(without('CAP_SYS_ADMIN')).toEqual(['fanotify']);
    expect(without('CAP_SYS_NICE')).toEqual(['process-events', 'fanotify', 'ebpf']);
    expect(without('CAP_AUDIT_READ')).toEqual([]);
  });

  it('have the numbers of linux/capability.h', () => {
    expect(bitsOf('CAP_DAC_READ_SEARCH', 'CAP_NET_ADMIN', 'CAP_SYS_PTRACE', 'CAP_SYS_ADMIN', 'CAP_SYS_NICE')).toBe(
      0xa81004n,
    );
    expect(bitsOf('CAP_AUDIT_CONTROL', 'CAP_AUDIT_READ', 'CAP_PERFMON', 'CAP_BPF')).toBe(0xe040000000n);
  });
});
