import type { User } from './accounts.ts';
import type { Constraints } from './constraints.ts';
import type { HostContext } from './host-context.ts';

/** Accounts whose `uid` a query may want, each once per number and home: what their home folders hold is looked at. */
export function usersOf({ accounts }: HostContext, constraints: Constraints): readonly User[] {
  const seen = new Set<string>();
  return accounts.users.filter(({ uid, home }) => {
    const key = `${uid} ${home}`;
    if (!home.startsWith('/') || seen.has(key) || !constraints.allows('uid', uid)) return false;
    seen.add(key);
    return true;
  });
}
