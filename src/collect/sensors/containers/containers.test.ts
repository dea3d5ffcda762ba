import { createServer, type ServerResponse } from 'node:http';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../base/logger.ts';
import type { VakthundEvent } from '../../../events/event.ts';
import type { ContainerFacts } from '../../sensor.ts';
import { contentStart } from '../../source.ts';
import { source } from '../../sources/vakthund-export/index.ts';
import { ExportSpool } from '../_shared/export-spool.ts';
import { followEngine } from './record.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-engine-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const id = 'ab'.repeat(32);
const inspected = {
  Id: id,
  Name: '/shop\nx',
  Image: 'sha256:00ff',
  State: { Pid: 4711, StartedAt: '2023-11-14T22:13:20.5Z' },
  NetworkSettings: { IPAddress: '10.88.0.7' },
  Config: {
    Image: 'shop:1',
    User: '',
    Labels: { 'io.kubernetes.pod.name': 'web-0', 'io.kubernetes.pod.namespace': 'shop', other: 'x' },
  },
  HostConfig: { Privileged: true, CapAdd: ['SYS_ADMIN'], PidMode: 'host', Devices: [{ PathOnHost: '/dev/sda' }] },
  Mounts: [{ Source: '/', Destination: '/host', RW: true }],
};
const started = {
  Type: 'container',
  Action: 'start',
  Actor: { ID: id, Attributes: { name: 'shop\nx', image: 'shop:1' } },
  timeNano: 1_700_000_000_123_456_800,
};

describe('container engines', () => {
  it('tell the containers that run, and what happens to them, as records that are read back', async () => {
    const path = join(folder, 'engine.sock');
    let stream: ServerResponse | undefined;
    const server = createServer((asked, answer) => {
      if (asked.url === '/containers/json') answer.end(JSON.stringify([{ Id: id }]));
      else if (asked.url === `/containers/${id}/json`) answer.end(JSON.stringify(inspected));
      else if (asked.url?.startsWith('/events?') === true) {
        stream = answer;
        const text = `${JSON.stringify(started)}\n${JSON.stringify({ ...started, Action: 'exec_start: sh -c id' })}\n`;
        answer.write(text.slice(0, 30));
        setTimeout(() => answer.write(`${text.slice(30)}{"Action":"start"}\n`), 20);
      } else answer.writeHead(404).end();
    });
    await new Promise<void>((done) => server.listen(path, done));
    const known: ContainerFacts[] = [];
    const stop = new AbortController();
    const spool = new ExportSpool(join(folder, 'out'), 'containers', 'log');
    const ended = followEngine(
      path,
      {
        folder,
        signal: stop.signal,
        onLost: () => undefined,
        onNote: () => undefined,
        guarded: [],
        onContainerProcess: () => undefined,
        onContainer: (container) => known.push(container),
      },
      spool,
    );
    while (known.length < 4) await new Promise((done) => setTimeout(done, 10));
    await new Promise((done) => setTimeout(done, 30));
    stop.abort();
    stream?.destroy();
    await ended;
    spool.close();
    await new Promise((done) => server.close(done));
    expect(known[0]).toEqual({
      id,
      name: 'shop\nx',
      image: 'shop:1',
      pid: 4711,
      powers: {
        privileged: true,
        host_pid: true,
        host_network: false,
        host_ipc: false,
        image_id: '00ff',
        ip: '10.88.0.7',
        start_ns: 1_700_000_000_500_000_000,
        pod_name: 'web-0',
        pod_namespace: 'shop',
        mounts: ['/:/host::true:'],
      },
    });
    const [file = ''] = readdirSync(join(folder, 'out'));
    const content = readFileSync(join(folder, 'out', file));
    expect(source.detect(file, content)).toBe('certain');
    const events: VakthundEvent[] = [];
    const context = { name: file, start: contentStart, growing: false, logger: silentLogger };
    for await (const batch of source.decode(new Blob([content]).stream(), context)) {
      expect(batch.problems).toEqual([]);
      events.push(...batch.events);
    }
    expect(events).toHaveLength(2);
    expect(events[0]).toMatchObject({
      kind: 'log',
      time: 1_700_000_000_123_456,
      event_dataset: 'engine.container',
      log_name: 'start',
      container_id: id,
      container_name: 'shop\uFFFDx',
      container_image_name: 'shop:1',
    });
    expect(JSON.parse(String(events[0]?.fields))).toMatchObject({
      privileged: true,
      pid_mode: 'host',
      devices: ['/dev/sda'],
      mounts: ['/:/host:rw'],
    });
    expect(events[1]).toMatchObject({ log_name: 'exec_start', fields: null });
  });
});
