import { newEvent } from '../../../../events/event.ts';
import type { InternetSocket } from '../ancestry.ts';
import { argumentValue } from '../interpret/call-arguments.ts';
import { socketTypeName } from '../../../linux/constants.ts';
import { familyName, readSocketAddress, type SocketAddress } from '../interpret/socket-address.ts';
import { looksHex } from '../records/fields.ts';
import { key } from '../records/keys.ts';
import { hexBytes } from '../records/values.ts';
import { applyActor, type Actor } from './actor.ts';
import type { Call } from './call.ts';
import type { MapContext } from './context.ts';
import { fieldsJson } from './fields-json.ts';
import { outcomeOf, ruleKeys } from './outcome.ts';
import { recordOf, type EventView } from './view.ts';

const addressType = key('SOCKADDR');
const addressKey = key('saddr');

export function socketAddressOf(view: EventView): SocketAddress | undefined {
  const fields = recordOf(view, addressType);
  const index = fields?.indexOf(addressKey) ?? -1;
  if (fields === undefined || index < 0 || ((fields.marks[index] ?? 0) & looksHex) === 0) return undefined;
  return readSocketAddress(hexBytes(fields, index));
}

/** What a call does to a socket, and what the log told of that before. */
interface SocketCall {
  readonly action: string;
  readonly socket: InternetSocket | undefined;
}

/**
 * An event for a call on a socket. The address is the other side's for connect, send (destination), accept and
 * receive (source); for bind and listen it is our own, which is where others will connect to: the destination.
 */
export function addSocket(context: MapContext, call: Call, actor: Actor, given: SocketCall): void {
  const { action, socket } = given;
  const { view } = context;
  const row = newEvent('socket');
  applyActor(row, actor, view, 'auditd.syscall');
  row.event_action = action;
  row.event_outcome = outcomeOf(call);
  row.syscall = call.name;
  row.rule_keys = ruleKeys(call.fields);
  row.network_transport = socket?.transport ?? null;
  const address = socketAddressOf(view);
  if (address !== undefined) {
    row.socket_family = address.family === 'other' ? familyName(address.number) : familyOf(address);
    if (address.family === 'unix') row.socket_path = address.path;
    if (address.family === 'inet' || address.family === 'inet6') {
      if (action === 'accept' || action === 'receive') {
        row.source_ip = address.ip;
        row.source_port = address.port;
      } else {
        row.destination_ip = address.ip;
        row.destination_port = address.port;
      }
    }
  } else if (call.name === 'socket' || call.name === 'socketpair') {
    const family = argumentValue(call.fields, 0);
    row.socket_family = family === null ? null : familyName(family);
    row.network_transport = transportOf(call);
  }
  row.fields = fieldsJson(context, { main: call.fields, withOthers: true, title: actor.otherTitle });
  context.events.push(row);
}

/** An event for a socket that becomes standard input, output or error: its other side commands what runs. */
export function addDuplicate(context: MapContext, call: Call, actor: Actor, socket: InternetSocket): void {
  const row = newEvent('socket');
  applyActor(row, actor, context.view, 'auditd.syscall');
  row.event_action = 'dup';
  row.event_outcome = outcomeOf(call);
  row.syscall = call.name;
  row.rule_keys = ruleKeys(call.fields);
  row.socket_family = socket.family;
  row.network_transport = socket.transport ?? null;
  row.destination_ip = socket.ip ?? null;
  row.destination_port = socket.port ?? null;
  row.fields = fieldsJson(context, { main: call.fields, withOthers: true, title: actor.otherTitle });
  context.events.push(row);
}

function familyOf(address: Exclude<SocketAddress, { family: 'other' }>): string {
  return address.family === 'short' ? address.name.replace('local', 'unix') : address.family;
}

/** What the type of an internet socket stands for; raw sockets have none. */
export function transportOf(call: Call): string | null {
  const family = argumentValue(call.fields, 0);
  if (family !== 2 && family !== 10) return null;
  const type = socketTypeName(argumentValue(call.fields, 1) ?? 0);
  if (type === 'SOCK_STREAM') return 'tcp';
  return type === 'SOCK_DGRAM' ? 'udp' : null;
}
