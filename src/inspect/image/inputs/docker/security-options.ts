import type { Cursor } from '../cursor.ts';
import type { Located } from '../place.ts';

export interface SecurityOptions {
  readonly noNewPrivileges: Located<boolean> | undefined;
  readonly seccomp: Located<string> | undefined;
  readonly appArmor: Located<string> | undefined;
  readonly selinuxDisabled: Located<boolean> | undefined;
  readonly unmaskedProc: Located<boolean> | undefined;
}

/**
 * What `--security-opt` says, in the old form with a colon too: `no-new-privileges[:true]`, `seccomp=unconfined`,
 * `apparmor=unconfined`, `label=disable`, `systempaths=unconfined`, and podman's `unmask=ALL`. `profile` is what the engine put on.
 */
export function securityOptions(options: Cursor, profile?: Cursor): SecurityOptions {
  let noNewPrivileges: Located<boolean> | undefined;
  let seccomp: Located<string> | undefined;
  let appArmor: Located<string> | undefined;
  let selinuxDisabled: Located<boolean> | undefined;
  let unmaskedProc: Located<boolean> | undefined;
  for (const { value, at } of options.texts()) {
    const [name = '', setting = ''] = splitOnce(value);
    if (name === 'no-new-privileges') noNewPrivileges = { value: setting !== 'false', at };
    else if (name === 'seccomp') seccomp = { value: setting, at };
    else if (name === 'apparmor') appArmor = { value: setting, at };
    else if (name === 'label' && setting === 'disable') selinuxDisabled = { value: true, at };
    else if (name === 'systempaths' && setting === 'unconfined') unmaskedProc = { value: true, at };
    else if (name === 'unmask' && /^all$/i.test(setting)) unmaskedProc = { value: true, at };
  }
  const applied = profile?.locatedText();
  if (appArmor === undefined && applied !== undefined && applied.value !== '') appArmor = applied;
  return { noNewPrivileges, seccomp, appArmor, selinuxDisabled, unmaskedProc };
}

function splitOnce(option: string): readonly string[] {
  const at = option.search(/[=:]/);
  return at === -1 ? [option] : [option.slice(0, at), option.slice(at + 1)];
}
