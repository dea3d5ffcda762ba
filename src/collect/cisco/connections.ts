import { createLocalNetworks } from '../../base/networks.ts';
import { microsPerSecond, type Micros } from '../../base/time.ts';
import { groupsIn } from '../linux/messages/message.ts';
import { endsIn, type EndsForm } from './ends.ts';
import { addressOf, flowOf } from './flow.ts';
import { portOf, type FirewallMessage, type Groups, type Reader } from './message.ts';

const built: EndsForm = {
  head: /^Built (?<direction>inbound|outbound) (?<protocol>TCP|UDP|SCTP) connection (?<id>\d{1,20}) for /,
  between: ' to ',
};
const ended: EndsForm = {
  head: /^Teardown (?<protocol>TCP|UDP|SCTP) connection (?<id>\d{1,20}) for /,
  between: ' to ',
  tail: /^ duration (?<hours>\d{1,5}):(?<minutes>\d\d):(?<seconds>\d\d) bytes (?<bytes>\d{1,15})(?: (?<reason>[^()]{1,200}?))?(?: \((?<user>[^()]{1,200})\))?$/,
};
const ping =
  /^(?:Built (?<direction>inbound|outbound)|Teardown) ICMP connection for faddr (?<foreign>[^\s/()]{1,255})\/(?<foreignPort>\d{1,5})(?: ?\([^()]{1,200}\))? gaddr (?<mapped>[^\s/()]{1,255})\/\d{1,5} laddr (?<local>[^\s/()]{1,255})\/(?<localPort>\d{1,5})(?: ?\([^()]{1,200}\))?(?: type (?<type>\d{1,3}) code (?<code>\d{1,3}))?/;

type Ends = readonly [from: string, to: string];
/** The end that a line names second is the safer one. */
const outward: Ends = ['to', 'from'];
const inward: Ends = ['from', 'to'];

/** A connection that begins: a flow that is still open, whose end is told once more. */
const readBuilt: Reader = (message) => {
  const groups = endsIn(message.text, built);
  if (groups === undefined) return undefined;
  const [from, to] = groups['direction'] === 'outbound' ? outward : inward;
  return flowOf(message, groups, from, to, { is_open: true, uid: uidOf(message, groups) });
};

/** One that is over. Its bytes are those of both directions together, so that they stand in `fields`. */
const readEnded: Reader = (message) => {
  const groups = endsIn(message.text, ended);
  if (groups === undefined) return undefined;
  const [from, to] = isFirstServer(groups) ? outward : inward;
  const duration = durationOf(groups);
  const reason = groups['reason'];
  const state = stateOf(reason, groups['bytes'] === '0');
  const columns = {
    event_duration: duration,
    end_reason: reason ?? null,
    conn_state: state,
    uid: uidOf(message, groups),
  };
  const event = flowOf(message, groups, from, to, columns, { bytes: Number(groups['bytes']), user: groups['user'] });
  event.time = message.time - duration;
  return event;
};

/** The end whose number is not 0 asked: it is the id of its questions. */
const readPing: Reader = (message) => {
  const groups = groupsIn(message.text, ping);
  if (groups === undefined) return undefined;
  const { direction, foreignPort, localPort, type, code, mapped } = groups;
  const isInbound = direction === undefined ? localPort === '0' && foreignPort !== '0' : direction === 'inbound';
  const [from, to]: Ends = isInbound ? ['foreign', 'local'] : ['local', 'foreign'];
  const ends = { network_transport: 'icmp', source_port: portOf(type), destination_port: portOf(code) };
  return flowOf(message, groups, from, to, { ...ends, is_open: direction === undefined ? null : true }, { mapped });
};

export const connectionReaders: Readonly<Record<string, Reader>> = {
  302013: readBuilt,
  302014: readEnded,
  302015: readBuilt,
  302016: readEnded,
  302020: readPing,
  302021: readPing,
};

function uidOf({ host }: FirewallMessage, groups: Groups): string {
  return `${host ?? 'firewall'}:${groups['id'] ?? ''}`;
}

function durationOf(groups: Groups): Micros {
  const [hours = 0, minutes = 0, seconds = 0] = ['hours', 'minutes', 'seconds'].map((name) => Number(groups[name]));
  return (hours * 3600 + minutes * 60 + seconds) * microsPerSecond;
}

/** In Zeek's words, where the reason tells. */
function stateOf(reason: string | undefined, isEmpty: boolean): string | null {
  if (reason === undefined) return null;
  if (reason.startsWith('SYN Timeout')) return 'S0';
  if (reason.startsWith('TCP FINs')) return 'SF';
  return reason.startsWith('TCP Reset') && isEmpty ? 'REJ' : null;
}

/** Ports from here on are given out to clients. */
const firstEphemeral = 32_768;
const inside = createLocalNetworks();

/**
 * Whether the first end is the server. A line that tells the end does not say who began: the side with the well-known or the lower port
 * answered, and where both have high ones, the one outside.
 */
function isFirstServer({ from, fromPort, to, toPort }: Groups): boolean {
  const [port, other] = [portOf(fromPort) ?? 0, portOf(toPort) ?? 0];
  const [isInside, isOtherInside] = [from, to].map((text) => inside.isLocal(addressOf(text) ?? ''));
  const areHigh = port >= firstEphemeral && other >= firstEphemeral;
  return areHigh && isInside !== isOtherInside ? isInside === false : port <= other;
}
