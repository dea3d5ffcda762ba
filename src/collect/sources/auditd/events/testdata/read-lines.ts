import type { Problem } from '../../../../../base/problem.ts';
import type { EventRow, VakthundEvent } from '../../../../../events/event.ts';
import { Assembler } from '../../assembly/assembler.ts';
import { readRecord } from '../../records/record.ts';
import { EventMapper } from '../map.ts';

/** Events of a log whose lines lack the time and serial: `SYSCALL arch=…`; a number before it is the serial. */
export function read(lines: readonly string[]): { events: EventRow[]; problems: Problem[] } {
  const assembler = new Assembler(() => undefined);
  for (const line of lines) {
    const [, serial = '1', type = '', body = ''] = /^(?:(\d+) )?(\S+) (.*)$/.exec(line) ?? [];
    const whole = `type=${type} msg=audit(100.000:${serial}): ${body}`;
    const bytes = Buffer.from(whole, 'utf8');
    const record = readRecord({ bytes, text: bytes.toString('latin1') }, 0, bytes.length, 1, 0);
    if (typeof record !== 'string') assembler.add(record);
  }
  assembler.finish({ all: true });
  const mapper = new EventMapper();
  const events: VakthundEvent[] = [];
  const problems: Problem[] = [];
  for (const event of assembler.take()) mapper.map(event, events, problems);
  return { events: events.map((event) => told(event)), problems };
}

/** What an event tells: its columns that are not null, `fields` as an object. */
function told(event: VakthundEvent): EventRow {
  const row = Object.fromEntries(Object.entries(event).filter(([, value]) => value !== null)) as EventRow;
  return { ...row, fields: JSON.parse(event.fields ?? '{}') as string };
}

export const actor = 'ppid=10 pid=20 auid=1000 uid=1000 gid=1000 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=3';
export const call = (number: number, rest = '', ids = actor): string =>
  `SYSCALL arch=c000003e syscall=${number} success=yes exit=0 ${rest} items=1 ${ids} comm="sh" exe="/bin/sh" key="k"`;
