import type { Micros } from '../../../src/base/time.ts';
import { at, millis } from '../base/clock.ts';
import { connectEvent, execEvent } from '../host/audit-events.ts';
import { daemons, pidAt, rootProcess, type Process } from '../host/process.ts';
import type { Scene } from '../model/scene.ts';
import { createClientCache } from '../traffic/client-cache.ts';
import { askFromHost } from '../traffic/docker-host.ts';
import { httpSession, type RequestPlan } from '../traffic/http.ts';
import { dockerHost, fileServer, gitServer, mailServer, monitoringServer, userAgents } from '../world/hosts.ts';
import { services } from '../world/sites.ts';

const lists = ['bookworm/InRelease', 'bookworm-updates/InRelease', 'bookworm-security/InRelease'];

/** The servers fetch package lists twice a day; on dockerhost1 the audit log shows how. */
export function packageLists(scene: Scene): void {
  const cache = createClientCache(scene);
  const site = services.packages;
  for (const [index, server] of [mailServer, fileServer, monitoringServer, gitServer].entries()) {
    for (const start of [at('06:02'), at('18:11')]) {
      const time = start + index * 437_000_000 + scene.rng.integer(0, 60_000_000);
      fetchLists(scene, cache.resolve(time, server.ip, site, ['A', 'AAAA']), server.ip);
    }
  }
  for (const start of [at('06:38:07.4'), at('18:24:51.2')]) updateDockerHost(scene, start);
}

function fetchLists(scene: Scene, time: Micros, client: string): ReturnType<typeof httpSession> {
  const requests = lists.map((list): RequestPlan => {
    const isNew = scene.rng.chance(0.3);
    return {
      target: `/debian/dists/${list}`,
      status: isNew ? 200 : 304,
      responseBytes: isNew ? 151_000 : 0,
      ...(isNew ? { contentType: 'text/plain', mime: 'text/plain' } : {}),
    };
  });
  const { address, name } = services.packages;
  return httpSession(scene, { time, client, server: address, host: name, userAgent: userAgents.apt, requests });
}

function updateDockerHost(scene: Scene, time: Micros): void {
  const pid = pidAt(time, 'network');
  const apt = rootProcess(pid + 1, pid, '/usr/bin/apt-get');
  execEvent(scene, time, rootProcess(pid, daemons.systemd, '/usr/bin/dash', 'apt.systemd.dai'), {
    args: ['/bin/sh', '/usr/lib/apt/apt.systemd.daily', 'update'],
    script: '/usr/lib/apt/apt.systemd.daily',
  });
  execEvent(scene, time + millis(180), apt, { args: ['apt-get', '-qq', '-y', 'update'] });
  const method: Process = { ...rootProcess(pid + 2, apt.pid, '/usr/lib/apt/methods/http'), uid: 42 };
  const args = [method.executable];
  execEvent(scene, time + millis(260), method, { args });
  const ready = askFromHost(scene, time + millis(300), services.packages, ['A', 'AAAA'], method, args);
  const [exchange] = fetchLists(scene, ready + millis(2), dockerHost.ip);
  if (exchange !== undefined) connectEvent(scene, exchange.flow, method, { args, waits: false, descriptor: 3 });
}
