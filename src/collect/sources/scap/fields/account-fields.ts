import type { ScapRecord } from '../record.ts';
import type { Account } from '../state/accounts.ts';
import { unsetId, type Thread } from '../state/thread.ts';
import { number, text, type FieldSource } from './field.ts';

const user =
  (id: (thread: Thread) => number, get: (account: Account) => string) =>
  ({ thread, system }: ScapRecord): string | undefined => {
    if (thread === undefined) return undefined;
    const account = system.accounts.user(thread.container, id(thread));
    return account === undefined ? undefined : get(account);
  };

const uid = (thread: Thread): number => thread.uid;
const loginUid = (thread: Thread): number => thread.loginUid;

export const accountFields: Readonly<Record<string, FieldSource>> = {
  'user.uid': number(({ thread }) => thread?.uid),
  'user.name': text(user(uid, ({ name }) => name)),
  'user.homedir': text(user(uid, ({ home }) => home)),
  'user.shell': text(user(uid, ({ shell }) => shell)),
  // Falco shows no log-in as -1.
  'user.loginuid': number(({ thread }) => (thread?.loginUid === unsetId ? -1 : thread?.loginUid)),
  'user.loginname': text(user(loginUid, ({ name }) => name)),
  'group.gid': number(({ thread }) => thread?.gid),
  'group.name': text(({ thread, system }) =>
    thread === undefined ? undefined : system.accounts.group(thread.container, thread.gid),
  ),
};
