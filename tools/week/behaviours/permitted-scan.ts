import { at, millis } from '../../samples/base/clock.ts';
import type { Scene } from '../../samples/model/scene.ts';
import { tcp } from '../../samples/traffic/tcp.ts';
import { printers, servers } from '../../samples/world/hosts.ts';

/** The scanner that looks for weaknesses, with the permission of everybody who must give it. */
export const scanner = { name: 'scan01', ip: '10.20.30.30' } as const;

const openPorts: Readonly<Record<string, readonly number[]>> = {
  '10.20.30.10': [22, 53],
  '10.20.30.15': [22, 25, 143, 993],
  '10.20.30.16': [22, 445],
  '10.20.30.20': [22, 80],
  '10.20.30.22': [22, 443],
};
const highPorts = [
  143, 161, 389, 443, 445, 587, 636, 993, 1433, 1521, 2049, 2375, 3000, 3306, 3389, 5432, 5601, 5900, 5985, 6379, 8000,
  8080, 8443, 9000, 9090, 9200, 11_211, 27_017,
];
const ports = [...Array.from({ length: 110 }, (_none, index) => index + 1), ...highPorts];

/** Every known port of every server and printer, on Wednesday evening. */
export function permittedScan(scene: Scene): void {
  let time = at('20:00:00');
  for (const target of [...servers, ...printers]) {
    for (const port of ports) {
      const isOpen = openPorts[target.ip]?.includes(port) === true;
      tcp(scene, {
        time,
        client: scanner.ip,
        server: target.ip,
        serverPort: port,
        upBytes: 0,
        downBytes: isOpen ? 40 : 0,
        durationMicros: millis(isOpen ? 220 : 1),
        state: isOpen ? 'RSTO' : 'REJ',
      });
      time += millis(scene.rng.integer(20, 60));
    }
  }
}
