/** A key of sshd(8), "AUTHORIZED_KEYS FILE FORMAT". */
export interface PublicKeyLine {
  readonly algorithm: string;
  /** Base64. */
  readonly key: string;
  readonly options: string;
  readonly comment: string;
}

const algorithm = /^(?:ssh-|ecdsa-|sk-)[a-z0-9@.-]+$/;

/** Reads `[options] algorithm key [comment]`; quoted options may hold spaces. Undefined for comments and what is no key. */
export function readPublicKey(line: string): PublicKeyLine | undefined {
  const text = line.trim();
  if (text === '' || text.startsWith('#')) return undefined;
  const [first = '', second = '', ...rest] = text.split(/\s+/);
  if (algorithm.test(first)) return { algorithm: first, key: second, options: '', comment: rest.join(' ') };
  const options = /^(?:[^\s"]|"(?:[^"\\]|\\.)*")+/.exec(text)?.[0] ?? '';
  const [name = '', key = '', ...comment] = text.slice(options.length).trim().split(/\s+/);
  return algorithm.test(name) ? { algorithm: name, key, options, comment: comment.join(' ') } : undefined;
}
