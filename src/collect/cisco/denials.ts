import type { EventOf, EventRow } from '../../events/event.ts';
import { groupsIn } from '../linux/messages/message.ts';
import { turnToClient } from '../one-way-flow.ts';
import { endsIn, type EndsForm } from './ends.ts';
import { flowOf } from './flow.ts';
import { portOf, type Groups, type Reader } from './message.ts';

const onInterface = /^(?: flags (?<flags>[A-Z ]{1,40}?))? +on interface (?<interface>\S{1,64})/;
const icmp = /^(?: \(type (?<type>\d{1,3}), code (?<code>\d{1,3})\))?(?: by access[-_]group "(?<list>[^"]{1,300})")?/;
const sourceAndTarget: EndsForm = {
  head: /^Deny (?:inbound )?(?<protocol>\w{1,16}) src /,
  between: ' dst ',
  tail: icmp,
};

/** What is refused, by the form of the message. */
const refusals: Readonly<Record<string, EndsForm>> = {
  106001: { head: /^Inbound (?<protocol>TCP) connection denied from /, between: ' to ', tail: onInterface },
  106006: { head: /^Deny inbound (?<protocol>UDP) from /, between: ' to ', tail: onInterface },
  106007: { head: /^Deny inbound (?<protocol>UDP) from /, between: ' to ', tail: /^ due to (?<reason>DNS \w{1,16})/ },
  106010: sourceAndTarget,
  106014: sourceAndTarget,
  106016: { head: /^Deny (?<protocol>\w{1,16}) spoof from \(/, between: ') to ', tail: onInterface },
  106021: { head: /^Deny (?<protocol>\w{1,16}) reverse path check from /, between: ' to ', tail: onInterface },
  106023: sourceAndTarget,
  710003: { head: /^(?<protocol>TCP|UDP) access denied by ACL from /, between: ' to ' },
  710005: { head: /^(?<protocol>TCP|UDP) request discarded from /, between: ' to ' },
};
const stray: EndsForm = { head: /^Deny (?<protocol>TCP) \(no connection\) from /, between: ' to ', tail: onInterface };
/** Questions and messages to the firewall itself. */
const pinged =
  /^Denied (?<protocol>ICMP) type=(?<type>\d{1,3}), code=(?<code>\d{1,3}) from (?<from>[^\s()]{1,255}) on interface (?<interface>\S{1,64})/;
const listed =
  /^access-list (?<list>\S{1,300}) (?<action>permitted|denied|est-allowed) (?<protocol>\w{1,16}) (?<fromInterface>[^\s/]{1,64})\/(?<from>[^\s()]{1,255})\((?<fromPort>[\w-]{1,32})\)(?: ?\((?<fromUser>[^()]{1,200})\))? -> (?<toInterface>[^\s/]{1,64})\/(?<to>[^\s()]{1,255})\((?<toPort>[\w-]{1,32})\)(?: ?\((?<toUser>[^()]{1,200})\))? hit-cnt (?<hits>\d{1,12}) (?<interval>[^[]{1,100}?)(?: \[|$)/;

/** A packet that was refused: a flow without an answer. */
const readRefusal: Reader = (message) => {
  const form = refusals[message.number];
  const groups = form === undefined ? groupsIn(message.text, pinged) : endsIn(message.text, form);
  if (groups === undefined) return undefined;
  const columns = { ...numbersOf(groups), conn_state: 'S0', end_reason: 'denied' };
  return flowOf(message, groups, 'from', 'to', columns, whyOf(groups));
};

/** A list of accesses that counts its hits. What it lets through is told again as a connection: the flow counts as still open. */
const readListed: Reader = (message) => {
  const groups = groupsIn(message.text, listed);
  if (groups === undefined) return undefined;
  const isDenied = groups['action'] === 'denied';
  const end = isDenied ? { conn_state: 'S0', end_reason: 'denied' } : { is_open: true };
  const { action, hits, interval } = groups;
  const numbers =
    groups['protocol']?.startsWith('icmp') === true
      ? { source_port: portOf(groups['fromPort']), destination_port: portOf(groups['toPort']) }
      : {};
  return flowOf(
    message,
    groups,
    'from',
    'to',
    { ...numbers, ...end },
    { ...whyOf(groups), action, hits: Number(hits), interval },
  );
};

/** A segment of a connection that the firewall does not know (any more): late answers and resets as a rule, no attempt to connect. */
const readStray: Reader = (message) => {
  const groups = endsIn(message.text, stray);
  if (groups === undefined) return undefined;
  const event: EventOf<'flow'> = flowOf(
    message,
    groups,
    'from',
    'to',
    { conn_state: 'OTH', end_reason: 'denied' },
    whyOf(groups),
  );
  turnToClient(event as unknown as EventRow);
  return event;
};

export const denialReaders: Readonly<Record<string, Reader>> = {
  ...Object.fromEntries(Object.keys(refusals).map((number) => [number, readRefusal])),
  106015: readStray,
  313001: readRefusal,
  106100: readListed,
};

/** ICMP has its type and code in place of ports. */
function numbersOf({ type, code }: Groups): Partial<EventOf<'flow'>> {
  return type === undefined ? {} : { source_port: portOf(type), destination_port: portOf(code) };
}

function whyOf({ list, flags, interface: name, reason }: Groups): Record<string, string | undefined> {
  return { access_list: list, flags, interface: name, reason };
}
