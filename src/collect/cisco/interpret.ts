import type { KindId, VakthundEvent } from '../../events/event.ts';
import type { SystemMessage } from '../linux/messages/message.ts';
import { connectionReaders } from './connections.ts';
import { denialReaders } from './denials.ts';
import { firepowerReaders } from './firepower.ts';
import { firewallMessage, type Reader } from './message.ts';
import { sessionReaders } from './sessions.ts';
import { warningReaders } from './warnings.ts';

/** Kinds that messages of firewalls become. */
export const firewallKinds = ['flow', 'user_session', 'http', 'alert'] as const satisfies readonly KindId[];

const readers: ReadonlyMap<string, Reader> = new Map(
  [connectionReaders, denialReaders, sessionReaders, warningReaders, firepowerReaders].flatMap(Object.entries<Reader>),
);

/** The event of what a firewall of Cisco says; undefined for what is none, and for messages that stay a log record. */
export function eventOfFirewall(message: SystemMessage): VakthundEvent | undefined {
  const said = firewallMessage(message);
  return said === undefined ? undefined : readers.get(said.number)?.(said);
}
