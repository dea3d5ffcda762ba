import { microsPerDay, microsPerHour, microsPerMinute, microsPerSecond } from '../../../src/base/time.ts';
import type { EventOf, VakthundEvent } from '../../../src/events/event.ts';
import type { Random } from '../../fuzz/random.ts';
import { dayStart, event } from '../event-store.ts';

export const megabyte = 1_000_000;

/** One connection in a sensor's words: payload in both directions, what the wire adds, and the name it was made with. */
export interface Connection {
  readonly time: number;
  readonly source: string;
  readonly destination: string;
  readonly port?: number;
  readonly transport?: string;
  readonly sent: number;
  readonly received: number;
  readonly name?: string;
  readonly isOpen?: boolean;
}

let made = 0;

export function toFlowEvents(connection: Connection): VakthundEvent[] {
  const { time, source, destination, port = 443, transport = 'tcp', sent, received, name, isOpen } = connection;
  const uid = `C${made++}`;
  const ends = {
    source_ip: source,
    destination_ip: destination,
    destination_port: port,
    network_transport: transport,
    uid,
  };
  const flow: Partial<EventOf<'flow'>> = {
    ...ends,
    time,
    event_dataset: isOpen === true ? 'zeek.open_conn' : 'zeek.conn',
    is_open: isOpen === true,
    event_duration: 30 * microsPerSecond,
    source_payload_bytes: Math.round(sent),
    destination_payload_bytes: Math.round(received),
    source_bytes: Math.round(sent * 1.03 + received * 0.01 + 300),
    destination_bytes: Math.round(received * 1.03 + sent * 0.01 + 300),
    conn_state: 'SF',
  };
  const handshake = name === undefined ? [] : [event('tls', { ...ends, time, tls_client_server_name: name })];
  return [event('flow', flow), ...handshake];
}

/** An outside address of a network that nothing else here uses. */
export function outsideAddress(random: Random): string {
  return `${random.pick([23, 45, 91, 151, 185])}.${random.below(250) + 1}.${random.below(250) + 1}.${random.below(250) + 1}`;
}

/** µs of a time of day in hours, with a scatter of minutes. */
export function at(random: Random, day: number, hour: number, scatterMinutes: number): number {
  return (
    dayStart +
    day * microsPerDay +
    Math.round(hour * microsPerHour) +
    random.below(Math.max(1, scatterMinutes)) * microsPerMinute
  );
}

/** A number around `mean`, half to one and a half of it. */
export function around(random: Random, mean: number): number {
  return mean * (0.5 + random.below(1000) / 1000);
}

/** A number around `mean` with a share of scatter on both sides. */
export function near(random: Random, mean: number, scatter: number): number {
  return mean * (1 - scatter + (2 * scatter * random.below(1000)) / 1000);
}
