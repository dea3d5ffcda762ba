import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { processorClock } from '../../../../tests/support/processor-time.ts';
import { silentLogger } from '../../../base/logger.ts';
import type { Problem } from '../../../base/problem.ts';
import type { VakthundEvent } from '../../../events/event.ts';
import { contentStart, type Checkpoint } from '../../source.ts';
import { source } from './index.ts';

interface Read {
  readonly events: VakthundEvent[];
  readonly problems: Problem[];
  readonly checkpoint: Checkpoint;
}

async function read(text: string, growing = false): Promise<Read> {
  async function* content(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(text);
  }
  const events: VakthundEvent[] = [];
  const problems: Problem[] = [];
  let checkpoint = contentStart;
  const context = { name: 'x.xml', start: contentStart, growing, logger: silentLogger };
  for await (const batch of source.decode(content(), context)) {
    events.push(...batch.events);
    problems.push(...batch.problems);
    ({ checkpoint } = batch);
  }
  return { events, problems, checkpoint };
}

const sample = (name: string): string => readFileSync(join(import.meta.dirname, 'testdata', name), 'utf8');
const event = (id: number): string => `<Event><System><Provider Name="P"/><EventID>${id}</EventID></System></Event>`;

describe('Windows events as XML', () => {
  it.each([
    ['syslog.log', 'likely'],
    ['export.xml', 'certain'],
  ])('knows %s by its first bytes, and is %s', (name, sure) => {
    expect(source.detect(name, Buffer.from(sample(name)))).toBe(sure);
  });

  it.each(['<Events>', '{"a":"<Event><System><Provider Name=1/>"}', '<Event><System><EventID>'])(
    'leaves %s',
    (text) => {
      expect(source.detect('x.xml', Buffer.from(text))).toBeUndefined();
    },
  );

  it('reads Sysmon for Linux out of syslog, and passes over the other lines', async () => {
    const { events, problems } = await read(sample('syslog.log'));
    expect(problems).toEqual([]);
    expect(events).toMatchObject([
      { kind: 'process', event_action: 'exec', process_command_line: 'bash -c a && b < c', evidence_at: 1 },
      { kind: 'process', event_action: 'exit', process_name: 'bash', host_name: 'u5', evidence_at: 3 },
    ]);
  });

  it('reads events that stand on one line, and those that are spread over several', async () => {
    const { events, problems } = await read(sample('export.xml'));
    expect(problems).toEqual([]);
    expect(events).toMatchObject([
      { kind: 'user_session', event_outcome: 'failure', source_ip: '192.0.2.9', evidence_at: 2 },
      { kind: 'scheduled_task', task_name: 'S & T', task_command: 'C:\\s.exe', evidence_at: 2 },
    ]);
  });

  it('goes on at the first line of an event that has no end yet, and tells of it when none comes', async () => {
    const text = `${event(1)}\n<Event><System><EventID>2</EventID>\n</System>\n`;
    const growing = await read(text, true);
    expect(growing.events).toHaveLength(1);
    expect(growing.checkpoint).toEqual({ byte: event(1).length + 1, line: 1 });
    const whole = await read(text);
    expect(whole.events).toHaveLength(2);
    expect(whole.problems).toMatchObject([{ code: 'truncated', at: { line: 2 } }]);
  });

  it('reads a line of many events in time that grows with its length', async () => {
    const takenMs = processorClock();
    expect((await read(event(1).repeat(20_000))).events).toHaveLength(20_000);
    expect(takenMs()).toBeLessThan(10_000);
  });

  it('tells of an event without an id, and reads the next', async () => {
    const { events, problems } = await read(`<Event><System></System></Event>${event(7)}`);
    expect(events).toHaveLength(1);
    expect(problems).toMatchObject([{ code: 'bad-record', at: { line: 1 } }]);
  });
});
