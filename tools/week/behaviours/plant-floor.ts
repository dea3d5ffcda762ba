import type { Micros } from '../../../src/base/time.ts';
import { periodic } from '../../samples/behaviours/schedule.ts';
import { at, dayEnd, dayStart, seconds } from '../../samples/base/clock.ts';
import type { Scene } from '../../samples/model/scene.ts';
import { createClientCache } from '../../samples/traffic/client-cache.ts';
import { udp } from '../../samples/traffic/datagrams.ts';
import { httpSession } from '../../samples/traffic/http.ts';
import { tcp } from '../../samples/traffic/tcp.ts';
import { tlsSession } from '../../samples/traffic/tls.ts';
import { dnsServer, fileServer } from '../../samples/world/hosts.ts';
import { machineVendor } from '../sites.ts';

/** Address in the network of the machines. */
const floor = (last: number): string => `10.20.40.${last}`;
const range = (from: number, count: number): string[] => Array.from({ length: count }, (_none, at) => floor(from + at));

/** Controllers that are asked anew each time (Modbus), and such that hold a connection (S7). */
const modbusControllers = range(11, 4);
const s7Controllers = range(15, 4);
const panels = range(31, 3);
const handhelds = range(71, 8);
const [historian, engineering, gateway, cell] = [floor(50), floor(60), floor(5), floor(51)];
/** The server that gives out orders and takes what was made. */
const execution = { ip: '10.20.30.40', name: 'mes.corp.fjord.example' } as const;
const [modbus, isoOnTcp, opcUa] = [502, 102, 4840];

/** Machines work round the clock: what they are asked hangs on no clock of people. */
export function plantFloor(scene: Scene): void {
  for (const controller of modbusControllers) pollModbus(scene, controller);
  for (const controller of s7Controllers) {
    hold(scene, historian, controller, isoOnTcp, 6, 900, 5200);
    for (const panel of panels) hold(scene, panel, controller, isoOnTcp, 8, 420, 2600);
  }
  hold(scene, historian, cell, opcUa, 12, 700, 9_800);
  for (const controller of [...modbusControllers, ...s7Controllers]) askTheTime(scene, controller);
  copyHistory(scene);
  for (const handheld of handhelds) bookParts(scene, handheld);
  sendConditions(scene);
}

/** A connection for each question, ten registers of it: every minute. */
function pollModbus(scene: Scene, controller: string): void {
  for (const time of periodic(scene, dayStart + seconds(4), dayEnd, 60, 0.01)) {
    tcp(scene, {
      time,
      client: historian,
      server: controller,
      serverPort: modbus,
      upBytes: 48,
      downBytes: 164,
      durationMicros: scene.rng.integer(9_000, 40_000),
      services: ['modbus'],
      appProto: 'modbus',
    });
  }
}

/** Connections of so many hours, one after the other, with bytes a minute. */
function hold(
  scene: Scene,
  client: string,
  server: string,
  serverPort: number,
  hours: number,
  upAMinute: number,
  downAMinute: number,
): void {
  const last = dayEnd - seconds(120);
  for (let time = dayStart + seconds(scene.rng.integer(5, 600)); time < last;) {
    const length = Math.min(scene.rng.around(hours * 3600, 0.2), (last - time) / 1_000_000);
    tcp(scene, {
      time: Math.round(time),
      client,
      server,
      serverPort,
      upBytes: Math.round((length / 60) * upAMinute),
      downBytes: Math.round((length / 60) * downAMinute),
      durationMicros: seconds(length),
      ...(scene.rng.chance(0.2) ? { state: 'RSTO' as const } : {}),
    });
    time += seconds(length + scene.rng.integer(2, 30));
  }
}

function askTheTime(scene: Scene, client: string): void {
  for (const time of periodic(scene, dayStart + seconds(scene.rng.integer(1, 900)), dayEnd, 1024, 0.01)) {
    udp(scene, {
      time,
      client,
      clientPort: 123,
      server: dnsServer.ip,
      serverPort: 123,
      up: { bytes: 48, packets: 1 },
      down: { bytes: 48, packets: 1 },
      durationMicros: scene.rng.integer(300, 2_000),
      services: ['ntp'],
      appProto: 'ntp',
    });
  }
}

