import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../../base/logger.ts';
import { parseIsoMicros } from '../../../base/time.ts';
import type { VakthundEvent } from '../../../events/event.ts';
import { source } from './index.ts';

const corpus = resolve(import.meta.dirname, '../../../..', process.env['VAKTHUND_CORPUS'] ?? '../shared/corpus');
const replays = resolve(corpus, 'falco/cases/falco_replay.json.gz');

interface Replay {
  readonly name: string;
  readonly expect?: { readonly exact_output_json?: string };
}
interface FalcoLine {
  readonly time: string;
  readonly rule: string;
  readonly priority: string;
  readonly output: string;
  readonly hostname: string;
  readonly source: string;
  readonly tags: readonly string[];
  readonly output_fields: Readonly<Record<string, unknown>>;
}

function readReplays(): readonly Replay[] {
  return JSON.parse(gunzipSync(readFileSync(replays)).toString('utf8')) as readonly Replay[];
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function decode(text: string): Promise<VakthundEvent[]> {
  const context = { name: 'falco.json', start: { byte: 0, line: 0 }, growing: false, logger: silentLogger };
  const events: VakthundEvent[] = [];
  for await (const batch of source.decode(once(Buffer.from(text)), context)) {
    expect(batch.problems).toEqual([]);
    events.push(...batch.events);
  }
  return events;
}

describe.skipIf(!existsSync(replays))('falco-json, what Falco itself wrote in its tests', () => {
  // The cases are collected also where the suite is skipped.
  const all = existsSync(replays) ? readReplays() : [];
  const written = all.filter((replay) => replay.expect?.exact_output_json !== undefined);

  it('has some to read', () => {
    expect(written.length).toBeGreaterThan(0);
  });

  it.each(written.map((replay) => [replay.name, replay.expect?.exact_output_json ?? '']))(
    'reads %s',
    async (_name, text) => {
      const lines = text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as FalcoLine);
      expect(source.detect('falco.json', Buffer.from(text))).toBe('certain');
      const events = await decode(text);
      const wanted = lines.map((line) => ({
        kind: 'alert',
        time: parseIsoMicros(line.time),
        event_dataset: `falco.${line.source}`,
        host_name: line.hostname,
        rule_id: line.rule,
        event_severity: line.priority,
        message: line.output,
        tags: line.tags,
        process_command_line: line.output_fields['proc.cmdline'],
      }));
      expect(events).toMatchObject(wanted);
    },
  );
});
