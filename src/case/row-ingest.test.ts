import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../base/logger.ts';
import { createLocalNetworks } from '../base/networks.ts';
import { defaultOpenLimits } from '../collect/open/limits.ts';
import { kindIds } from '../events/event.ts';
import { openDuckdbStore } from '../store/duckdb/duckdb-store.ts';
import { ingest } from './ingest.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-rows-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What is stored of a file, and what was told of it; `isWatched`: somebody wants to see each event. */
async function storedOf(path: string, isWatched: boolean) {
  const store = await openDuckdbStore({
    folder: join(folder, isWatched ? 'watched' : 'unwatched'),
    networks: createLocalNetworks(),
  });
  let seen = 0;
  const places: unknown[] = [];
  try {
    const summary = await ingest([path], {
      store,
      limits: defaultOpenLimits,
      bulkMinBytes: Infinity,
      now: () => 1_800_000_000_000_000,
      logger: silentLogger,
      signal: undefined,
      onProgress: () => undefined,
      onStored: (stored) => places.push(stored),
      ...(isWatched ? { onDecoded: (events) => (seen += events.length) } : {}),
    });
    const rows: Record<string, unknown> = {};
    for (const kind of kindIds) {
      const found = await store.query(`SELECT * FROM ${kind} ORDER BY evidence_at, fields`);
      if (found.length > 0) rows[kind] = found;
    }
    const problems = await store.query('SELECT code, line, message FROM problem ORDER BY ALL');
    return { events: summary.events, seen, rows, problems, places };
  } finally {
    await store.close();
  }
}

describe('EVE records', () => {
  it('stand in the store alike whether anybody sees them on the way or not', async () => {
    const day = [0, 6, 12, 18].map((hour) =>
      gunzipSync(
        readFileSync(`samples/intrusion/suricata/eve-2026-03-10-${String(hour).padStart(2, '0')}.json.gz`),
      ).toString('utf8'),
    );
    const whole = day.join('');
    const lines = whole.split('\n').filter((line) => line !== '');
    const flow = lines.find((line) => line.includes('"event_type":"flow"')) ?? '';
    const odd = [
      '{"timestamp":"2026-03-10T10:00:00.000001+0000","event_type":"http","src_ip":"::FFFF:10.0.0.1","http":{"url":"\\/a\\u00e5","status":"x"}}',
      '{"timestamp":"1970-01-01T00:00:00.000001+0000","event_type":"tls","tls":{"sni":"EXAMPLE.com.","fingerprint":"AB:cd"}}',
      '{"timestamp":"2026-03-10T10:00:00.000001+0000","event_type":"dns","dns":{"type":"query","rrname":"å.example"},"more":{"å":"ö"}}',
      '{"timestamp":"2026-03-10T10:00:00.000001+0000", "event_type":"flow", "x":[1, "a b"]}',
      '{"event_type":"flow","timestamp":"when"}',
      '{"no":"type"}',
      '{\n"timestamp":"2026-03-10T10:00:00.000001+0000",\n"event_type":"ssh"}',
      'not a record',
      '',
    ];
    const content = [...lines.slice(0, 900), ...odd, ...lines.slice(900)].join('\n');
    const path = join(folder, 'eve.json');
    // Enough of a kind that it becomes a part of its own, over two days.
    const many = Array.from({ length: 11_000 }, (_none, index) =>
      index % 2 === 0 ? flow : flow.replaceAll('2026-03-10', '2026-03-11'),
    );
    writeFileSync(path, `${content}\n${many.join('\n')}\n`);
    const watched = await storedOf(path, true);
    const unwatched = await storedOf(path, false);
    expect(watched.seen).toBe(watched.events);
    expect(watched.events).toBeGreaterThan(lines.length + 11_000);
    expect(watched.problems.length).toBeGreaterThan(3);
    expect(unwatched).toEqual({ ...watched, seen: 0 });
  });
});

describe('an access log', () => {
  it('is of the machine that the other logs of its folder are of, when nothing names it', async () => {
    const line = '203.0.113.40 - - [10/Mar/2026:09:12:00 +0000] "GET / HTTP/1.1" 200 17 "-" "curl/8"\n';
    const names = new Set<string>();
    for (const place of ['web7/access.log', 'web7/var/log/nginx/access.log.1', 'web7/audit/more.log']) {
      const path = join(folder, 'evidence', place);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, line.repeat(3));
      const { rows } = await storedOf(path, false);
      for (const row of rows['http'] as { host_name: string }[]) names.add(row.host_name);
    }
    expect([...names]).toEqual(['host of web7']);
  });
});