/** What was measured goes to the file server each hour, night or day. */
function copyHistory(scene: Scene): void {
  for (const time of periodic(scene, dayStart + seconds(300), dayEnd - seconds(300), 3600, 0.002)) {
    tcp(scene, {
      time,
      client: historian,
      server: fileServer.ip,
      serverPort: 445,
      upBytes: scene.rng.integer(30_000_000, 48_000_000),
      downBytes: scene.rng.integer(90_000, 160_000),
      durationMicros: seconds(scene.rng.integer(8, 30)),
      services: ['smb', 'gssapi', 'ntlm'],
      appProto: 'smb',
    });
  }
}

/** A part every one to four minutes, in three shifts with pauses between. */
function bookParts(scene: Scene, handheld: string): void {
  for (const shift of ['00:05', '06:05', '14:05', '22:05']) {
    const end = Math.min(at(shift) + seconds(7.6 * 3600), shift === '00:05' ? at('05:50') : dayEnd - seconds(60));
    for (let time = at(shift) + seconds(scene.rng.integer(10, 500)); time < end;) {
      bookPart(scene, handheld, time);
      time += seconds(scene.rng.integer(60, 240));
    }
  }
}

function bookPart(scene: Scene, client: string, time: Micros): void {
  httpSession(scene, {
    time,
    client,
    server: execution.ip,
    port: 8080,
    host: execution.name,
    userAgent: 'okhttp/4.12.0',
    requests: [
      {
        method: 'POST',
        target: '/api/bookings',
        requestBytes: scene.rng.integer(180, 460),
        requestMime: 'application/json',
        responseBytes: scene.rng.integer(60, 190),
        contentType: 'application/json',
      },
    ],
  });
}

/** The vendor of the presses is told their condition every five minutes, through a connection that is made anew each time. */
function sendConditions(scene: Scene): void {
  const cache = createClientCache(scene);
  const { telemetry } = machineVendor;
  for (const time of periodic(scene, dayStart + seconds(40), dayEnd - seconds(60), 300, 0.01)) {
    tlsSession(scene, {
      time: cache.resolve(time, gateway, telemetry),
      client: gateway,
      name: telemetry.name,
      address: telemetry.address,
      port: 8883,
      tls: telemetry.tls,
      hello: 'openssl',
      isResumed: true,
      upBytes: 5_200 + scene.rng.integer(0, 2_400),
      downBytes: 310 + scene.rng.integer(0, 12),
      durationMicros: scene.rng.integer(300_000, 1_400_000),
    });
  }
}

/** The vendor looks at a panel at night, through the tunnel that the gateway holds open for it. */
export function remoteMaintenance(scene: Scene): void {
  const cache = createClientCache(scene);
  const { tunnel } = machineVendor;
  const start = at('01:40:20') + seconds(scene.rng.integer(0, 2400));
  const length = scene.rng.integer(1500, 4200);
  tlsSession(scene, {
    time: cache.resolve(start, gateway, tunnel),
    client: gateway,
    name: tunnel.name,
    address: tunnel.address,
    tls: tunnel.tls,
    hello: 'openssl',
    upBytes: length * 21_000,
    downBytes: length * 1_900,
    durationMicros: seconds(length),
  });
  tcp(scene, {
    time: start + seconds(42),
    client: gateway,
    server: scene.rng.pick(panels),
    serverPort: 5900,
    upBytes: length * 900,
    downBytes: length * 19_000,
    durationMicros: seconds(length - 90),
    services: ['rfb'],
    appProto: 'rfb',
  });
}

/** Programs of all controllers are read back by the engineering station, and one is written. */
export function controllerPrograms(scene: Scene): void {
  let time = at('04:20:00') + seconds(scene.rng.integer(0, 600));
  const written = scene.rng.pick(s7Controllers);
  for (const controller of s7Controllers) {
    tcp(scene, {
      time,
      client: engineering,
      server: controller,
      serverPort: isoOnTcp,
      upBytes: controller === written ? scene.rng.integer(400_000, 900_000) : scene.rng.integer(20_000, 40_000),
      downBytes: scene.rng.integer(1_200_000, 3_400_000),
      durationMicros: seconds(scene.rng.integer(40, 160)),
    });
    time += seconds(scene.rng.integer(180, 300));
  }
}
