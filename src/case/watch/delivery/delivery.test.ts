import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer, getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deliver } from './deliver.ts';
import { falcoPayload, messageOf } from './message.ts';
import { DeliveryQueue } from './queue.ts';
import { syslogLine, syslogReceiver } from './syslog.ts';
import { webhookReceiver } from './webhook.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-queue-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const alert = {
  type: 'alert',
  detector: 'rules/falco/Read sensitive file',
  title: 'Read sensitive file',
  severity: 'high',
  time: 1_700_000_000_000_000,
  host: 'web01',
  what: 'cat /etc/shadow',
  attack: ['T1003.008'],
  evidence: { path: '/var/log/falco.json', at: 7 },
} as const;
const options = { host: 'watcher', now: 1_700_000_000_000_000 };

describe('a queue on disk', () => {
  it('gives messages in order and forgets what was delivered, also over a restart', () => {
    const queue = new DeliveryQueue(folder, 'q');
    for (const text of ['"a"', '"b"', '"ö"']) expect(queue.add(text)).toBe(true);
    expect(queue.peek()).toEqual(['"a"']);
    expect(queue.peek(9)).toEqual(['"a"', '"b"', '"ö"']);
    queue.shift(['"a"']);
    const again = new DeliveryQueue(folder, 'q');
    expect(again.peek()).toEqual(['"b"']);
    again.shift(again.peek(2));
    expect(again.peek()).toEqual([]);
    expect(again.waitingBytes).toBe(0);
    expect(again.add('"d"')).toBe(true);
    expect(new DeliveryQueue(folder, 'q').peek()).toEqual(['"d"']);
  });

  it('cuts a line that a kill left unfinished', () => {
    new DeliveryQueue(folder, 'q').add('"whole"');
    appendFileSync(join(folder, 'q.jsonl'), '"to');
    const queue = new DeliveryQueue(folder, 'q');
    expect(queue.peek(2)).toEqual(['"whole"']);
    queue.shift(['"whole"']);
    expect(queue.peek()).toEqual([]);
  });

  it('goes on when somebody cuts it or takes it away, and says how much is gone', () => {
    const queue = new DeliveryQueue(folder, 'q');
    for (const text of ['"a"', '"b"', '"c"']) queue.add(text);
    queue.shift(queue.peek());
    truncateSync(join(folder, 'q.jsonl'), 9);
    expect([queue.peek(9), queue.takeLostBytes(), queue.takeLostBytes()]).toEqual([['"b"'], 4, 0]);
    queue.add('"d"');
    expect(queue.peek(9)).toEqual(['"b"', '"d"']);
    truncateSync(join(folder, 'q.jsonl'), 0);
    queue.add('"e"');
    expect([queue.peek(9), queue.takeLostBytes()]).toEqual([['"e"'], 8]);
    rmSync(join(folder, 'q.jsonl'));
    queue.add('"f"');
    expect([queue.peek(9), queue.takeLostBytes()]).toEqual([['"f"'], 4]);
    expect(new DeliveryQueue(folder, 'q').peek(9)).toEqual(['"f"']);
  });

  it('keeps no more disk than is undelivered and once again as much, though it never runs empty', () => {
    const queue = new DeliveryQueue(folder, 'q', 1000);
    const text = (at: number): string => `"${String(at).padStart(97, '0')}"`;
    queue.add(text(0));
    for (let at = 1; at < 50; at++) {
      queue.add(text(at));
      expect(queue.peek()).toEqual([text(at - 1)]);
      queue.shift(queue.peek());
      expect(statSync(join(folder, 'q.jsonl')).size).toBeLessThan(1300);
    }
    expect(new DeliveryQueue(folder, 'q').peek(9)).toEqual([text(49)]);
  });

  it('refuses what is too long, and counts it', () => {
    const queue = new DeliveryQueue(folder, 'q');
    expect(queue.add(`"${'x'.repeat(2 ** 20)}"`)).toBe(false);
    expect(queue.refused).toBe(1);
    expect(readdirSync(folder)).toEqual(['q.jsonl']);
  });
});

describe('a queue on a disk that is full', () => {
  it('holds what has no place in memory, and gives whole messages in their order', () => {
    const small = join(folder, 'small');
    mkdirSync(small);
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', small]).status !== 0) return;
    try {
      const queue = new DeliveryQueue(join(small, 'queue'), 'q');
      const texts = Array.from({ length: 10 }, (_, at) => JSON.stringify(`${at} ${'x'.repeat(10_000)}`));
      for (const text of texts) expect(queue.add(text)).toBe(true);
      // A kill leaves what was on disk, and no beginning of a message.
      const kept = new DeliveryQueue(join(small, 'queue'), 'q').peek(100);
      expect([kept, kept.length < 7]).toEqual([texts.slice(0, kept.length), true]);
      const given: string[] = [];
      for (let next = queue.peek(); next.length > 0; next = queue.peek()) {
        given.push(...next);
        queue.shift(next);
      }
      expect([given, queue.refused, queue.waitingBytes]).toEqual([texts, 0, 0]);
    } finally {
      spawnSync('umount', [small]);
    }
  });
});

