import type { Site } from '../samples/world/sites.ts';

/** Places outside that only the week has, ordinary and not. */
export function place(name: string, address: string, rttMs: number, tls: Site['tls'] = 'tls13'): Site {
  return { name, address, tls, ttlSeconds: 300, rttMs };
}

export const folderSync = {
  notify: place('notify.filelane.example', '192.0.2.90', 14),
  content: place('content.filelane.example', '192.0.2.91', 14),
} as const;
export const drawingVendor = place('updates.drawdesk.example', '198.51.100.48', 22, 'tls12');
/** Who made the machines of a factory. */
export const machineVendor = {
  telemetry: place('ingest.pressworks.example', '198.51.100.61', 24, 'tls12'),
  tunnel: place('remote.pressworks.example', '198.51.100.62', 24, 'tls12'),
} as const;
