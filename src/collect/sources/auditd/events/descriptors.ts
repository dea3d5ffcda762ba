import type { InternetSocket, KnownProcess } from '../ancestry.ts';
import { argumentValue } from '../interpret/call-arguments.ts';
import type { Actor } from './actor.ts';
import type { Call } from './call.ts';
import { socketAddressOf, transportOf } from './socket.ts';
import type { EventView } from './view.ts';

/** Sockets remembered of one process: those that it made first go. */
const maxSockets = 16;
const [inet, inet6] = [2, 10];
/** Calls whose result is a descriptor: what had that number before is closed. */
const givesDescriptor = new Set(
  'open openat openat2 creat socket accept accept4 dup dup2 dup3 memfd_create eventfd2 epoll_create1'.split(' '),
);
const duplicates = new Set(['dup', 'dup2', 'dup3']);

type Sockets = NonNullable<KnownProcess['sockets']>;

/** The socket of IPv4 or IPv6 that a call makes standard input, output or error; undefined when the log tells of none. */
export function redirectedSocket(call: Call, actor: Actor): InternetSocket | undefined {
  if (!duplicates.has(call.name) || call.hasSucceeded !== true) return undefined;
  if (call.exit === null || call.exit > 2) return undefined;
  return socketAt(call, actor);
}

/** What is known of the sockets of a process once the call has returned; undefined when it has none. */
export function socketsAfter(view: EventView, call: Call, actor: Actor): Sockets | undefined {
  const before = ownSockets(actor);
  if (call.hasSucceeded !== true && call.name !== 'connect') return before;
  if (call.name === 'connect') return connected(view, call, before);
  if (call.exit === null || call.exit < 0 || !givesDescriptor.has(call.name)) return before;
  const made = madeSocket(view, call, actor);
  // Nearly every call: nothing is known, and nothing was made.
  if (made === undefined && before === undefined) return undefined;
  const descriptor = call.exit;
  if (made === undefined && before?.every(([one]) => one !== descriptor) !== false) return before;
  const all = withSocket(before, descriptor, made);
  return all.length === 0 ? undefined : all;
}

/** What had that number goes, and what has it now comes last. */
function withSocket(before: Sockets | undefined, descriptor: number, made: InternetSocket | undefined): Sockets {
  const rest = before?.filter(([one]) => one !== descriptor) ?? [];
  return made === undefined ? rest : [...rest, [descriptor, made] as const].slice(-maxSockets);
}

/** A process id that has another parent is another process. */
function ownSockets({ before, parentPid }: Actor): Sockets | undefined {
  return before?.parentPid === parentPid ? before.sockets : undefined;
}

/** A child has what its parent had when it was started; that it was is seldom logged. */
export function socketAt(call: Call, actor: Actor): InternetSocket | undefined {
  const descriptor = argumentValue(call.fields, 0);
  if (descriptor === null) return undefined;
  return (ownSockets(actor) ?? actor.parent?.sockets)?.find(([one]) => one === descriptor)?.[1];
}

function madeSocket(view: EventView, call: Call, actor: Actor): InternetSocket | undefined {
  if (call.name === 'socket') {
    const family = argumentValue(call.fields, 0);
    if (family !== inet && family !== inet6) return undefined;
    const transport = transportOf(call);
    return { family: family === inet ? 'inet' : 'inet6', ...(transport === null ? {} : { transport }) };
  }
  if (duplicates.has(call.name)) return socketAt(call, actor);
  if (!call.name.startsWith('accept')) return undefined;
  const own = socketAt(call, actor);
  const peer = peerOf(view);
  return peer === undefined ? own : withTransport(peer, own);
}

function withTransport(socket: InternetSocket, own: InternetSocket | undefined): InternetSocket {
  return own?.transport === undefined ? socket : { ...socket, transport: own.transport };
}

function connected(view: EventView, call: Call, before: Sockets | undefined): Sockets | undefined {
  const descriptor = argumentValue(call.fields, 0);
  const peer = peerOf(view);
  // One that does not wait for its connection is told that it is in progress.
  const isUnderWay = call.hasSucceeded === true || call.exit === -115;
  if (descriptor === null || peer === undefined || !isUnderWay) return before;
  const own = before?.find(([one]) => one === descriptor)?.[1];
  return withSocket(before, descriptor, withTransport(peer, own));
}

function peerOf(view: EventView): InternetSocket | undefined {
  const address = socketAddressOf(view);
  if (address?.family !== 'inet' && address?.family !== 'inet6') return undefined;
  return { family: address.family, ip: address.ip, port: address.port };
}
