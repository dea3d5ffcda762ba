/** One line of `/etc/passwd` with that of `/etc/shadow`. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly shell: string;
  /** `empty`: nothing is asked for. `set`: there is a hash. `locked`: no password opens it. */
  readonly password: 'empty' | 'set' | 'locked';
  /** File and line that say so. */
  readonly path: '/etc/passwd' | '/etc/shadow';
  readonly line: number;
}

/** Accounts looked at; an image has forty. */
const maxAccounts = 10_000;

/** Reads the accounts of a root filesystem; lines that are not understood are passed over. */
export function readAccounts(passwd: string, shadow: string): Account[] {
  const shadows = new Map<string, { readonly hash: string; readonly line: number }>();
  for (const [index, line] of shadow.split('\n', maxAccounts).entries()) {
    const [name = '', hash] = line.split(':');
    if (hash !== undefined && !shadows.has(name)) shadows.set(name, { hash, line: index + 1 });
  }
  return passwd.split('\n', maxAccounts).flatMap((line, index): Account[] => {
    const [name = '', field, uid = '', , , , shell = ''] = line.split(':');
    if (name === '' || name.startsWith('#') || field === undefined || !/^\d+$/.test(uid)) return [];
    const shadowed = field === 'x' ? shadows.get(name) : undefined;
    const hash = field === 'x' ? (shadowed?.hash ?? '*') : field;
    return [
      {
        name,
        uid: Number(uid),
        shell: shell.trim(),
        password: passwordOf(hash),
        path: shadowed === undefined ? '/etc/passwd' : '/etc/shadow',
        line: shadowed?.line ?? index + 1,
      },
    ];
  });
}

function passwordOf(hash: string): Account['password'] {
  if (hash === '') return 'empty';
  return /^[!*]|^x$/.test(hash) ? 'locked' : 'set';
}

/** Programs that let nobody work. */
export function isLoginShell(shell: string): boolean {
  return shell === '' || !/\/(?:nologin|false|sync|shutdown|halt)$/.test(shell);
}
