import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Incident } from '../../events/incident.ts';
import { IncidentChanges } from './incident-changes.ts';
import type { Alert, Notice } from './notice.ts';
import { receive } from './receive.ts';
import { Repeats } from './repeats.ts';
import { Told } from './told.ts';

const alert: Alert = {
  detector: 'rules/falco/r',
  title: 'r',
  severity: 'medium',
  time: 1,
  host: 'web01',
  what: '',
  attack: [],
  evidence: { path: 'log', at: 1 },
};

describe('repeats', () => {
  it('tells the first at once and the others as a count when the window is over', () => {
    const repeats = new Repeats(1000);
    const told: Notice[] = [];
    for (let at = 0; at < 10; at++) told.push(...repeats.add({ ...alert, time: at }, at), ...repeats.due(at));
    told.push(...repeats.add({ ...alert, host: 'db01' }, 10));
    expect(told.map(({ type }) => type)).toEqual(['alert', 'alert']);
    expect([...repeats.due(1000)]).toMatchObject([{ type: 'repeats', count: 9, last: 9, host: 'web01' }]);
    expect([...repeats.add(alert, 1500)]).toEqual([]);
    expect([...repeats.due(2000)]).toMatchObject([{ count: 1 }]);
    expect([...repeats.due(3000)]).toEqual([]);
    expect([...repeats.add(alert, 3001)]).toMatchObject([{ type: 'alert' }]);
  });
});

describe('a repeat that is worse', () => {
  it('is told at once, and what was like the one before is counted', () => {
    const repeats = new Repeats(1000);
    const add = (severity: Alert['severity'], at: number): string[] =>
      [...repeats.add({ ...alert, severity }, at)].map(
        (notice) => `${notice.type} ${'severity' in notice ? notice.severity : ''}`,
      );
    expect(add('medium', 0)).toEqual(['alert medium']);
    expect(add('medium', 1)).toEqual([]);
    expect(add('high', 2)).toEqual(['repeats medium', 'alert high']);
    expect(add('medium', 3)).toEqual([]);
    expect([...repeats.due(1500)]).toMatchObject([{ type: 'repeats', severity: 'high', count: 1 }]);
  });
});

const incident = { id: 'i-1', risk: 40, severity: 'medium', attack: ['T1059'] } as unknown as Incident;

describe('changes of incidents', () => {
  it('are told once: standing, new, grown by risk or technique, over', () => {
    const changes = new IncidentChanges();
    const next = (...list: Incident[]): string[] =>
      [...changes.next(list)].map((notice) =>
        notice.type === 'incident' ? `${notice.change} ${notice.incident.id}` : '',
      );
    expect(next(incident)).toEqual(['standing i-1']);
    expect(next({ ...incident, risk: 42 })).toEqual([]);
    expect(next({ ...incident, risk: 50 }, { ...incident, id: 'i-2', risk: 90 })).toEqual(['new i-2', 'grown i-1']);
    expect(next({ ...incident, risk: 50, attack: ['T1059', 'T1053'] })).toEqual(['grown i-1', 'over i-2']);
  });
});

describe('what is told over a restart', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'vakthund-told-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is no alert twice of one record, and each of another record', () => {
    const first = new Told(folder);
    expect([first.incidents, first.since, first.isToldBefore(alert)]).toEqual([undefined, undefined, false]);
    first.addAlert(alert);
    // Of this watch itself repeats are counted, which is another thing.
    expect(first.isToldBefore(alert)).toBe(false);
    const next = new Told(folder);
    expect(next.isToldBefore(alert)).toBe(true);
    expect(next.isToldBefore({ ...alert, severity: 'high' })).toBe(false);
    expect(next.isToldBefore({ ...alert, evidence: { ...alert.evidence, at: alert.evidence.at + 1 } })).toBe(false);
  });

  it('are incidents that came or grew while no watch ran, as new and grown', () => {
    new Told(folder).keepIncidents([incident]);
    const { incidents, since = 0 } = new Told(folder);
    expect(since).toBeGreaterThan(Date.now() * 1000 - 60_000_000);
    const told = (...list: Incident[]): string[] =>
      [...new IncidentChanges(incidents).next(list)].map((notice) =>
        notice.type === 'incident' ? `${notice.change} ${notice.incident.id}` : '',
      );
    expect(told(incident, { ...incident, id: 'i-2' })).toEqual(['standing i-1', 'new i-2']);
    expect(told({ ...incident, severity: 'high' })).toEqual(['grown i-1']);
  });

  it('is everything again where what was told cannot be read', () => {
    writeFileSync(join(folder, 'told-incidents.json'), '{"version": 2');
    expect(new Told(folder).incidents).toBeUndefined();
  });
});

