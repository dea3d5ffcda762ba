import { seconds } from '../../samples/base/clock.ts';
import type { Scene } from '../../samples/model/scene.ts';
import type { Micros } from '../../../src/base/time.ts';
import { addFlow } from '../../samples/traffic/flow.ts';
import { tcp } from '../../samples/traffic/tcp.ts';
import { dnsServer, servers } from '../../samples/world/hosts.ts';
import { on, weekEnd } from '../calendar.ts';
import type { Planted } from './planted.ts';

/** A maker of small computers (its block of the IEEE register). */
const device = { ip: '10.20.10.180', mac: 'b8:27:eb:10:20:30', name: 'raspberrypi' } as const;

/** A small computer behind a desk takes an address on Thursday, and looks who else is there. */
export const rogueDevice: Planted = {
  detectors: ['analytics/rogue-device'],
  entities: [device.mac, device.ip],
  play(scene) {
    const start = on('Thu', '16:31:05');
    lease(scene, start, false);
    for (let time = start + seconds(21_600); time < weekEnd; time += seconds(21_600)) lease(scene, time, true);
    for (const [index, target] of servers.entries()) {
      for (const port of [22, 445]) {
        tcp(scene, {
          time: start + seconds(120 + index * 40 + port / 100),
          client: device.ip,
          server: target.ip,
          serverPort: port,
          upBytes: 0,
          downBytes: 0,
          durationMicros: 0,
          state: 'REJ',
        });
      }
    }
  },
};

function lease(scene: Scene, time: Micros, isRenewal: boolean): void {
  const payload = { payloadBytes: 300, packets: 1, ipBytes: 328 };
  const flow = addFlow(scene, {
    time,
    transport: 'udp',
    client: { ip: isRenewal ? device.ip : '0.0.0.0', port: 68 },
    server: { ip: isRenewal ? dnsServer.ip : '255.255.255.255', port: 67 },
    durationMicros: 2_100,
    services: ['dhcp'],
    appProto: 'dhcp',
    up: payload,
    down: payload,
    state: 'SF',
    history: 'Dd',
  });
  const { mac, name: hostName, ip } = device;
  scene.evidence.dhcp.push({ flow, time, mac, hostName, ip, isRenewal, durationMicros: 2_100 });
}
