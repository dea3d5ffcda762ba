import type { Account } from './accounts.ts';
import type { Constraints } from './constraints.ts';
import type { TableContext } from './table-context.ts';

/** Accounts whose `uid` a query may want, each once per number and home: what their home folders hold is looked at. */
export function usersOf({ accounts }: TableContext, constraints: Constraints): readonly Account[] {
  const seen = new Set<string>();
  return accounts.all.filter(({ uid, home }) => {
    const key = `${uid} ${home}`;
    if (!home.startsWith('/') || seen.has(key) || !constraints.allows('uid', uid)) return false;
    seen.add(key);
    return true;
  });
}
