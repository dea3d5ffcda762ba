import { BerNode } from '../../wire/ber.ts';
import { asciiText } from '../../wire/text.ts';

const versions: Readonly<Record<number, string>> = { 0: '1', 1: '2c', 3: '3' };

/** Names of Zeek's counters, and of ours for what it does not count, by the tag of the PDU (RFC 3416, 3). */
const counters: Readonly<Record<number, string>> = {
  0xa0: 'get_requests',
  0xa1: 'get_requests',
  0xa2: 'get_responses',
  0xa3: 'set_requests',
  0xa4: 'traps',
  0xa5: 'get_bulk_requests',
  0xa6: 'informs',
  0xa7: 'traps',
  0xa8: 'reports',
};
const response = 0xa2;

export interface SnmpMessage {
  readonly version: string;
  readonly community: string | undefined;
  /** Version 3: who asks, which is never encrypted. */
  readonly user?: string;
  /** Undefined where it is encrypted. */
  readonly counter: string | undefined;
  /** Variables that are asked for or told. */
  readonly bindings: number;
  /** What a response says of its system. */
  readonly description?: string;
  /** Seconds since it started. */
  readonly uptime?: number;
}

/** One datagram; undefined when it is no SNMP. */
export function readSnmp(bytes: Uint8Array): SnmpMessage | undefined {
  const message = BerNode.read(bytes);
  if (message?.tag !== 0x30) return undefined;
  const [number, second, third, fourth] = message.children;
  const version = number?.tag === 2 ? versions[number.number ?? -1] : undefined;
  if (version === undefined || second === undefined) return undefined;
  if (version === '3') return second.tag === 0x30 ? ofVersion3(third, fourth) : undefined;
  const counter = third === undefined ? undefined : counters[third.tag];
  if (second.tag !== 4 || third === undefined || counter === undefined) return undefined;
  return { version, community: second.text, ...contentOf(third) };
}

/** Version 3 without privacy: the PDU stands behind the engine and the name of its context (RFC 3412, 6). */
function ofVersion3(security: BerNode | undefined, data: BerNode | undefined): SnmpMessage {
  const pdu = data?.tag === 0x30 ? data.at(2) : undefined;
  const content = pdu === undefined ? { counter: undefined, bindings: 0 } : contentOf(pdu);
  const user = userIn(security);
  return { version: '3', community: undefined, ...(user === undefined ? {} : { user }), ...content };
}

/** Name of the user in the parameters of the user-based security model (RFC 3414, 2.4); undefined in a question for the engine. */
function userIn(security: BerNode | undefined): string | undefined {
  const parameters = security?.tag === octetString ? BerNode.read(security.content) : undefined;
  const name = parameters?.tag === 0x30 ? parameters.at(3) : undefined;
  return name?.tag === octetString && name.content.length > 0 ? name.text : undefined;
}

function contentOf(pdu: BerNode): Omit<SnmpMessage, 'version' | 'community'> {
  const bindings = pdu.children.at(-1)?.children ?? [];
  const counted = { counter: counters[pdu.tag], bindings: bindings.length };
  if (pdu.tag !== response) return counted;
  const description = valueOf(bindings, systemDescription, [octetString]);
  const uptime = valueOf(bindings, systemUptime, unsignedTypes);
  return {
    ...counted,
    ...(description === undefined ? {} : { description: description.text }),
    ...(uptime?.number === undefined ? {} : { uptime: uptime.number / 100 }),
  };
}

/** `sysDescr.0` and `sysUpTime.0` (RFC 3418), as they stand in a message. */
const systemDescription = '\x2b\x06\x01\x02\x01\x01\x01\x00';
const systemUptime = '\x2b\x06\x01\x02\x01\x01\x03\x00';

const octetString = 0x04;
/** Counter32, Gauge32, TimeTicks. */
const unsignedTypes = [0x41, 0x42, 0x43];

/** The last one counts. */
function valueOf(bindings: readonly BerNode[], name: string, types: readonly number[]): BerNode | undefined {
  let found: BerNode | undefined;
  for (const binding of bindings) {
    const [identifier, value] = binding.children;
    if (identifier === undefined || value === undefined || !types.includes(value.tag)) continue;
    if (identifier.content.length === name.length && asciiText(identifier.content) === name) found = value;
  }
  return found;
}
