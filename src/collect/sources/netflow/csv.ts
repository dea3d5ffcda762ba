import type { ProblemList } from '../../../base/problem.ts';
import type { EventRow, VakthundEvent } from '../../../events/event.ts';
import { rowOf, splitCsv } from '../../csv.ts';
import { compileMapping } from '../../mapping/compile.ts';
import { mappingTo, read } from '../../mapping/build.ts';
import { shapedEvent } from '../../shaped-records.ts';
import type { LineDecoder } from '../../text-lines.ts';
import { finishProtocol, turnToClient } from '../../one-way-flow.ts';

/** Columns of nfdump that every version has. */
const needed = ['ts', 'td', 'sa', 'da', 'sp', 'dp', 'pr', 'ipkt', 'ibyt'];

const toFlow = compileMapping(
  mappingTo('flow', {
    time: read('ts', 'iso'),
    event_dataset: { constant: 'netflow.nfdump' },
    sensor: read('ra', 'text'),
    event_duration: read('td', 'interval'),
    source_ip: read('sa', 'ip'),
    source_port: read('sp', 'integer'),
    destination_ip: read('da', 'ip'),
    destination_port: read('dp', 'integer'),
    network_transport: read('pr', 'text'),
    source_packets: read('ipkt', 'integer'),
    source_bytes: read('ibyt', 'integer'),
    destination_packets: read('opkt', 'integer'),
    destination_bytes: read('obyt', 'integer'),
    tcp_flags: read('flg', 'text'),
    network_vlan_id: read('svln', 'integer'),
  }),
  { nested: false },
);
/** What nfdump writes for a field that an exporter did not send. */
const nothing = new Set(['', '0', '0.0.0.0', '::', '00:00:00:00:00:00', '0-0-0', '0.000', '0/0', '........']);
const always = new Set(['ts', 'td', 'sa', 'da', 'sp', 'dp', 'pr', 'ipkt', 'ibyt']);

export function isNfdumpHeader(line: string): boolean {
  const names = line.trimEnd().split(',');
  return names[0] === 'ts' && needed.every((name) => names.includes(name));
}

/** Lines under their header, which is kept in the state; the summary at the end says nothing new. */
export function csvDecoder(state: string | undefined): LineDecoder {
  let header = state === undefined || state === 'summary' ? undefined : state.split(',');
  let isSummary = state === 'summary';
  return {
    state: () => (isSummary ? 'summary' : header?.join(',')),
    line(text, line, problems) {
      if (header === undefined && isNfdumpHeader(text)) {
        header = text.trimEnd().split(',');
        return [];
      }
      isSummary ||= text.trimEnd() === 'Summary';
      if (isSummary || /^(?:No matched flows|Time window:|Total flows|Sys:)/.test(text)) return [];
      const fields = splitCsv(text);
      const row = header === undefined || fields === undefined ? undefined : rowOf(header, fields);
      return row?.['ibyt'] === undefined ? 'a line is no flow of nfdump' : flowOf(row, line, problems);
    },
  };
}

function flowOf(row: Record<string, string>, line: number, problems: ProblemList): VakthundEvent {
  const told = Object.entries(row)
    .map(([name, value]): [string, string] => [name, value.trim()])
    .filter(([name, value]) => always.has(name) || !nothing.has(value));
  return shapedEvent({ convert: toFlow, record: Object.fromEntries(told), finish }, line, problems);
}

function finish(row: EventRow): void {
  finishProtocol(row);
  turnToClient(row);
}
