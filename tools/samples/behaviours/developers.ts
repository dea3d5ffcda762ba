import type { Micros } from '../../../src/base/time.ts';
import { at, seconds } from '../base/clock.ts';
import type { Scene } from '../model/scene.ts';
import { createClientCache, type ClientCache } from '../traffic/client-cache.ts';
import { sshSession } from '../traffic/ssh.ts';
import { tlsSession } from '../traffic/tls.ts';
import { gitServer, workstation, workstations } from '../world/hosts.ts';
import { services, type Site } from '../world/sites.ts';
import { busyTime, endOfWork, startOfWork } from './schedule.ts';

/** Git over SSH and HTTPS, package downloads, SSH sessions that last all day, and one container image of 900 MB pushed out. */
export function developers(scene: Scene): void {
  const cache = createClientCache(scene);
  for (const station of workstations) {
    if (station.role !== 'developer') continue;
    const times = Array.from({ length: 9 }, () => busyTime(scene, station)).sort((a, b) => a - b);
    for (const time of times) {
      const site = scene.rng.pick([services.code, services.codeApi, services.nodePackages]);
      if (scene.rng.chance(0.5)) gitOverSsh(scene, cache, station.ip, time);
      else request(scene, cache, station.ip, time, site);
    }
    sshSession(scene, {
      time: startOfWork(station) + seconds(900),
      client: station.ip,
      server: gitServer.ip,
      upBytes: scene.rng.integer(60_000, 300_000),
      downBytes: scene.rng.integer(400_000, 2_400_000),
      durationMicros: endOfWork(station) - startOfWork(station) - seconds(1500),
    });
  }
  sessionOverMidnight(scene);
  pushImage(scene, cache, at('15:12:40'));
}

function gitOverSsh(scene: Scene, cache: ClientCache, client: string, time: Micros): void {
  sshSession(scene, {
    time: cache.resolve(time, client, services.code),
    client,
    server: services.code.address,
    serverVersion: 'SSH-2.0-codeharbor-7f3a1e0',
    upBytes: scene.rng.skewed(3_000, 4_000_000),
    downBytes: scene.rng.skewed(4_000, 30_000_000),
    durationMicros: seconds(scene.rng.integer(1, 25)),
  });
}

function request(scene: Scene, cache: ClientCache, client: string, time: Micros, site: Site): void {
  tlsSession(scene, {
    time: cache.resolve(time, client, site, ['A', 'AAAA']),
    client,
    name: site.name,
    address: site.address,
    tls: site.tls,
    hello: site === services.code ? 'gnutls' : 'python',
    upBytes: scene.rng.skewed(1_200, 90_000),
    downBytes: scene.rng.skewed(8_000, 24_000_000),
    durationMicros: seconds(scene.rng.integer(1, 40)),
  });
}

/** Opened the evening before, closed after midnight: its start lies outside the day. */
function sessionOverMidnight(scene: Scene): void {
  sshSession(scene, {
    time: at('00:41:12') - seconds(10_800),
    client: workstation(19).ip,
    server: gitServer.ip,
    upBytes: 88_120,
    downBytes: 1_204_332,
    durationMicros: seconds(10_800),
  });
}

/** Layers go up one after another; most of the bytes are in two of them. */
function pushImage(scene: Scene, cache: ClientCache, start: Micros): void {
  const client = workstation(4).ip;
  const layers = [612_000_000, 241_000_000, 38_000_000, 4_200_000, 11_000, 9_000];
  let time = start;
  for (const layerBytes of layers) {
    const durationMicros = Math.round(layerBytes / scene.rng.around(8, 0.1)) + seconds(0.6);
    tlsSession(scene, {
      time: cache.resolve(time, client, services.imageRegistry),
      client,
      name: services.imageRegistry.name,
      address: services.imageRegistry.address,
      tls: services.imageRegistry.tls,
      hello: 'go',
      isResumed: time !== start,
      upBytes: layerBytes + 3_100,
      downBytes: 5_900,
      durationMicros,
    });
    time += durationMicros + seconds(0.7);
  }
}
