import type { EventRow } from '../events/event.ts';

/** Ports that servers have and clients do not get. */
const firstClientPort = 1024;
const protocols: ReadonlyMap<string, string> = new Map([
  ['1', 'icmp'],
  ['6', 'tcp'],
  ['17', 'udp'],
  ['58', 'icmp'],
  ['132', 'sctp'],
  ['icmp6', 'icmp'],
  ['ipv6-icmp', 'icmp'],
]);

/** A record of one direction that is the answer: its sender is the server. What tells both ways stays as it is. */
export function turnToClient(row: EventRow): void {
  const from = row['source_port'];
  const to = row['destination_port'];
  if (row['network_transport'] === 'icmp' || row['destination_bytes'] !== null) return;
  if (typeof from !== 'number' || typeof to !== 'number') return;
  if (from >= firstClientPort || to < firstClientPort || from === 0) return;
  turnAround(row);
}

/** Makes the sender the answerer. */
export function turnAround(row: EventRow): void {
  swap(row, 'ip');
  swap(row, 'port');
  swap(row, 'bytes');
  swap(row, 'packets');
  swap(row, 'mac');
}

function swap(row: EventRow, part: string): void {
  const source = row[`source_${part}`] ?? null;
  row[`source_${part}`] = row[`destination_${part}`] ?? null;
  row[`destination_${part}`] = source;
}

/** Protocol by number or name, in our words; ICMP has its type and code in place of ports. */
export function finishProtocol(row: EventRow): void {
  const written = row['network_transport'];
  if (typeof written !== 'string') return;
  const name = written.trim().toLowerCase();
  const transport = protocols.get(name) ?? name;
  row['network_transport'] = transport;
  if (/^\d{1,3}$/.test(name)) row['network_iana_number'] = Number(name);
  // Exporters put type and code into the port of the answerer.
  const { source_port: from, destination_port: to } = row;
  if (transport !== 'icmp' || typeof to !== 'number' || (from !== 0 && from !== null)) return;
  row['source_port'] = to >> 8;
  row['destination_port'] = to & 255;
}
