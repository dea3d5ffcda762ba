import type { EventRow } from '../../../events/event.ts';
import type { Mapping } from '../../../events/mapping.ts';
import type { JsonObject } from '../../json-value.ts';
import { compileMapping } from '../../mapping/compile.ts';
import { firstOf, mappingTo, read } from '../../mapping/build.ts';
import { isoFromNanos } from '../../mapping/nanos.ts';
import { isObject } from '../../mapping/paths.ts';
import { shapedDecoder, type Shape } from '../../shaped-records.ts';
import { finishProtocol, turnToClient } from '../../one-way-flow.ts';

type Dialect = 'nfdump' | 'goflow' | 'pmacct' | 'ipfix';

/** Who wrote a record, by the keys that it has. */
export function dialectOf(has: (key: string) => boolean): Dialect | undefined {
  if (has('in_packets') && has('in_bytes') && (has('first') || has('t_first')) && has('proto')) return 'nfdump';
  if (has('time_flow_start_ns') && has('src_addr') && has('dst_addr')) return 'goflow';
  if (has('ip_src') && has('ip_dst') && has('ip_proto') && (has('bytes') || has('packets'))) return 'pmacct';
  const hasStart = starts.some((name) => has(name) || has(`iana:${name}`));
  const hasSource = ['sourceIPv4Address', 'sourceIPv6Address'].some((name) => has(name) || has(`iana:${name}`));
  return hasStart && hasSource ? 'ipfix' : undefined;
}

const starts = ['flowStartMilliseconds', 'flowStartSeconds', 'flowStartMicroseconds', 'flowStartNanoseconds'];

const mappings: Readonly<Record<Dialect, Mapping>> = {
  nfdump: mappingTo('flow', {
    time: firstOf('iso', 'first', 't_first'),
    event_dataset: { constant: 'netflow.nfdump' },
    sensor: firstOf('text', 'ip4_router', 'ip6_router'),
    event_duration: { minus: [firstOf('iso', 'last', 't_last'), firstOf('iso', 'first', 't_first')] },
    source_ip: firstOf('ip', 'src4_addr', 'src6_addr'),
    source_port: firstOf('integer', 'src_port', 'icmp_type'),
    destination_ip: firstOf('ip', 'dst4_addr', 'dst6_addr'),
    destination_port: firstOf('integer', 'dst_port', 'icmp_code'),
    network_transport: read('proto', 'text'),
    source_packets: read('in_packets', 'integer'),
    source_bytes: read('in_bytes', 'integer'),
    destination_packets: read('out_packets', 'integer'),
    destination_bytes: read('out_bytes', 'integer'),
    tcp_flags: read('tcp_flags', 'text'),
  }),
  goflow: mappingTo('flow', {
    time: read('time_flow_start_ns', 'iso'),
    event_dataset: { constant: 'netflow.goflow2' },
    sensor: read('sampler_address', 'text'),
    event_duration: { minus: [read('time_flow_end_ns', 'iso'), read('time_flow_start_ns', 'iso')] },
    source_ip: read('src_addr', 'ip'),
    source_port: read('src_port', 'integer'),
    destination_ip: read('dst_addr', 'ip'),
    destination_port: read('dst_port', 'integer'),
    network_transport: read('proto', 'text'),
    source_packets: read('packets', 'integer'),
    source_bytes: read('bytes', 'integer'),
    tcp_flags: read('tcp_flags', 'text'),
    source_mac: read('src_mac', 'lower'),
    destination_mac: read('dst_mac', 'lower'),
    network_vlan_id: read('vlan_id', 'integer'),
  }),
  pmacct: mappingTo('flow', {
    time: firstOf('seconds', 'timestamp_start', 'stamp_inserted', 'timestamp_arrival'),
    event_dataset: { constant: 'netflow.pmacct' },
    sensor: read('peer_ip_src', 'text'),
    event_duration: { minus: [read('timestamp_end', 'seconds'), read('timestamp_start', 'seconds')] },
    source_ip: read('ip_src', 'ip'),
    source_port: read('port_src', 'integer'),
    destination_ip: read('ip_dst', 'ip'),
    destination_port: read('port_dst', 'integer'),
    network_transport: read('ip_proto', 'text'),
    source_packets: read('packets', 'integer'),
    source_bytes: read('bytes', 'integer'),
    tcp_flags: read('tcp_flags', 'text'),
    source_mac: read('mac_src', 'lower'),
    destination_mac: read('mac_dst', 'lower'),
  }),
  ipfix: mappingTo('flow', {
    time: { first: starts.map((name) => read(name, 'seconds')) },
    event_dataset: { constant: 'netflow.ipfix' },
    sensor: firstOf('text', 'exporterIPv4Address', 'exporterIPv6Address'),
    event_duration: {
      minus: [
        { first: starts.map((name) => read(name.replace('Start', 'End'), 'seconds')) },
        { first: starts.map((name) => read(name, 'seconds')) },
      ],
    },
    source_ip: firstOf('ip', 'sourceIPv4Address', 'sourceIPv6Address'),
    source_port: read('sourceTransportPort', 'integer'),
    destination_ip: firstOf('ip', 'destinationIPv4Address', 'destinationIPv6Address'),
    destination_port: read('destinationTransportPort', 'integer'),
    network_transport: read('protocolIdentifier', 'text'),
    source_packets: firstOf('integer', 'packetDeltaCount', 'packetTotalCount'),
    source_bytes: firstOf('integer', 'octetDeltaCount', 'octetTotalCount'),
    destination_packets: firstOf('integer', 'reversePacketDeltaCount', 'reversePacketTotalCount'),
    destination_bytes: firstOf('integer', 'reverseOctetDeltaCount', 'reverseOctetTotalCount'),
    tcp_flags: read('tcpControlBits', 'text'),
    network_vlan_id: read('vlanId', 'integer'),
    source_mac: read('sourceMacAddress', 'lower'),
    destination_mac: read('destinationMacAddress', 'lower'),
    end_reason: read('flowEndReason', 'text'),
  }),
};

const compiled = Object.fromEntries(
  Object.entries(mappings).map(([dialect, mapping]) => [dialect, compileMapping(mapping, { nested: false })]),
) as Readonly<Record<Dialect, ReturnType<typeof compileMapping>>>;

export const jsonDecoder = shapedDecoder('a flow', shapeOf);

function shapeOf(record: JsonObject): Shape | undefined {
  // YAF puts each flow into an object of its own.
  const inner = isObject(record['flows']) ? record['flows'] : record;
  const dialect = dialectOf((key) => inner[key] !== undefined);
  if (dialect === undefined) return undefined;
  return { convert: compiled[dialect], record: reshape(dialect, inner), finish };
}

/** Names without the namespace of IANA, and nanoseconds as text. */
function reshape(dialect: Dialect, record: JsonObject): JsonObject {
  if (dialect === 'goflow') {
    const times = ['time_flow_start_ns', 'time_flow_end_ns'].map((key) => [
      key,
      isoFromNanos(record[key]) ?? record[key],
    ]);
    return { ...record, ...Object.fromEntries(times) };
  }
  if (dialect !== 'ipfix') return record;
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [key.replace(/^iana(?:@reverse)?:/, ianaName), value]),
  );
}

function ianaName(space: string): string {
  return space === 'iana:' ? '' : 'reverse:';
}

function finish(row: EventRow): void {
  finishProtocol(row);
  const { event_duration: duration } = row;
  if (typeof duration === 'number' && duration < 0) row['event_duration'] = null;
  turnToClient(row);
}
