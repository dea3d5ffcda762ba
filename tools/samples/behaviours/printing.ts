import { seconds } from '../base/clock.ts';
import type { Scene } from '../model/scene.ts';
import { createClientCache } from '../traffic/client-cache.ts';
import { httpSession } from '../traffic/http.ts';
import { tcp } from '../traffic/tcp.ts';
import { tlsSession } from '../traffic/tls.ts';
import { printers, workstation, workstations } from '../world/hosts.ts';
import { services } from '../world/sites.ts';
import { busyTime, periodic, uptime } from './schedule.ts';

/** Print jobs, printers that ask their maker for supplies, and one odd driver. */
export function printing(scene: Scene): void {
  pollStatus(scene);
  for (const station of workstations) {
    const jobs = scene.rng.integer(0, 3);
    for (let job = 0; job < jobs; job++) {
      const printer = printers[station.number % printers.length];
      tcp(scene, {
        time: busyTime(scene, station),
        client: station.ip,
        server: printer?.ip ?? '10.20.20.11',
        serverPort: 9100,
        upBytes: scene.rng.skewed(60_000, 9_000_000),
        downBytes: 0,
        durationMicros: seconds(scene.rng.integer(1, 20)),
      });
    }
  }
  const cache = createClientCache(scene);
  for (const [index, printer] of printers.entries()) {
    const site = services.printerSupplies;
    tlsSession(scene, {
      time: cache.resolve(uptime(workstation(1))[0] + seconds(14_400.382 + index * 611.71), printer.ip, site),
      client: printer.ip,
      name: site.name,
      address: site.address,
      tls: site.tls,
      hello: 'agent',
      upBytes: 2_600,
      downBytes: 900,
      durationMicros: seconds(2.4),
    });
  }
}

/** The status monitor that came with a driver asks one printer every ten minutes: on one workstation only, and inside. */
function pollStatus(scene: Scene): void {
  const station = workstation(7);
  const printer = printers[1];
  if (printer === undefined) return;
  const [from, to] = uptime(station);
  for (const time of periodic(scene, from + seconds(40), to, 600, 0.002)) {
    httpSession(scene, {
      time,
      client: station.ip,
      server: printer.ip,
      port: 631,
      host: `${printer.ip}:631`,
      userAgent: 'Inkline-StatusMonitor/4.11',
      requests: [
        {
          method: 'POST',
          target: '/ipp/print',
          requestBytes: 214,
          requestMime: 'application/ipp',
          responseBytes: 1_187,
          contentType: 'application/ipp',
        },
      ],
    });
  }
}
