import type { Micros } from '../../../src/base/time.ts';
import { at, seconds } from '../base/clock.ts';
import { digest } from '../base/ids.ts';
import type { Scene } from '../model/scene.ts';
import { createClientCache } from '../traffic/client-cache.ts';
import { httpSession } from '../traffic/http.ts';
import { tlsSession } from '../traffic/tls.ts';
import { workstations, type Workstation } from '../world/hosts.ts';
import { services } from '../world/sites.ts';
import { periodic, startOfWork, uptime } from './schedule.ts';

const updaterAgent = 'System-Delivery-Optimization/10.0';

/** System and virus scanner updates, connectivity checks and certificate status of the workstations. */
export function updates(scene: Scene): void {
  const cache = createClientCache(scene);
  for (const station of workstations) {
    const [from, to] = uptime(station);
    for (const time of periodic(scene, from + seconds(scene.rng.around(4_500, 0.98)), to, 21_600, 0.3)) {
      for (const site of [services.systemUpdate, services.antivirus]) {
        tlsSession(scene, {
          time: cache.resolve(time, station.ip, site),
          client: station.ip,
          name: site.name,
          address: site.address,
          tls: site.tls,
          hello: 'system',
          isResumed: scene.rng.chance(0.3),
          upBytes: scene.rng.integer(2_100, 5_400),
          downBytes: scene.rng.skewed(2_000, 160_000),
          durationMicros: seconds(scene.rng.integer(1, 65)),
        });
      }
      const later = time + seconds(scene.rng.around(9, 0.2));
      if (scene.rng.chance(0.25)) download(scene, station, cache.resolve(later, station.ip, services.systemDownload));
    }
    const start = startOfWork(station) + seconds(scene.rng.around(4, 0.4));
    if (station.isLaptop) checkConnection(scene, station, cache.resolve(start, station.ip, services.connectivityCheck));
    const opened = start + seconds(scene.rng.around(300, 0.5));
    checkCertificate(scene, station, cache.resolve(opened, station.ip, services.certificateStatus));
  }
}

/** One patch in pieces of a megabyte or more; the patches of one day are the same for all. */
function download(scene: Scene, station: Workstation, time: Micros): void {
  const patch = scene.rng.integer(1, 3);
  const hash = digest('sha1', `patch ${patch}`);
  httpSession(scene, {
    time,
    client: station.ip,
    server: services.systemDownload.address,
    host: services.systemDownload.name,
    userAgent: updaterAgent,
    requests: [
      {
        target: `/filestreaming/files/${hash}?P1=1773187200&P2=404`,
        responseBytes: 1_048_576 * (patch + 1),
        contentType: 'application/octet-stream',
        mime: 'application/vnd.ms-cab-compressed',
      },
    ],
  });
}

function checkConnection(scene: Scene, station: Workstation, time: Micros): void {
  httpSession(scene, {
    time: Math.max(time, at('06:00')),
    client: station.ip,
    server: services.connectivityCheck.address,
    host: services.connectivityCheck.name,
    userAgent: 'System NCSI',
    requests: [{ target: '/connecttest.txt', responseBytes: 22, contentType: 'text/plain', mime: 'text/plain' }],
  });
}

function checkCertificate(scene: Scene, station: Workstation, time: Micros): void {
  httpSession(scene, {
    time,
    client: station.ip,
    server: services.certificateStatus.address,
    host: services.certificateStatus.name,
    userAgent: 'System-CryptoAPI/10.0',
    requests: [
      {
        method: 'POST',
        target: '/',
        requestBytes: 83,
        requestMime: 'application/ocsp-request',
        responseBytes: 471,
        contentType: 'application/ocsp-response',
        mime: 'application/ocsp-response',
      },
    ],
  });
}
