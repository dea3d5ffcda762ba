import { at, dayEnd, dayStart, seconds } from '../base/clock.ts';
import type { Scene } from '../model/scene.ts';
import { tlsSession } from '../traffic/tls.ts';
import { dnsServer } from '../world/hosts.ts';
import { services } from '../world/sites.ts';

/** dns01 forwards what it does not know by DNS over TLS: connections of minutes to one address, day and night. */
export function resolverUpstream(scene: Scene): void {
  const site = services.upstreamResolver;
  let time = dayStart + seconds(31.402_117);
  while (time < dayEnd - seconds(2000)) {
    const isBusy = time > at('06:30') && time < at('18:00');
    const length = scene.rng.skewed(40, isBusy ? 1_500 : 700);
    const questions = 3 + Math.round(length * (isBusy ? 0.4 : 0.08));
    tlsSession(scene, {
      time,
      client: dnsServer.ip,
      name: site.name,
      address: site.address,
      port: 853,
      tls: site.tls,
      hello: 'openssl',
      isResumed: scene.rng.chance(0.7),
      upBytes: questions * 82,
      downBytes: questions * scene.rng.integer(150, 230),
      durationMicros: seconds(length),
    });
    time += seconds(length + scene.rng.around(isBusy ? 140 : 450, 0.8));
  }
}
