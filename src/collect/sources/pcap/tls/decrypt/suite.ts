import { cipherSuiteName } from '../names.ts';

/** How records of a cipher suite are protected. Sizes in bytes. */
export interface Suite {
  readonly mode: 'aead' | 'cbc';
  /** OpenSSL's name of the cipher. */
  readonly cipher: string;
  readonly keyBytes: number;
  /** Part of the nonce, or the first initialisation vector, that comes from the key block. */
  readonly ivBytes: number;
  /** Part of the nonce that stands before each record of TLS 1.2. */
  readonly explicitBytes: number;
  readonly tagBytes: number;
  /** Hash of key derivation, and of the codes of CBC suites. */
  readonly hash: string;
  readonly macHash: string;
  readonly macBytes: number;
}

const macSizes: Readonly<Record<string, number>> = { md5: 16, sha1: 20, sha256: 32, sha384: 48 };
const blockCiphers: Readonly<
  Record<string, { readonly cipher: string; readonly keyBytes: number; readonly block: number }>
> = {
  AES_128: { cipher: 'aes-128', keyBytes: 16, block: 16 },
  AES_256: { cipher: 'aes-256', keyBytes: 32, block: 16 },
  CAMELLIA_128: { cipher: 'camellia-128', keyBytes: 16, block: 16 },
  CAMELLIA_256: { cipher: 'camellia-256', keyBytes: 32, block: 16 },
  '3DES_EDE': { cipher: 'des-ede3', keyBytes: 24, block: 8 },
};
const pattern =
  /^TLS_(?:[A-Z0-9_]+_WITH_)?(?:(?<chacha>CHACHA20_POLY1305)|(?<base>AES_128|AES_256|CAMELLIA_128|CAMELLIA_256|3DES_EDE)_(?<mode>GCM|CCM_8|CCM|CBC))(?:_(?<hash>SHA|MD5|SHA256|SHA384))?$/;

/** What the registered name of a suite says of its records; undefined for ciphers that are not read (RC4, ARIA, NULL, unknown ones). */
export function suiteOf(number: number): Suite | undefined {
  const groups = pattern.exec(cipherSuiteName(number))?.groups;
  if (groups === undefined) return undefined;
  const named = groups['hash'] === 'SHA' ? 'sha1' : (groups['hash'] ?? 'SHA256').toLowerCase();
  // Suites named after SHA or MD5 derive their keys by SHA-256 (RFC 5246, 5).
  const hash = named === 'sha384' ? 'sha384' : 'sha256';
  const aead = { mode: 'aead', hash, macHash: hash, macBytes: 0 } as const;
  if (groups['chacha'] !== undefined) {
    return { ...aead, cipher: 'chacha20-poly1305', keyBytes: 32, ivBytes: 12, explicitBytes: 0, tagBytes: 16 };
  }
  const base = blockCiphers[groups['base'] ?? ''];
  if (base === undefined) return undefined;
  const { keyBytes, block } = base;
  if (groups['mode'] === 'CBC') {
    const macBytes = macSizes[named] ?? 0;
    const sizes = { keyBytes, ivBytes: block, explicitBytes: 0, tagBytes: 0 };
    return { mode: 'cbc', cipher: `${base.cipher}-cbc`, ...sizes, hash, macHash: named, macBytes };
  }
  const mode = groups['mode'] === 'GCM' ? 'gcm' : 'ccm';
  const tagBytes = groups['mode'] === 'CCM_8' ? 8 : 16;
  return { ...aead, cipher: `${base.cipher}-${mode}`, keyBytes, ivBytes: 4, explicitBytes: 8, tagBytes };
}
