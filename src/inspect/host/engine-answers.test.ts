import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FolderTree } from '../tree/folder-tree.ts';
import { Answer } from './engine-answers.ts';
import { runHostQuery, type HostQueryResult } from './query/host-query.ts';
import { TableContext } from './table-context.ts';

/** Answers in the shape that podman 4.3 and Docker 26 give, shortened. */
const answers: Readonly<Record<string, unknown>> = {
  '/containers/json?all=1': [
    { Id: 'aa', Status: 'Up 2 hours' },
    { Id: 'gone', Status: 'Up' },
  ],
  '/containers/aa/json': {
    Id: 'aa',
    Name: '/shop',
    Created: '2026-01-02T03:04:05.5Z',
    Path: 'sh',
    Args: ['-c', 'run'],
    Image: 'sha256:ff',
    State: { Status: 'running', Pid: 1 },
    Config: { Image: 'shop:1', Labels: { team: 'web' }, Env: ['A=b=c', 'odd'], Entrypoint: null },
    HostConfig: { Privileged: true, ReadonlyRootfs: false, SecurityOpt: ['label=disable'] },
    Mounts: [{ Type: 'bind', Source: '/', Destination: '/host', RW: true }],
    NetworkSettings: {
      Ports: { '80/tcp': [{ HostIp: '0.0.0.0', HostPort: '8080' }], '53/udp': null },
      Networks: { front: { IPAddress: '10.88.0.4', IPPrefixLen: 16 } },
    },
  },
  '/images/json': [{ Id: 'sha256:ff' }],
  '/images/sha256%3Aff/json': {
    Id: 'sha256:ff',
    Created: '2026-01-01T00:00:00Z',
    Size: 1234,
    RepoTags: ['shop:1', 'shop:latest'],
    RootFS: { Layers: ['sha256:01', 'sha256:02'] },
  },
  '/volumes': { Volumes: [{ Name: 'data', Driver: 'local', Mountpoint: '/v/data', Labels: { keep: 'yes' } }] },
};

let folder: string;
let server: Server;
const asked: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-engines-'));
  server = createServer(({ url = '' }, answer) => {
    asked.push(url);
    const known = answers[url];
    if (known === undefined) answer.writeHead(404).end();
    else answer.end(JSON.stringify(known));
  });
  await new Promise<void>((done) => server.listen(join(folder, 'engine.sock'), done));
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function ask(sql: string): Promise<HostQueryResult & { problems: string[] }> {
  const engineSockets = [join(folder, 'engine.sock')];
  const context = new TableContext(new FolderTree(folder, 'live'), undefined, { engineSockets });
  const result = await runHostQuery(sql, context, { timeoutMs: 20_000, maxRows: 100 });
  return { ...result, problems: context.drainProblems().map(({ message }) => message) };
}

describe('the tables of container engines', () => {
  it('tell containers, and say which of them went away meanwhile', async () => {
    asked.length = 0;
    const { rows, problems } = await ask(
      'SELECT name, image, command, created, state, status, pid, privileged, readonly_rootfs, security_options FROM docker_containers',
    );
    expect(rows).toEqual([
      ['/shop', 'shop:1', 'sh -c run', 1_767_323_045, 'running', 'Up 2 hours', 1, 1, 0, 'label=disable'],
    ]);
    expect(problems).toEqual(['the engine did not answer /containers/gone/json: status 404 for /containers/gone/json']);
  });

  it('are joined without asking twice', async () => {
    asked.length = 0;
    const { rows } = await ask(
      `SELECT p.host_port, p.port, p.type, m.source, n.ip_address, l.value, e.value
       FROM docker_container_ports p JOIN docker_container_mounts m USING (id) JOIN docker_container_networks n USING (id)
       JOIN docker_container_labels l USING (id) JOIN docker_container_envs e USING (id)`,
    );
    expect(rows).toEqual([[8080, 80, 'tcp', '/', '10.88.0.4', 'web', 'b=c']]);
    expect(asked.filter((url) => url === '/containers/aa/json')).toHaveLength(1);
  });

  it('tell images and volumes', async () => {
    const images = await ask(
      'SELECT i.tags, i.created, i.size_bytes, l.layer_id, l.layer_order FROM docker_images i JOIN docker_image_layers l USING (id) ORDER BY l.layer_order',
    );
    expect(images.rows).toEqual([
      ['shop:1,shop:latest', 1_767_225_600, 1234, 'sha256:01', 1],
      ['shop:1,shop:latest', 1_767_225_600, 1234, 'sha256:02', 2],
    ]);
    const volumes = await ask(
      'SELECT v.mount_point, l.key FROM docker_volumes v JOIN docker_volume_labels l USING (name)',
    );
    expect(volumes.rows).toEqual([['/v/data', 'keep']]);
  });

  it('are empty where an engine does not answer, and say so', async () => {
    const { rows, problems } = await ask('SELECT * FROM docker_info');
    expect([rows, problems]).toEqual([[], ['the engine did not answer /info: status 404 for /info']]);
  });
});

describe('an answer', () => {
  it('gives null for what is not there or is something else', () => {
    const answer = new Answer({ n: '12', list: [1, 'a'], odd: { __proto__: { x: 1 } } });
    expect([answer.at('n').number, answer.at('n').flag, answer.at('x', 'y').text]).toEqual([12, null, null]);
    expect([answer.at('list').joined(','), answer.at('constructor').entries, answer.at('odd', 'x').number]).toEqual([
      'a',
      [],
      null,
    ]);
    expect([new Answer('').number, new Answer('2026-01-01T00:00:00Z').seconds, new Answer('?').seconds]).toEqual([
      null,
      1_767_225_600,
      null,
    ]);
  });
});
