import type { VakthundEvent } from '../../../events/event.ts';
import { cameFrom, groupsIn, spoken, type SystemMessage } from './message.ts';

/**
 * Log-ins over SSH. A name is the attacker's choice and may look like the rest of the line, so patterns are bound to its end,
 * where the address is that the server has seen.
 */
const accepted =
  /^Accepted (?<method>\S{1,64}) for (?<user>.{1,400}) from (?<from>\S{1,255}) port (?<port>\d{1,5})(?: ssh2)?(?:: (?<key>.{1,600}))?$/s;
const failed =
  /^Failed (?<method>\S{1,64}) for (?:invalid user )?(?<user>.{0,400}) from (?<from>\S{1,255}) port (?<port>\d{1,5})(?: ssh2)?(?:: (?<key>[A-Z\d-]{1,40} SHA256:[\w+/]{1,64}))?$/s;
const exceeded =
  /^error: maximum authentication attempts exceeded for (?:invalid user )?(?<user>.{0,400}) from (?<from>\S{1,255}) port (?<port>\d{1,5})(?: ssh2)?(?: \[preauth\])?$/s;
const invalid = /^(?:Invalid|Illegal) user (?<user>.{0,400}) from (?<from>\S{1,255})(?: port (?<port>\d{1,5}))?$/s;
const left = /^Disconnected from user (?<user>.{1,400}) (?<from>[\da-fA-F:.]{2,45}) port (?<port>\d{1,5})$/s;
/** A connection that ends before anybody has logged in: all that a server of keys only says of an attempt. */
const closed =
  /^(?:Connection (?:closed|reset) by|Disconnected from) (?:authenticating|invalid) user (?<user>.{0,400}) (?<from>[\da-fA-F:.]{2,45}) port (?<port>\d{1,5})(?: \[preauth\])?$/s;
const dropbear =
  /^(?:(?<good>(?:Password|Pubkey) auth succeeded)|(?:Bad (?:PAM )?password attempt|Login attempt)) for (?:nonexistent user|'(?<user>.{0,400})')(?: with key \S+)? from (?<from>[\da-fA-F:.]{2,45}):(?<port>\d{1,5})$/s;
/** rsyslog writes a line that comes again so. */
const repeated = /^message repeated (?<times>\d{1,9}) times: \[ ?(?<text>.*)\]$/s;

export function readSshd(message: SystemMessage): VakthundEvent | undefined {
  const again = repeated.exec(message.text)?.groups;
  const text = again?.['text'] ?? message.text;
  const times = again?.['times'] === undefined ? {} : { repeated: Number(again['times']) };
  const session = (action: string, outcome: string, groups: Readonly<Record<string, string | undefined>>) => {
    const { user, from, port, method, key } = groups;
    const more = { port: port === undefined ? undefined : Number(port), method, key, ...times };
    const columns = {
      event_action: action,
      event_outcome: outcome,
      target_user_name: user ?? null,
      service: message.program,
      ...cameFrom(from),
    };
    return spoken('user_session', message, columns, more);
  };
  const good = groupsIn(text, accepted);
  if (good !== undefined) return session('login', 'success', good);
  const bad = groupsIn(text, failed, exceeded);
  // A client offers its keys one by one, and asks with `none` what is allowed: none of these is an attempt to log in yet.
  const isOffer = bad?.['method'] === 'publickey' || bad?.['method'] === 'none';
  if (bad !== undefined) return session(isOffer ? 'key-offered' : 'login', 'failure', bad);
  const unknown = groupsIn(text, invalid);
  if (unknown !== undefined) return session('authentication', 'failure', unknown);
  const ended = groupsIn(text, closed);
  if (ended !== undefined) return session('connection-closed', 'failure', ended);
  const gone = groupsIn(text, left);
  if (gone !== undefined) return session('logout', 'success', gone);
  const small = groupsIn(text, dropbear);
  return small === undefined ? undefined : session('login', small['good'] === undefined ? 'failure' : 'success', small);
}
