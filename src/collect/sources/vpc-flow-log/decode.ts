import type { ProblemList } from '../../../base/problem.ts';
import type { EventRow, VakthundEvent } from '../../../events/event.ts';
import { compileMapping } from '../../mapping/compile.ts';
import { firstOf, mappingTo, read } from '../../mapping/build.ts';
import { finishProtocol, turnAround, turnToClient } from '../../one-way-flow.ts';
import { shapedEvent } from '../../shaped-records.ts';
import type { LineDecoder } from '../../text-lines.ts';
import { columnsOf, defaultColumns, valuesOf } from './line.ts';

/** Addresses of the packets themselves come before those of the interface, which differ behind a NAT gateway or a load balancer. */
const toFlow = compileMapping(
  mappingTo(
    'flow',
    {
      time: firstOf('seconds', 'start', 'end'),
      event_dataset: { constant: 'vpc-flow-log' },
      sensor: read('interface-id', 'text'),
      event_duration: { minus: [read('end', 'seconds'), read('start', 'seconds')] },
      source_ip: firstOf('ip', 'pkt-srcaddr', 'srcaddr'),
      source_port: read('srcport', 'integer'),
      destination_ip: firstOf('ip', 'pkt-dstaddr', 'dstaddr'),
      destination_port: read('dstport', 'integer'),
      network_transport: read('protocol', 'text'),
      source_packets: read('packets', 'integer'),
      source_bytes: read('bytes', 'integer'),
      tcp_flags: read('tcp-flags', 'integer'),
      conn_state: { path: 'action', as: 'text', table: { REJECT: 'S0' }, otherwise: '' },
      end_reason: { path: 'action', as: 'text', table: { REJECT: 'rejected' }, otherwise: '' },
    },
    { drop: ['version', 'log-status'], keep: ['action'] },
  ),
  { nested: false, unset: '-' },
);

/** Records under their header, which is the state; a header may come again where files were put together. */
export function decoder(state: string | undefined): LineDecoder {
  let columns = state === undefined ? defaultColumns : state.split(' ');
  return {
    state: () => (columns === defaultColumns ? undefined : columns.join(' ')),
    line(text, line, problems) {
      const header = columnsOf(text);
      if (header !== undefined) {
        columns = header.join(' ') === defaultColumns.join(' ') ? defaultColumns : [...header];
        return [];
      }
      const values = valuesOf(text, columns);
      if (values === undefined) return 'a line is no record of a VPC flow log';
      return eventOf(Object.fromEntries(columns.map((name, index) => [name, values[index] ?? ''])), line, problems);
    },
  };
}

function eventOf(record: Record<string, string>, line: number, problems: ProblemList): VakthundEvent | [] {
  const status = record['log-status'];
  if (status === 'SKIPDATA') {
    const message = `AWS skipped records of ${record['interface-id'] ?? 'an interface'}`;
    problems.add({ code: 'events-lost', at: { line }, message });
  }
  if (status === 'SKIPDATA' || status === 'NODATA') return [];
  return shapedEvent({ convert: toFlow, record, finish }, line, problems);
}

const [syn, ack] = [2, 16];

function finish(row: EventRow): void {
  for (const column of ['conn_state', 'end_reason']) if (row[column] === '') row[column] = null;
  finishProtocol(row);
  const flags = row['tcp_flags'];
  if (typeof flags !== 'number') {
    turnToClient(row);
    return;
  }
  row['tcp_flags'] = flags.toString(16).padStart(2, '0');
  // Only openings and ends are logged: 2 for who opened, 18 for who answered, none for a long connection in between.
  if ((flags & syn) === 0) turnToClient(row);
  else if ((flags & ack) !== 0) turnAround(row);
}
