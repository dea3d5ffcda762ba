import type { VakthundEvent } from '../../../events/event.ts';
import { groupsIn, spoken, type SystemMessage } from './message.ts';

/** What the tools of shadow-utils say, and what it does to an account or group. The first that fits counts. */
const changes: readonly (readonly [pattern: RegExp, action: string])[] = [
  [/^new user: name=(?<user>[\w.$-]{1,64}), UID=(?<uid>\d{1,10}),/, 'account-created'],
  [/^delete user '?(?<user>[\w.$-]{1,64})'?$/, 'account-deleted'],
  [/^new group: name=(?<group>[\w.$-]{1,64}), GID=\d{1,10}$/, 'group-created'],
  [/^(?:group '(?<group>[\w.$-]{1,64})' removed|removed group '(?<other>[\w.$-]{1,64})')/, 'group-deleted'],
  [/^add '?(?<user>[\w.$-]{1,64})'? to (?:shadow )?group '(?<group>[\w.$-]{1,64})'$/, 'group-member-added'],
  [/^user (?<user>[\w.$-]{1,64}) added by \S{1,64} to group (?<group>[\w.$-]{1,64})$/, 'group-member-added'],
  [/^delete '?(?<user>[\w.$-]{1,64})'? from (?:shadow )?group '(?<group>[\w.$-]{1,64})'$/, 'group-member-removed'],
  [/^change user '?(?<user>[\w.$-]{1,64})'? (?:password|expiration|UID|GID|shell|home)/, 'account-changed'],
  [/^(?:un)?lock user '(?<user>[\w.$-]{1,64})' password$/, 'account-changed'],
];

/** Accounts and groups that useradd, usermod, userdel, groupadd and their like made, changed or removed. */
export function readAccounts(message: SystemMessage): VakthundEvent | undefined {
  for (const [pattern, action] of changes) {
    const groups = groupsIn(message.text, pattern);
    if (groups === undefined) continue;
    const columns = {
      event_action: action,
      event_outcome: 'success',
      target_user_name: groups['user'] ?? null,
      target_user_id: groups['uid'] ?? null,
      target_group_name: groups['group'] ?? groups['other'] ?? null,
      service: message.program,
    };
    return spoken('user_session', message, columns);
  }
  return undefined;
}

const newSession = /^New session '?(?<session>[\w-]{1,32})'? of user '?(?<user>[^\s']{1,64}?)'?\.?(?: with .{0,100})?$/;
const loginOn =
  /^(?:(?<root>ROOT LOGIN)|LOGIN) +ON '?(?<tty>[\w/]{1,64})'?(?: BY (?<user>\S{1,64}?))?(?: FROM (?<from>\S{1,255}))?$/;
const failedLogin =
  /^FAILED LOGIN (?:SESSION )?(?:\(\d{1,9}\) )?(?:on '?(?<tty>[\w/]{1,64})'? )?(?:FROM \S{1,255} )?FOR '?(?<user>[^',]{1,64})'?,/i;

export function readLogind(message: SystemMessage): VakthundEvent | undefined {
  const session = groupsIn(message.text, newSession);
  if (session === undefined) return undefined;
  const columns = {
    event_action: 'session-start',
    event_outcome: 'success',
    target_user_name: session['user'] ?? null,
    session_id: session['session'] ?? null,
    service: message.program,
  };
  return spoken('user_session', message, columns);
}

export function readLogin(message: SystemMessage): VakthundEvent | undefined {
  const good = groupsIn(message.text, loginOn);
  const groups = good ?? groupsIn(message.text, failedLogin);
  if (groups === undefined) return undefined;
  const columns = {
    event_action: 'login',
    event_outcome: good === undefined ? 'failure' : 'success',
    target_user_name: groups['user'] ?? (groups['root'] === undefined ? null : 'root'),
    process_tty: groups['tty'] ?? null,
    source_host: groups['from'] ?? null,
    service: message.program,
  };
  return spoken('user_session', message, columns);
}
