import { seconds } from '../../samples/base/clock.ts';
import type { Scene } from '../../samples/model/scene.ts';
import { endOfWork, startOfWork } from '../../samples/behaviours/schedule.ts';
import { createClientCache } from '../../samples/traffic/client-cache.ts';
import { tlsSession } from '../../samples/traffic/tls.ts';
import { workstations, type Workstation } from '../../samples/world/hosts.ts';
import { folderSync } from '../sites.ts';

/** Sales and design keep their folders with a service: it holds a connection open for news, and takes what they save. */
export function cloudSync(scene: Scene): void {
  for (const station of workstations) {
    if (station.role !== 'sales' && station.role !== 'design') continue;
    waitForNews(scene, station);
    saveFiles(scene, station);
  }
}

/** The server lets each question wait for nine minutes. */
function waitForNews(scene: Scene, station: Workstation): void {
  const cache = createClientCache(scene);
  const { notify } = folderSync;
  let time = startOfWork(station) + seconds(scene.rng.around(90, 0.5));
  while (time < endOfWork(station)) {
    const length = scene.rng.chance(0.25) ? scene.rng.integer(4, 500) : 540;
    tlsSession(scene, {
      time: cache.resolve(time, station.ip, notify),
      client: station.ip,
      name: notify.name,
      address: notify.address,
      tls: notify.tls,
      hello: 'go',
      isResumed: true,
      upBytes: 620 + scene.rng.integer(0, 40),
      downBytes: 410 + scene.rng.integer(0, 60),
      durationMicros: seconds(length),
    });
    time += seconds(length + scene.rng.around(2, 0.4));
  }
}

function saveFiles(scene: Scene, station: Workstation): void {
  const cache = createClientCache(scene);
  const { content } = folderSync;
  const length = endOfWork(station) - startOfWork(station);
  const times = Array.from(
    { length: scene.rng.integer(6, 22) },
    () => startOfWork(station) + Math.floor(scene.rng.fraction() * length),
  ).sort((a, b) => a - b);
  for (const time of times) {
    const isSaved = scene.rng.chance(0.6);
    const bytes = scene.rng.skewed(20_000, station.role === 'design' ? 60_000_000 : 9_000_000);
    tlsSession(scene, {
      time: cache.resolve(time, station.ip, content),
      client: station.ip,
      name: content.name,
      address: content.address,
      tls: content.tls,
      hello: 'go',
      isResumed: scene.rng.chance(0.5),
      upBytes: isSaved ? bytes : 2_100,
      downBytes: isSaved ? 1_900 : bytes,
      durationMicros: seconds(2 + bytes / 4_000_000),
    });
  }
}
