import { newEvent, type EventOf } from '../../../../events/event.ts';
import { descriptorOf } from '../fields/descriptor-fields.ts';
import type { ScapRecord } from '../record.ts';
import { addressText, isUnspecified } from '../state/addresses.ts';
import { readTuple, type Tuple } from '../state/apply/sockets.ts';
import { descriptorType, transport, transportName, type Descriptor } from '../state/descriptor.ts';
import { applyActor } from './actor.ts';
import type { Meaning } from './calls.ts';
import { fieldsJson } from './fields-json.ts';
import { outcomeOf } from './outcome.ts';

const families: Readonly<Record<number, string>> = {
  [descriptorType.ipv4]: 'inet',
  [descriptorType.ipv4Server]: 'inet',
  [descriptorType.ipv6]: 'inet6',
  [descriptorType.ipv6Server]: 'inet6',
  [descriptorType.unix]: 'unix',
  [descriptorType.netlink]: 'netlink',
};

/**
 * An event for a call on a socket. Datagrams give one only when the other end is not the one before: how much is sent
 * is no matter of these events.
 */
export function socketOf(record: ScapRecord, meaning: Meaning): EventOf<'socket'> | undefined {
  const descriptor = descriptorOf(record);
  const isTransfer = meaning.action === 'send' || meaning.action === 'receive';
  if (isTransfer && (descriptor === undefined || descriptor.name === record.oldName)) return undefined;
  const row = newEvent('socket');
  applyActor(row, record);
  row.event_action = meaning.action;
  row.event_outcome = outcomeOf(record);
  row.syscall = record.name;
  if (descriptor !== undefined) applyDescriptor(row, descriptor);
  const tuple = meaning.action === 'connect' || meaning.action === 'accept' ? readTuple(record, 1) : undefined;
  if (tuple !== undefined) applyTuple(row, tuple);
  row.fields = fieldsJson(record, record.enter);
  return row;
}

function applyDescriptor(row: EventOf<'socket'>, descriptor: Descriptor): void {
  row.socket_family = families[descriptor.type] ?? null;
  if (descriptor.type === descriptorType.unix) row.socket_path = descriptor.name === '' ? null : descriptor.name;
  if (!descriptor.isInternet) return;
  if (descriptor.transport >= transport.tcp) row.network_transport = transportName(descriptor.transport);
  applyTuple(row, {
    source: descriptor.sourceAddress,
    sourcePort: descriptor.sourcePort,
    destination: descriptor.destinationAddress,
    destinationPort: descriptor.destinationPort,
  });
}

/** An end that is not known has no address; a server that listens on all has the unspecified one. */
function applyTuple(
  row: EventOf<'socket'>,
  { source, sourcePort, destination, destinationPort }: Omit<Tuple, 'family'>,
): void {
  if (source !== '' && !(isUnspecified(source) && sourcePort === 0)) {
    row.source_ip = shown(source);
    row.source_port = sourcePort;
  }
  if (destination !== '' && !(isUnspecified(destination) && destinationPort === 0)) {
    row.destination_ip = shown(destination);
    row.destination_port = destinationPort;
  }
}

function shown(raw: string): string {
  return addressText(raw).replace(/^::ffff:(?=\d+\.)/, '');
}
