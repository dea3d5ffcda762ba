import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRecord, type AuditRecord } from '../records/record.ts';
import { Assembler, type AuditEvent } from './assembler.ts';

function record(line: string): AuditRecord {
  const bytes = Buffer.from(line, 'latin1');
  const result = readRecord({ bytes, text: line }, 0, bytes.length, 1, 0);
  if (typeof result === 'string') throw new Error(`${result}: ${line}`);
  return result;
}

function assemble(lines: readonly string[], end = true): AuditEvent[] {
  const assembler = new Assembler(() => undefined);
  for (const line of lines) assembler.add(record(line));
  if (end) assembler.finish({ all: true });
  return [...assembler.take()];
}

function shape(events: readonly AuditEvent[]): string[] {
  return events.map(({ serial, records }) => `${serial} ${records.map(({ type }) => type.name).join(' ')}`);
}

const call = (serial: number, type: string, time = '1.000'): string =>
  `type=${type} msg=audit(${time}:${serial}): a0=1`;

describe('records become events', () => {
  it('by time, serial and machine', () => {
    const lines = [
      call(1, 'SYSCALL'),
      call(1, 'PATH'),
      call(2, 'SYSCALL'),
      `node=b ${call(2, 'PATH')}`,
      call(2, 'CWD', '2.000'),
    ];
    expect(shape(assemble(lines))).toEqual(['1 SYSCALL PATH', '2 SYSCALL', '2 PATH', '2 CWD']);
  });

  it('whatever other events their records are mixed with', () => {
    const types = fc.subarray(['PATH', 'CWD', 'SOCKADDR', 'EXECVE'], { minLength: 0 });
    const endings = fc.constantFrom('EOE', 'PROCTITLE', 'NONE');
    const events = fc.array(fc.record({ types, ending: endings, isCallLast: fc.boolean() }), {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(events, fc.array(fc.nat(1000), { maxLength: 150 }), (list, order) => {
        const queues = list.map(({ types: middle, ending, isCallLast }, index) => {
          const body = isCallLast && ending !== 'PROCTITLE' ? [...middle, 'SYSCALL'] : ['SYSCALL', ...middle];
          return [...body, ...(ending === 'NONE' ? [] : [ending])].map((type) => call(index + 1, type));
        });
        const want = queues.map(
          (queue, index) => `${index + 1} ${queue.map((line) => line.slice(5, line.indexOf(' '))).join(' ')}`,
        );
        const mixed: string[] = [];
        for (let turn = 0; queues.some((queue) => queue.length > 0); turn++) {
          const left = queues.filter((queue) => queue.length > 0);
          const next = left[(order[turn % Math.max(1, order.length)] ?? 0) % left.length]?.shift();
          if (next !== undefined) mixed.push(next);
        }
        expect(shape(assemble(mixed)).sort()).toEqual(want.map((text) => text.replace(' EOE', '')).sort());
      }),
    );
  });

  it('at once when EOE comes, and at the next event after PROCTITLE', () => {
    expect(shape(assemble([call(1, 'SYSCALL'), call(1, 'EOE')], false))).toEqual(['1 SYSCALL']);
    const titled = [call(1, 'SYSCALL'), call(1, 'PROCTITLE')];
    expect(assemble(titled, false)).toEqual([]);
    expect(shape(assemble([...titled, call(1, 'CONTAINER_ID'), call(2, 'SYSCALL')], false))).toEqual([
      '1 SYSCALL PROCTITLE CONTAINER_ID',
    ]);
  });

  it('one by one for messages of user space and of the daemon', () => {
    expect(
      shape(assemble([call(1, 'USER_LOGIN'), call(1, 'USER_LOGIN'), call(9, 'DAEMON_START')], false)),
    ).toHaveLength(3);
  });

  it('when the log has gone on for two seconds, or has opened 64 others', () => {
    expect(shape(assemble([call(1, 'SYSCALL'), call(2, 'SYSCALL'), call(3, 'SYSCALL', '3.500')], false))).toEqual([
      '1 SYSCALL',
      '2 SYSCALL',
    ]);
    const many = Array.from({ length: 65 }, (_none, index) => call(index + 1, 'SYSCALL'));
    expect(shape(assemble(many, false))).toEqual(['1 SYSCALL']);
  });

  it('not at all from a lone EOE', () => {
    expect(assemble([call(1, 'EOE')])).toEqual([]);
    expect(assemble([])).toEqual([]);
  });

  it('in parts when one has more records than any event can', () => {
    const events = assemble(Array.from({ length: 5000 }, () => call(1, 'PATH')));
    expect(events.map(({ records, isCut }) => [records.length, isCut])).toEqual([
      [4096, true],
      [904, false],
    ]);
  });

  it('in bounded memory', () => {
    const body = 'x'.repeat(1024 * 1024);
    const assembler = new Assembler(() => undefined);
    for (let serial = 1; serial <= 40; serial++) {
      assembler.add(record(`type=PATH msg=audit(1.0:${serial}): name="${body}"`));
    }
    const open = assembler.pending().flatMap(({ records }) => records);
    expect(open.reduce((sum, { from, to }) => sum + to - from, 0)).toBeLessThan(18 * 1024 * 1024);
  });
});
