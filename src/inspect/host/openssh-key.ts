/** What the open part of an OpenSSH private key (PROTOCOL.key) tells. */
export interface OpensshKey {
  readonly isEncrypted: boolean;
  /** `ssh-ed25519`, `ssh-rsa`. */
  readonly type: string;
}

const magic = 'openssh-key-v1\0';

/** Reads the open part: cipher and public key. Undefined when it is no such file, or cut. */
export function readOpensshKey(text: string): OpensshKey | undefined {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----(?<base64>[^-]*)/.exec(text)?.groups?.['base64'] ?? '';
  const bytes = Buffer.from(body, 'base64');
  if (bytes.toString('latin1', 0, magic.length) !== magic) return undefined;
  let at = magic.length;
  const next = (): Buffer | undefined => {
    if (at + 4 > bytes.length) return undefined;
    const length = bytes.readUInt32BE(at);
    if (length > bytes.length - at - 4) return undefined;
    const part = bytes.subarray(at + 4, at + 4 + length);
    at += 4 + length;
    return part;
  };
  const cipher = next()?.toString('latin1');
  next();
  next();
  at += 4;
  const blob = next();
  if (cipher === undefined || blob === undefined || blob.length < 4) return undefined;
  const length = blob.readUInt32BE(0);
  if (length > blob.length - 4) return undefined;
  return { isEncrypted: cipher !== 'none', type: blob.toString('latin1', 4, 4 + length) };
}
