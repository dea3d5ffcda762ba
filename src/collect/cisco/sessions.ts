import type { VakthundEvent } from '../../events/event.ts';
import { cameFrom, groupsIn, spoken } from '../linux/messages/message.ts';
import type { FirewallMessage, Groups, Reader } from './message.ts';

/** What a message says when it fits: the outcome stands in it where it is not given here. */
interface Form {
  readonly action: string;
  readonly outcome?: 'success' | 'failure';
  readonly pattern: RegExp;
}

const authentication: Form = {
  action: 'authentication',
  pattern:
    /^AAA user authentication (?<verdict>Successful|Rejected)\s?: (?:reason = (?<reason>[^:]{1,100}?)\s?: )?(?:server = +(?<server>\S{1,255})|local database)\s?: user = (?<user>.{1,256}?)\s{0,3}(?:: user IP = (?<from>[\da-fA-F:.]{2,45}))?$/,
};
/** How messages of the remote access begin; what happened stands behind. */
const remote =
  /^Group <(?<group>.{0,128}?)> User <(?<user>.{1,256}?)> IP <(?<from>[\da-fA-F:.]{2,45})>,? (?<rest>.{1,1024})$/;

/**
 * Log-ins to the firewall and through it, by number. A name is the choice of who logs in, and may look like the rest of the line: what
 * follows it is bound to the end.
 */
const forms: Readonly<Record<string, Form>> = {
  113004: authentication,
  113005: authentication,
  113012: authentication,
  113015: authentication,
  113019: {
    action: 'logout',
    outcome: 'success',
    pattern:
      /^(?:Group = (?<group>.{1,128}?), )?Username = (?<user>.{1,256}?), IP = (?<from>[\da-fA-F:.]{2,45}), Session disconnected\. Session Type: (?<type>[^,]{1,64}), Duration: (?<duration>[^,]{1,64}), Bytes xmt: (?<sent>\d{1,16}), Bytes rcv: (?<received>\d{1,16}), Reason: (?<reason>.{1,200})$/,
  },
  605004: {
    action: 'login',
    outcome: 'failure',
    pattern:
      /^Login denied from (?<from>[\da-fA-F:.]{2,45})\/(?<port>\d{1,5}) to (?<to>\S{1,330}) for user "(?<user>.{1,256})"$/,
  },
  605005: {
    action: 'login',
    outcome: 'success',
    pattern:
      /^Login permitted from (?<from>[\da-fA-F:.]{2,45})\/(?<port>\d{1,5}) to (?<to>\S{1,330}) for user "(?<user>.{1,256})"$/,
  },
  611101: {
    action: 'authentication',
    outcome: 'success',
    pattern: /^User authentication succeeded: (?:IP address: (?<from>[\da-fA-F:.]{2,45}), )?Uname: (?<user>.{1,256})$/,
  },
  611102: {
    action: 'authentication',
    outcome: 'failure',
    pattern: /^User authentication failed: (?:IP address: (?<from>[\da-fA-F:.]{2,45}), )?Uname: (?<user>.{1,256})$/,
  },
  113039: { action: 'login', outcome: 'success', pattern: remote },
  716001: { action: 'login', outcome: 'success', pattern: remote },
  716002: { action: 'logout', outcome: 'success', pattern: remote },
  716039: { action: 'login', outcome: 'failure', pattern: remote },
  722051: { action: 'address-assigned', outcome: 'success', pattern: remote },
};

/** A session begins, ends, or is refused. */
const readSession: Reader = (message) => {
  const form = forms[message.number];
  const groups = form === undefined ? undefined : groupsIn(message.text, form.pattern);
  if (form === undefined || groups === undefined) return undefined;
  const { user: name, from } = groups;
  const verdict = groups['verdict'] === 'Rejected' ? 'failure' : 'success';
  const columns = {
    event_action: form.action,
    event_outcome: form.outcome ?? verdict,
    // Firewalls hide a name that nobody has.
    target_user_name: name === undefined || /^\*+$/.test(name) ? null : name,
    target_group_name: groups['group'] ?? null,
    service: 'cisco.firewall',
    ...cameFrom(from),
  };
  return said(message, columns, groups);
};

/** A command that an administrator gave. */
const readCommand: Reader = (message) => {
  const groups = groupsIn(
    message.text,
    /^User '(?<user>[^']{1,256})'(?:, running '(?<shell>[^']{1,64})' from IP (?<from>\S{1,45}))?,? executed (?:the )?'(?<command>.{1,2048})'(?: command)?\.?$/s,
  );
  if (groups === undefined) return undefined;
  const columns = {
    event_action: 'command',
    event_outcome: 'success',
    target_user_name: groups['user'] ?? null,
    service: 'cisco.firewall',
  };
  return said(message, { ...columns, ...cameFrom(groups['from']) }, groups);
};

export const sessionReaders: Readonly<Record<string, Reader>> = {
  ...Object.fromEntries(Object.keys(forms).map((number) => [number, readSession])),
  111008: readCommand,
  111010: readCommand,
};

/** Groups that have columns. */
const told = new Set(['user', 'from', 'group', 'verdict']);

type Said = Parameters<typeof spoken<'user_session'>>;

function said(message: FirewallMessage, columns: Said[2], groups: Groups): VakthundEvent {
  const more = Object.fromEntries(Object.entries(groups).filter(([name]) => !told.has(name)));
  return spoken('user_session', message, columns, { message_id: message.number, ...more });
}
