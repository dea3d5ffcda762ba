import type { EventOf, VakthundEvent } from '../../../../src/events/event.ts';
import type { AuditEvent } from '../../../../src/collect/sources/auditd/assembly/assembler.ts';
import { EventMapper } from '../../../../src/collect/sources/auditd/events/map.ts';

interface Known {
  readonly name: string;
  readonly executable: string;
}

/** Numbers of calls that start a process: fork, vfork, clone, clone3 on x86_64, and the latter two of the generic table. */
const forks = new Set(['c000003e 56', 'c000003e 57', 'c000003e 58', 'c000003e 435', 'c00000b7 220', 'c00000b7 435']);

/**
 * What is known of each event's parent from the records before it, taken from the lines by patterns of its own: who
 * last used a process id, and who was copied by a fork. Compared with the parents that our events name.
 */
export function checkAncestry(events: readonly AuditEvent[]): { case: string; got: string; want: string }[] {
  const mapper = new EventMapper();
  const known = new Map<string, Known>();
  const wrong: { case: string; got: string; want: string }[] = [];
  for (const event of events) {
    const rows: VakthundEvent[] = [];
    mapper.map(event, rows, []);
    const line = event.records.map((record) => record.memory.text.slice(record.from, record.to)).join('\n');
    const pick = (name: string): string =>
      new RegExp(`(?:^|\\s)${name}=(?:"([^"]*)"|(\\S+))`).exec(line)?.slice(1).find(Boolean) ?? '';
    const parent = known.get(pick('ppid'));
    const want = JSON.stringify([parent?.name ?? null, parent?.executable ?? null]);
    const row = rows.find((one): one is EventOf<'process'> => one.kind === 'process');
    const got = JSON.stringify([row?.process_parent_name ?? null, row?.process_parent_executable ?? null]);
    if (row !== undefined && got !== want) wrong.push({ case: String(event.serial), got, want });
    const self = { name: pick('comm'), executable: pick('exe') };
    known.set(pick('pid'), self);
    if (forks.has(`${pick('arch')} ${pick('syscall')}`)) known.set(pick('exit'), self);
  }
  return wrong;
}
