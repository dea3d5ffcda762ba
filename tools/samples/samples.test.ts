import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Answers } from './answers.ts';
import { communityId, type Transport } from './base/community-id.ts';
import { generateSamples } from './generate.ts';

const root = join(import.meta.dirname, '..', '..', 'samples');

/** Lines of each committed file, by its path below `samples/`. */
const committed = new Map(
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => [path.slice(root.length + 1), linesOf(path, readFileSync(path))] as const),
);
const answers = JSON.parse((committed.get('answers.json') ?? []).join('\n')) as Answers;

function linesOf(path: string, bytes: Buffer): string[] {
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return text.replace(/\n$/, '').split('\n');
}

function filesOf(prefix: string): string[] {
  return [...committed.keys()].filter((path) => path.startsWith(prefix)).sort();
}

function zeekRows(log: string): Record<string, string>[] {
  return filesOf(`intrusion/zeek/${log}-`).flatMap((path) => {
    const lines = committed.get(path) ?? [];
    const names = (lines.find((line) => line.startsWith('#fields')) ?? '').split('\t').slice(1);
    return lines
      .filter((line) => !line.startsWith('#'))
      .map((line) => Object.fromEntries(line.split('\t').map((cell, index) => [names[index] ?? '', cell])));
  });
}

interface EveEvent {
  readonly event_type: string;
  readonly flow_id?: number;
  readonly community_id?: string;
  readonly src_ip: string;
  readonly src_port: number;
  readonly dest_ip: string;
  readonly dest_port: number;
  readonly proto: string;
  readonly flow: { readonly start: string; readonly bytes_toserver: number; readonly pkts_toserver: number };
}

/** `2026-03-10T10:42:03.080000+0000` as Zeek writes it. */
function epochSeconds(text: string): string {
  return `${Date.parse(`${text.slice(0, 19)}Z`) / 1000}.${text.slice(20, 26)}`;
}

function eveEvents(): EveEvent[] {
  return filesOf('intrusion/suricata/').flatMap((path) =>
    (committed.get(path) ?? []).map((line) => JSON.parse(line) as EveEvent),
  );
}

/** Line numbers of a file that belong to the intrusion. */
function intrusionLines(path: string): Set<number> {
  const numbers = new Set<number>();
  for (const step of answers.steps) {
    for (const part of (step.lines[path] ?? '').split(',').filter((text) => text !== '')) {
      const [from = 0, to = from] = part.split('-').map(Number);
      for (let number = from; number <= to; number++) numbers.add(number);
    }
  }
  return numbers;
}

const withoutSerial = (line: string): string => line.replace(/(msg=audit\(\d+\.\d{3}):\d+\)/, '$1)');

describe('the committed samples', () => {
  it('are what the generator makes', () => {
    const made = generateSamples();
    expect([...made.keys()].sort()).toEqual([...committed.keys()].sort());
    for (const [path, bytes] of made) {
      const same = linesOf(path, bytes).join('\n') === committed.get(path)?.join('\n');
      expect([path, same]).toEqual([path, true]);
    }
  }, 60_000);

  it('stay below three megabytes together', () => {
    const sizes = [...committed.keys()].map((path) => readFileSync(join(root, path)).length);
    expect(sizes.reduce((total, size) => total + size, 0)).toBeLessThan(3_000_000);
  });

  it('are equal in both folders but for the lines of the intrusion', () => {
    for (const path of filesOf('quiet/')) {
      const inside = path.slice('quiet/'.length);
      const attack = intrusionLines(inside);
      const rest = (committed.get(`intrusion/${inside}`) ?? []).filter((_line, index) => !attack.has(index + 1));
      const different = (committed.get(path) ?? []).findIndex(
        (line, index) => withoutSerial(line) !== withoutSerial(rest[index] ?? ''),
      );
      expect([path, different, committed.get(path)?.length]).toEqual([path, -1, rest.length]);
    }
  });

  it('have a place for each step of the intrusion', () => {
    for (const step of answers.steps) expect(Object.keys(step.lines).length).toBeGreaterThan(0);
  });
});