describe('a webhook', () => {
  it('gets each message once it answers well, with the token, and what it calls bad is not sent again', async () => {
    const bodies: string[] = [];
    const answers = [503, 401, 200, 400, 200];
    const tokens = new Set<string | undefined>();
    const server = createServer((request, response) => {
      tokens.add(request.headers.authorization);
      let body = '';
      request.on('data', (part) => (body += String(part)));
      request.on('end', () => {
        bodies.push(body);
        response.writeHead(answers.shift() ?? 200).end();
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    const queue = new DeliveryQueue(folder, 'q');
    for (const text of ['1', '2', '3']) queue.add(text);
    const stop = new AbortController();
    const troubles: string[] = [];
    const receiver = webhookReceiver(`http://127.0.0.1:${port}/hook?key=secret`, { bearerToken: 't' });
    const ended = deliver(queue, receiver, stop.signal, (text) => troubles.push(text));
    while (queue.waitingBytes > 0) await new Promise((done) => setTimeout(done, 20));
    stop.abort();
    await ended;
    await new Promise((done) => server.close(done));
    expect(bodies).toEqual(['1', '1', '1', '2', '3']);
    expect([...tokens]).toEqual(['Bearer t']);
    expect(troubles).toEqual([
      `http://127.0.0.1:${port}/hook took nothing: status 503; it is kept and tried again`,
      `http://127.0.0.1:${port}/hook refused a message for good: status 400; it is not sent again`,
    ]);
  });

  it('takes only http addresses', () => {
    expect(() => webhookReceiver('file:///etc/passwd')).toThrow('no http');
  });
});

describe('messages', () => {
  it('are made of alerts and changed incidents from a severity on', () => {
    expect(messageOf(alert, 'high', options)).toMatchObject({
      type: 'alert',
      severity: 'high',
      time: alert.time,
      text: 'Read sensitive file on web01 cat /etc/shadow',
    });
    expect(messageOf(alert, 'critical', options)).toBeUndefined();
  });

  it('are of a sensor that stopped high: what it would see is seen by nobody', () => {
    const notice = { type: 'sensor', sensor: 'fanotify', message: 'it ended by itself' } as const;
    expect(messageOf({ ...notice, state: 'stopped' }, 'high', options)).toMatchObject({
      text: 'sensor fanotify stopped: it ended by itself',
    });
    expect(messageOf({ ...notice, state: 'started' }, 'info', options)).toBeUndefined();
  });

  it('are written for syslog on one line with facility and level', () => {
    const message = messageOf({ ...alert, what: 'cat\n<13>1 forged' }, 'low', options);
    if (message === undefined) throw new Error('no message');
    expect(syslogLine(message, 'host name')).toBe(
      '<107>1 2023-11-14T22:13:20.000000Z hostname vakthund - alert - Read sensitive file on web01 cat <13>1 forged',
    );
  });

  it('are written as Falco would post them', () => {
    const message = messageOf(alert, 'low', options);
    if (message === undefined) throw new Error('no message');
    expect(JSON.parse(falcoPayload(message))).toMatchObject({
      priority: 'Error',
      rule: 'Read sensitive file',
      source: 'vakthund',
      time: '2023-11-14T22:13:20.000000Z',
      tags: ['T1003.008'],
      output_fields: { 'vakthund.detector': 'rules/falco/Read sensitive file' },
    });
  });

  it('reach a syslog server over TCP with octet counts', async () => {
    let got = '';
    const server = createTcpServer((socket) => socket.on('data', (part) => (got += String(part))));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    const message = messageOf(alert, 'low', options);
    await syslogReceiver(`tcp://127.0.0.1:${port}`, 'w').send([JSON.stringify(message)], new AbortController().signal);
    while (got === '') await new Promise((done) => setTimeout(done, 10));
    await new Promise((done) => server.close(done));
    expect(got).toMatch(/^\d+ <107>1 2023/);
  });

  it('goes within TLS to a server whose certificate is trusted, and to no other', async () => {
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const files = ['-nodes', '-days', '2', '-keyout', key, '-out', cert];
    const made = spawnSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', ...files, ...subject]);
    if (made.status !== 0) return;
    let got = '';
    const pair = { key: readFileSync(key), cert: readFileSync(cert, 'utf8') };
    const server = createTlsServer(pair, (socket) => {
      socket.on('data', (part) => (got += String(part)));
      socket.on('end', () => socket.end());
    });
    await new Promise<void>((done) => server.listen(0, 'localhost', done));
    const { port } = server.address() as AddressInfo;
    const receiver = syslogReceiver(`tls://localhost:${port}`, 'w');
    const line = JSON.stringify(messageOf(alert, 'low', options));
    const send = (): Promise<void> => receiver.send([line], new AbortController().signal);
    await expect(send()).rejects.toThrow(/self-signed/);
    const trusted = getCACertificates('default');
    setDefaultCACertificates([...trusted, pair.cert]);
    try {
      await send();
    } finally {
      setDefaultCACertificates(trusted);
    }
    await new Promise((done) => server.close(done));
    expect(got).toMatch(/^\d+ <107>1 2023.*on web01/);
  });
});
