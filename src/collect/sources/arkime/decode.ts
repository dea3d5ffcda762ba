import { quote, type ProblemList } from '../../../base/problem.ts';
import type { VakthundEvent } from '../../../events/event.ts';
import type { JsonDecoder } from '../../json-lines.ts';
import type { JsonObject } from '../../json-value.ts';
import { compileMapping } from '../../mapping/compile.ts';
import { mappingTo, read } from '../../mapping/build.ts';
import { isObject } from '../../mapping/paths.ts';
import { shapedEvent } from '../../shaped-records.ts';

const ends = {
  time: read('firstPacket', 'seconds'),
  source_ip: read('source.ip', 'ip'),
  source_port: read('source.port', 'integer'),
  destination_ip: read('destination.ip', 'ip'),
  destination_port: read('destination.port', 'integer'),
  network_transport: {
    path: 'ipProtocol',
    as: 'text',
    table: { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmp', 132: 'sctp' },
  },
  network_community_id: read('network.community_id', 'text'),
  sensor: read('node', 'text'),
  uid: read('id', 'text'),
} as const;

const toFlow = compileMapping(
  mappingTo('flow', {
    ...ends,
    event_dataset: { constant: 'arkime.session' },
    network_protocol: read('protocol', 'joined'),
    event_duration: { minus: [read('lastPacket', 'seconds'), read('firstPacket', 'seconds')] },
    source_bytes: read('source.bytes', 'integer'),
    destination_bytes: read('destination.bytes', 'integer'),
    source_payload_bytes: read('client.bytes', 'integer'),
    destination_payload_bytes: read('server.bytes', 'integer'),
    source_packets: read('source.packets', 'integer'),
    destination_packets: read('destination.packets', 'integer'),
    source_mac: read('source.mac[]', 'lower'),
    destination_mac: read('destination.mac[]', 'lower'),
  }),
  { nested: true },
);

const toTls = compileMapping(
  mappingTo('tls', {
    ...ends,
    event_dataset: { constant: 'arkime.session' },
    tls_version: read('tls.version[]', 'text'),
    tls_cipher: read('tls.cipher[]', 'text'),
    tls_client_ja3: read('tls.ja3[]', 'text'),
    tls_server_ja3s: read('tls.ja3s[]', 'text'),
    tls_client_ja4: read('tls.ja4[]', 'text'),
    tls_client_server_name: read('http.host[]', 'name'),
    tls_server_subject: read('cert[].subjectCN[]', 'text'),
    tls_server_issuer: read('cert[].issuerCN[]', 'text'),
    tls_server_hash_sha1: read('cert[].hash', 'hex'),
  }),
  { nested: true },
);

export const decoder: JsonDecoder = {
  record(value, line, problems) {
    const list = listIn(value);
    if (list !== undefined) return list.flatMap((session) => eventsOf(session, line, problems));
    return eventsOf(value, line, problems);
  },
};

function listIn(record: JsonObject): readonly unknown[] | undefined {
  const { hits } = record;
  const found =
    record['sessions3'] ?? record['sessions2'] ?? record['data'] ?? (isObject(hits) ? hits['hits'] : undefined);
  return Array.isArray(found) ? found : undefined;
}

/** A session as it is, or in `_source` or `body`. */
function eventsOf(record: unknown, line: number, problems: ProblemList): VakthundEvent[] {
  const outer = isObject(record) ? record : {};
  const inner = outer['_source'] ?? outer['body'] ?? outer;
  const id = outer['_id'];
  const session: JsonObject = isObject(inner) ? { ...(typeof id === 'string' ? { id } : {}), ...inner } : {};
  if (session['firstPacket'] === undefined || session['ipProtocol'] === undefined) {
    const message = `a record is no session of Arkime: ${quote(JSON.stringify(record))}`;
    problems.add({ code: 'bad-record', at: { line }, message });
    return [];
  }
  const flow = shapedEvent({ convert: toFlow, record: session }, line, problems);
  if (!isObject(session['tls'])) return [flow];
  const tls = shapedEvent({ convert: toTls, record: session }, line, problems);
  // All of the session stands with its flow.
  tls.fields = null;
  return [flow, tls];
}
