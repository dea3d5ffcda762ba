import type { Micros } from '../../../src/base/time.ts';
import { at, dayEnd, dayStart, seconds } from '../base/clock.ts';
import type { Scene } from '../model/scene.ts';
import { ping, udp } from '../traffic/datagrams.ts';
import { ask, type Question } from '../traffic/dns.ts';
import { httpSession } from '../traffic/http.ts';
import { tlsSession } from '../traffic/tls.ts';
import { selfSignedCertificate } from '../world/certificates.ts';
import { dockerHost, insideDomain, monitoringServer, printers, servers, workstations } from '../world/hosts.ts';
import { accessLine } from '../world/web-shop.ts';
import { periodic } from './schedule.ts';

const probeAgent = 'check_http/v2.3.3 (monitoring-plugins 2.3.3)';

/** mon01 looks at every server and printer each hour, at the shop twice, checks certificates, and sweeps the reverse zone at night. */
export function monitoring(scene: Scene): void {
  const from = dayStart + seconds(97);
  for (const target of [...servers, ...printers]) {
    if (target === monitoringServer) continue;
    const start = from + seconds(scene.rng.integer(0, 240));
    for (const time of periodic(scene, start, dayEnd - seconds(60), 3600, 0.004)) {
      ping(scene, time, monitoringServer.ip, target.ip, 3);
      if (printers.includes(target)) readCounters(scene, time + seconds(4), target.ip);
    }
  }
  for (const time of periodic(scene, from + seconds(50), dayEnd - seconds(60), 1800, 0.004)) checkShop(scene, time);
  for (const [index, printer] of printers.entries()) checkCertificate(scene, at(`05:0${index}:12`), printer);
  sweepReverseZone(scene, at('03:15:02'));
}

function readCounters(scene: Scene, time: Micros, printer: string): void {
  udp(scene, {
    time,
    client: monitoringServer.ip,
    server: printer,
    serverPort: 161,
    up: { bytes: 129, packets: 3 },
    down: { bytes: 147 + scene.rng.integer(0, 6), packets: 3 },
    durationMicros: scene.rng.integer(9_000, 60_000),
    services: ['snmp'],
    appProto: 'snmp',
  });
}

function checkShop(scene: Scene, time: Micros): void {
  const [exchange] = httpSession(scene, {
    time,
    client: monitoringServer.ip,
    server: dockerHost.ip,
    host: 'www.fjord.example',
    userAgent: probeAgent,
    requests: [{ target: '/health', responseBytes: 15, contentType: 'application/json', mime: 'application/json' }],
  });
  if (exchange !== undefined) scene.evidence.container.push(accessLine(exchange));
}

/** Printers make their own certificates, which Zeek reports. */
function checkCertificate(scene: Scene, time: Micros, printer: { readonly name: string; readonly ip: string }): void {
  const name = `${printer.name}.${insideDomain}`;
  const answers = [{ name, type: 'A', ttlSeconds: 1200, data: printer.ip }];
  const ready = ask(scene, time, monitoringServer.ip, [{ name, type: 'A', answers }], 'own');
  tlsSession(scene, {
    time: ready + 800,
    client: monitoringServer.ip,
    name,
    address: printer.ip,
    tls: 'tls12',
    hello: 'openssl',
    certificate: selfSignedCertificate(name),
    upBytes: 310,
    downBytes: 1_900,
    durationMicros: seconds(0.4),
  });
}

/** 254 questions from a few sockets: noisy, and about our own addresses. */
function sweepReverseZone(scene: Scene, time: Micros): void {
  const known = new Map(workstations.map((station) => [station.ip, station.name]));
  const questions = Array.from({ length: 254 }, (_none, index): Question => {
    const name = `${index + 1}.10.20.10.in-addr.arpa`;
    const host = known.get(`10.20.10.${index + 1}`);
    if (host === undefined) return { name, type: 'PTR', answers: [], responseCode: 'NXDOMAIN' };
    return { name, type: 'PTR', answers: [{ name, type: 'PTR', ttlSeconds: 1200, data: `${host}.${insideDomain}` }] };
  });
  for (let start = 0; start < questions.length; start += 64) {
    ask(scene, time + seconds(start / 32), monitoringServer.ip, questions.slice(start, start + 64), 'own');
  }
}
