import type { VakthundEvent } from '../../../events/event.ts';
import { cameFrom, groupsIn, spoken, type SystemMessage } from './message.ts';

const opened =
  /^pam_\w+\((?<service>[\w.@-]{1,64}):session\): session (?<what>opened|closed) for user (?<user>[^\s(]{1,64})(?:\(uid=(?<uid>\d{1,10})\))?(?: by (?<by>[^\s(]{0,64})(?:\(uid=(?<byUid>\d{1,10})\))?)?$/;
const failure =
  /^pam_\w+\((?<service>[\w.@-]{1,64}):auth\): (?:authentication failure|conversation failed|auth could not identify password)(?:; (?<rest>.{0,1000}))?$/s;
const changed = /^pam_\w+\((?<service>[\w.@-]{1,64}):chauthtok\): password changed for (?<user>\S{1,64})$/;
/** What PAM says, whichever program it says it in. */
export function readPam(message: SystemMessage): VakthundEvent | undefined {
  const session = groupsIn(message.text, opened);
  if (session !== undefined) {
    const { service = null, what, user = null, uid, by, byUid } = session;
    const columns = {
      event_action: what === 'opened' ? 'session-start' : 'session-end',
      event_outcome: 'success',
      target_user_name: user,
      target_user_id: uid ?? null,
      user_name: by === '' ? null : (by ?? null),
      user_id: byUid === undefined ? null : Number(byUid),
      service,
    };
    return spoken('user_session', message, columns);
  }
  const refused = groupsIn(message.text, failure);
  if (refused !== undefined) return refusal(message, refused['service'] ?? null, refused['rest'] ?? '');
  const password = groupsIn(message.text, changed);
  if (password === undefined) return undefined;
  const { service = null, user = null } = password;
  const columns = { event_action: 'password-changed', event_outcome: 'success', target_user_name: user, service };
  return spoken('user_session', message, columns);
}

function refusal(message: SystemMessage, service: string | null, rest: string): VakthundEvent {
  const pairs = pairsOf(rest);
  const uid = pairs.get('uid');
  const columns = {
    event_action: 'authentication',
    event_outcome: 'failure',
    target_user_name: pairs.get('user') ?? null,
    user_name: pairs.get('ruser') ?? pairs.get('logname') ?? null,
    user_id: uid === undefined || !/^\d{1,10}$/.test(uid) ? null : Number(uid),
    process_tty: pairs.get('tty') ?? null,
    service,
    ...cameFrom(pairs.get('rhost')),
  };
  return spoken('user_session', message, columns);
}

/** `logname= uid=0 tty=ssh`: those that have a value. The first of a name counts: what follows may be an attacker's. */
function pairsOf(text: string): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  for (const word of text.split(/\s+/)) {
    const at = word.indexOf('=');
    const name = word.slice(0, Math.max(0, at));
    if (at > 0 && at < word.length - 1 && !pairs.has(name)) pairs.set(name, word.slice(at + 1));
  }
  return pairs;
}
