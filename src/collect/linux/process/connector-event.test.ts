import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readConnectorEvent } from './connector-event.ts';

/** A message of `linux/cn_proc.h`; `data` are the four-byte members of the event. */
function message(what: number, data: readonly number[], { sequence = 7, cpu = 1 } = {}): Buffer {
  const bytes = Buffer.alloc(36 + 16 + 24);
  bytes.writeUInt32LE(bytes.length, 0);
  bytes.writeUInt32LE(1, 16);
  bytes.writeUInt32LE(1, 20);
  bytes.writeUInt32LE(sequence, 24);
  bytes.writeUInt32LE(what, 36);
  bytes.writeUInt32LE(cpu, 40);
  bytes.writeBigUInt64LE(47_703_879_134_618n, 44);
  for (const [index, value] of data.entries()) bytes.writeUInt32LE(value, 52 + 4 * index);
  return bytes;
}

const common = { sequence: 7, cpu: 1, monotonicNs: 47_703_879_134_618n };

describe('events of the process connector', () => {
  it.each([
    [0x1, [10, 11, 20, 21], { what: 'fork', thread: 10, pid: 11, childThread: 20, childPid: 21 }],
    [0x2, [10, 11], { what: 'exec', thread: 10, pid: 11 }],
    [0x4, [10, 11, 1000, 0], { what: 'uid', thread: 10, pid: 11, real: 1000, effective: 0 }],
    [0x40, [10, 11, 5, 6], { what: 'gid', thread: 10, pid: 11, real: 5, effective: 6 }],
    [0x100, [10, 11, 30, 31], { what: 'ptrace', thread: 10, pid: 11, tracer: 31 }],
    [0x200, [10, 11, 0x64687373], { what: 'comm', thread: 10, pid: 11, comm: 'sshd' }],
    [0x4000_0000, [10, 11, 1, 1], { what: 'coredump', thread: 10, pid: 11 }],
    [0x8000_0000, [10, 11, 768, 17], { what: 'exit', thread: 10, pid: 11, code: 768 }],
  ])('are read by their type %i', (what, data, wanted) => {
    expect(readConnectorEvent(message(what, data))).toEqual({ ...common, ...wanted });
  });

  it('of later kernels are left out, and so is what is no event', () => {
    expect(readConnectorEvent(message(0x1000, [1, 2, 3, 4]))).toBeUndefined();
    expect(readConnectorEvent(message(0x1, [10, 11, 20, 21]).subarray(0, 64))).toBeUndefined();
    expect(readConnectorEvent(Buffer.alloc(0))).toBeUndefined();
  });

  it('of any bytes are read or not, and nothing breaks', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
        expect(readConnectorEvent(Buffer.from(bytes))?.sequence ?? 0).toBeGreaterThanOrEqual(0);
      }),
    );
    expect.hasAssertions();
  });
});