describe('posts of other tools', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'vakthund-receive-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('are written down line by line under the name of the path', async () => {
    const server = await receive({
      place: { host: '127.0.0.1', port: 0 },
      folder,
      token: 'secret',
      nowMs: () => Date.UTC(2026, 10, 26),
      metrics: () => 'a 1\n',
    });
    const ask = async (path: string, body?: string, token = 'secret'): Promise<number> => {
      const init = body === undefined ? {} : { method: 'POST', body };
      const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, {
        ...init,
        headers: { authorization: `Bearer ${token}` },
      });
      await answer.text();
      return answer.status;
    };
    expect(await ask('/', '{"rule":"a","n":12345678901234567890}')).toBe(200);
    expect(await ask('/falco', '{"rule":"b"}\n{"rule":"c"}\n')).toBe(200);
    expect(await ask('/tetragon', '{\n "x": 1\n}')).toBe(200);
    expect(await ask('/', 'no json')).toBe(400);
    expect(await ask('/', '[1]')).toBe(400);
    expect(await ask('/../../etc/cron.d/x', '{}')).toBe(404);
    expect(await ask('/', '{}', 'wrong')).toBe(401);
    expect(await ask('/', `{"a":"${'x'.repeat(5 * 2 ** 20)}"}`).catch(() => 413)).toBe(413);
    const fromPage = await fetch(`http://127.0.0.1:${server.port}/`, {
      method: 'POST',
      body: '{}',
      headers: { authorization: 'Bearer secret', origin: 'http://page.example' },
    });
    expect(fromPage.status).toBe(403);
    expect(await ask('/metrics')).toBe(200);
    expect(await ask('/healthz', undefined, '')).toBe(200);
    await server.close();
    expect(readdirSync(folder)).toEqual(['falco-2026-11-26.jsonl', 'tetragon-2026-11-26.jsonl']);
    expect(readFileSync(join(folder, 'falco-2026-11-26.jsonl'), 'utf8')).toBe(
      '{"rule":"a","n":12345678901234567890}\n{"rule":"b"}\n{"rule":"c"}\n',
    );
    expect(readFileSync(join(folder, 'tetragon-2026-11-26.jsonl'), 'utf8')).toBe('{"x":1}\n');
  });

  it('come over a socket file as lines of any tool, or as HTTP, and only from its owner', async () => {
    const path = join(folder, 'in.sock');
    const options = { place: { path }, folder: join(folder, 'files'), token: undefined, metrics: () => '' };
    const server = await receive({ ...options, nowMs: () => Date.UTC(2026, 10, 26) });
    await expect(receive({ ...options, nowMs: () => 0 })).rejects.toThrow('somebody listens');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const falco = '{"time":"2026-11-26T00:00:00Z","rule":"r","priority":"Warning","output":"o","output_fields":{}}';
    const lines = (...parts: string[]): Promise<void> =>
      new Promise((done) => {
        const socket = connect(path, () => {
          for (const part of parts) socket.write(part);
          socket.end();
        });
        socket.once('close', () => done());
        socket.on('error', () => undefined);
        socket.resume();
      });
    await lines(`${falco.slice(0, 20)}`, `${falco.slice(20)}\n${falco}\n`, falco);
    await lines('{"unknown":1}\nnot json\n', '{"after":2}\n');
    const status = await new Promise<number | undefined>((done, fail) => {
      const asked = request({ socketPath: path, method: 'POST', path: '/kunai' }, (answer) => done(answer.statusCode));
      asked.once('error', fail);
      asked.end('{"x":1}');
    });
    expect(status).toBe(200);
    await server.close();
    const read = (name: string): string => readFileSync(join(folder, 'files', name), 'utf8');
    expect(read('falco-json-2026-11-26.jsonl')).toBe(`${falco}\n`.repeat(3));
    expect(read('kunai-2026-11-26.jsonl')).toBe('{"x":1}\n');
    const others = readdirSync(join(folder, 'files')).filter((name) => !/^(?:falco|kunai)/.test(name));
    expect(others.map(read)).toEqual(['{"unknown":1}\nnot json\n{"after":2}\n']);
  });

  it('take over the socket file of a watch that was killed, and no other file', async () => {
    const path = join(folder, 'in.sock');
    spawnSync(process.execPath, [
      '-e',
      `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`,
    ]);
    expect(statSync(path).isSocket()).toBe(true);
    const options = { folder: join(folder, 'files'), token: undefined, metrics: () => '', nowMs: () => 0 };
    await (await receive({ ...options, place: { path } })).close();
    writeFileSync(join(folder, 'text'), 'kept');
    await expect(receive({ ...options, place: { path: join(folder, 'text') } })).rejects.toThrow('already');
    expect(readFileSync(join(folder, 'text'), 'utf8')).toBe('kept');
  });
});
