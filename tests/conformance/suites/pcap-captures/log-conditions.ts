import { isDeepStrictEqual } from 'node:util';
import { qualities } from '../../../../src/collect/sources/pcap/protocols/mqtt/packets.ts';
import type { EventRow } from '../../../../src/events/event.ts';

type Conditions = Readonly<Record<string, unknown>>;

/** What a record of a protocol without a kind of its own demands of our log events. */
interface LogDemand {
  readonly logName: string;
  /** Values of `fields` by name. */
  readonly fields: Conditions;
  /** How many of Suricata's records one of ours stands for; one by default. */
  readonly records?: (fields: Conditions) => number;
}

/** Suricata's names of what we tell, by event type; undefined where we tell nothing of the kind. */
const demands: Readonly<Record<string, (match: Conditions) => LogDemand | undefined>> = {
  bittorrent_dht: (match) => ({ logName: 'bittorrent_dht', fields: dhtFields(match) }),
  ldap: ldapDemand,
  mqtt: mqttDemand,
  sip: () => ({ logName: 'sip', fields: {}, records: sipMessages }),
  smb: smbDemand,
};

const scopes = ['base', 'single', 'tree'];
const aliases = ['never', 'searching', 'finding', 'always'];

/**
 * How many of Suricata's records our log events stand for that fulfil the conditions; undefined when the protocol, or the message that they
 * ask for, is not among what we tell.
 */
export function fulfillingLogs(match: Conditions, events: readonly EventRow[]): number | undefined {
  const demand = demands[String(match['event_type'])]?.(match);
  if (demand === undefined) return undefined;
  let records = 0;
  for (const event of events) {
    if (event['kind'] !== 'log' || event['log_name'] !== demand.logName || !isBetween(match, event)) continue;
    const fields = JSON.parse(String(event['fields'])) as Conditions;
    const isFulfilled = Object.entries(demand.fields).every(([name, want]) => isDeepStrictEqual(fields[name], want));
    if (isFulfilled) records += demand.records?.(fields) ?? 1;
  }
  return records;
}

/** Of the same packet, and between the same ends: the sides of ours are those of the connection, not of the message. */
function isBetween(match: Conditions, event: EventRow): boolean {
  const packet = match['pcap_cnt'];
  if (packet !== undefined && packet !== event['evidence_at']) return false;
  if (match['src_ip'] === undefined || match['src_port'] === undefined) return true;
  const ends = [endOf(match, 'src_ip', 'src_port'), endOf(match, 'dest_ip', 'dest_port')];
  const ours = [endOf(event, 'source_ip', 'source_port'), endOf(event, 'destination_ip', 'destination_port')];
  return isDeepStrictEqual(ends.toSorted(), ours.toSorted());
}

function endOf(values: Conditions, address: string, port: string): string {
  return JSON.stringify([values[address], values[port]]);
}

/** `bittorrent_dht.request.id` is our `id`, and so on; tokens are not kept. */
function dhtFields(match: Conditions): Conditions {
  const fields: Record<string, unknown> = {};
  let peers = 0;
  for (const [path, value] of Object.entries(match)) {
    const name = /^bittorrent_dht\.(?:request\.|response\.)?(?<name>[a-z_]+)$/.exec(path)?.groups?.['name'];
    if (name !== undefined && name !== 'token' && name !== 'implied_port') fields[name] = value;
    if (path.startsWith('bittorrent_dht.request')) fields['type'] = 'query';
    if (path.startsWith('bittorrent_dht.response')) fields['type'] = 'response';
    if (/response\.values\[\d+\]\.ip$/.test(path)) fields['peers'] = ++peers;
  }
  const [number, text] = [match['bittorrent_dht.error.num'], match['bittorrent_dht.error.msg']];
  if (typeof number === 'number' && typeof text === 'string') fields['error'] = `${number} ${text}`;
  return fields;
}

function ldapDemand(match: Conditions): LogDemand | undefined {
  const path = 'ldap.request.search_request';
  if (match['ldap.request.operation'] !== 'search_request') return undefined;
  const attributes = Object.keys(match).filter((key) => key.startsWith(`${path}.attributes[`));
  const results = Object.values(match).filter((value) => value === 'search_result_entry');
  return {
    logName: 'ldap_search',
    fields: {
      message_id: match['ldap.request.message_id'],
      // The root has no name, and no field then.
      base_object: match[`${path}.base_object`] === '' ? undefined : match[`${path}.base_object`],
      scope: scopes[Number(match[`${path}.scope`])],
      deref_aliases: aliases[Number(match[`${path}.deref_alias`])],
      attributes: attributes.map((key) => match[key]),
      result_count: results.length,
      result: Object.entries(match).find(([key]) => key.endsWith('search_result_done.result_code'))?.[1],
    },
  };
}

/** Acknowledgements stand with what they acknowledge, and the end of a connection in its flow: neither is told alone. */
function mqttDemand(match: Conditions): LogDemand | undefined {
  if (match['mqtt.publish.topic'] !== undefined) {
    const names = { topic: 'topic', retain: 'retain' };
    const fields = Object.entries(names).map(([name, theirs]) => [name, match[`mqtt.publish.${theirs}`]]);
    const qos = qualities[Number(match['mqtt.publish.qos'])];
    const message = match['mqtt.publish.message'];
    const length = typeof message === 'string' ? { payload_len: message.length } : {};
    return { logName: 'mqtt_publish', fields: { ...Object.fromEntries(fields), qos, ...length } };
  }
  if (match['mqtt.connect.client_id'] !== undefined) {
    const fields = {
      proto_name: match['mqtt.connect.protocol_string'],
      client_id: match['mqtt.connect.client_id'],
      user: match['mqtt.connect.username'],
    };
    return { logName: 'mqtt_connect', fields };
  }
  const isAccepted = match['mqtt.connack.return_code'] === 0;
  return isAccepted ? { logName: 'mqtt_connect', fields: { connect_status: 'Connection Accepted' } } : undefined;
}

/** Ours holds a request and its last answer, Suricata's are one for each. */
function sipMessages({ method, status_code: status }: Conditions): number {
  return (method === undefined ? 0 : 1) + (status === undefined ? 0 : 1);
}

/** As in Zeek's log, opening a file is told, not each command; which of several openings of a name it was, ids of the session alone say. */
function smbDemand(match: Conditions): LogDemand | undefined {
  const isOpening = match['smb.command'] === 'SMB2_COMMAND_CREATE' && match['smb.fuid'] === undefined;
  return isOpening ? { logName: 'smb_files', fields: { action: 'SMB::FILE_OPEN', outcome: 'opened' } } : undefined;
}