describe('the Zeek logs', () => {
  it('have as many cells in each row as their header names', () => {
    for (const path of filesOf('intrusion/zeek/')) {
      const lines = committed.get(path) ?? [];
      const width = (lines.find((line) => line.startsWith('#fields')) ?? '').split('\t').length - 1;
      const types = (lines.find((line) => line.startsWith('#types')) ?? '').split('\t').length - 1;
      const wrong = lines.filter((line) => !line.startsWith('#') && line.split('\t').length !== width);
      expect([path, types, wrong]).toEqual([path, width, []]);
    }
  });

  it('name a connection for each row of another log that ended before midnight', () => {
    const uids = new Set(zeekRows('conn').map((row) => row['uid']));
    for (const log of ['dns', 'http', 'ssl', 'ssh', 'files']) {
      const orphans = zeekRows(log).filter((row) => !uids.has(row['uid']));
      expect([log, orphans.filter((row) => Number(row['ts']) < 1_773_186_000)]).toEqual([log, []]);
    }
  });

  it('have a right community id in each connection', () => {
    const wrong = zeekRows('conn').filter((row) => row['community_id'] !== expectedId(row));
    expect(wrong).toEqual([]);
  });
});

function expectedId(row: Record<string, string>): string {
  const cell = (name: string): string => row[name] ?? '';
  const [from, to] = [Number(cell('id.orig_p')), Number(cell('id.resp_p'))];
  return communityId(cell('proto') as Transport, cell('id.orig_h'), from, cell('id.resp_h'), to);
}

describe('the Suricata events', () => {
  it('show the same connections as Zeek, with the Ethernet header of each packet', () => {
    const flows = eveEvents().filter((event) => event.event_type === 'flow');
    const zeek = new Map(zeekRows('conn').map((row) => [`${row['community_id']} ${row['ts']}`, row]));
    const strangers = flows.filter(({ community_id, flow }) => {
      const row = zeek.get(`${community_id} ${epochSeconds(flow.start)}`);
      return Number(row?.['orig_ip_bytes']) + 14 * flow.pkts_toserver !== flow.bytes_toserver;
    });
    expect(strangers).toEqual([]);
    // Flows that Suricata still waits for at midnight are not logged yet, and neither are Zeek's.
    expect(zeek.size - flows.length).toBeLessThan(20);
  });

  it('carry one community id in all events of a flow', () => {
    const ids = new Map<number, string>();
    for (const { flow_id, community_id } of eveEvents()) {
      if (flow_id === undefined || community_id === undefined) continue;
      expect(ids.get(flow_id) ?? community_id).toBe(community_id);
      ids.set(flow_id, community_id);
    }
    expect(ids.size).toBeGreaterThan(4_000);
  });
});

describe('the host logs', () => {
  const audit = (folder: string): string[] =>
    [`${folder}/auditd/audit.log.1.gz`, `${folder}/auditd/audit.log`].flatMap((path) => committed.get(path) ?? []);

  it('count the audit events without a gap', () => {
    for (const folder of ['intrusion', 'quiet']) {
      const serials = new Set(audit(folder).map((line) => Number(/:(?<serial>\d+)\)/.exec(line)?.groups?.['serial'])));
      expect(Math.max(...serials) - Math.min(...serials) + 1).toBe(serials.size);
    }
  });

  it('have a connect for each connection that the Docker host opens, at most a tick and a half before it', () => {
    const pattern =
      /^node=dockerhost1 type=SOCKADDR msg=audit\((?<time>[\d.]+):.*laddr=(?<ip>[\d.]+) lport=(?<port>\d+)/;
    const connects = audit('intrusion').flatMap((line) => {
      const found = pattern.exec(line)?.groups;
      return found === undefined ? [] : [{ time: Number(found['time']), target: `${found['ip']} ${found['port']}` }];
    });
    const opened = zeekRows('conn').filter((row) => row['id.orig_h'] === '10.20.30.20');
    const unexplained = opened.filter((row) => {
      const target = `${row['id.resp_h']} ${row['id.resp_p']}`;
      const before = (connect: { time: number }): number => Number(row['ts']) - connect.time;
      return !connects.some((connect) => connect.target === target && before(connect) >= 0 && before(connect) < 0.006);
    });
    expect(opened.length).toBeGreaterThan(400);
    expect(unexplained).toEqual([]);
  });

  it('are JSON, line by line, where they claim to be', () => {
    for (const path of [...filesOf('intrusion/falco/'), ...filesOf('intrusion/containers/')]) {
      for (const line of committed.get(path) ?? []) expect(typeof JSON.parse(line)).toBe('object');
    }
  });
});
