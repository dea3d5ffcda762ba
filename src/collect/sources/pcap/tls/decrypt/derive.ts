import { hash as hashOf } from 'node:crypto';

/** HKDF-Expand-Label of RFC 8446, 7.1, without context. `length` is at most that of the hash: one block is enough for each use here. */
export function expandLabel(hash: string, secret: Uint8Array, label: string, length: number): Buffer {
  const full = Buffer.from(`tls13 ${label}`, 'latin1');
  const info = Buffer.concat([Buffer.from([0, length, full.length]), full, Buffer.from([0, 1])]);
  return hmac(hash, secret, info).subarray(0, length);
}

/**
 * Key block of TLS 1.2 and before from the master secret. `hash` is that of the cipher suite; TLS 1.0 and 1.1 join MD5 and SHA-1
 * instead (RFC 5246, 5 and 6.3; RFC 2246, 5).
 */
export function keyBlock(
  version: number,
  hash: string,
  master: Buffer,
  clientRandom: Uint8Array,
  serverRandom: Uint8Array,
  length: number,
): Buffer {
  const seed = Buffer.concat([Buffer.from('key expansion', 'latin1'), serverRandom, clientRandom]);
  if (version >= 0x0303) return stretch(hash, master, seed, length);
  const half = Math.ceil(master.length / 2);
  const block = stretch('md5', master.subarray(0, half), seed, length);
  const other = stretch('sha1', master.subarray(master.length - half), seed, length);
  for (let at = 0; at < length; at++) block[at] = (block[at] ?? 0) ^ (other[at] ?? 0);
  return block;
}

/** P_hash of RFC 5246, 5. */
function stretch(hash: string, secret: Uint8Array, seed: Uint8Array, length: number): Buffer {
  const blocks: Buffer[] = [];
  let bytes = 0;
  for (let chain = hmac(hash, secret, seed); bytes < length; chain = hmac(hash, secret, chain)) {
    const block = hmac(hash, secret, Buffer.concat([chain, seed]));
    blocks.push(block);
    bytes += block.length;
  }
  return Buffer.concat(blocks).subarray(0, length);
}

/** HMAC (RFC 2104) by two hashes at once: an Hmac object of Node costs four times as much as the few bytes here. */
export function hmac(name: string, secret: Uint8Array, message: Uint8Array): Buffer {
  const blockBytes = name === 'sha384' || name === 'sha512' ? 128 : 64;
  const key = secret.length > blockBytes ? hashOf(name, secret, 'buffer') : secret;
  const inner = Buffer.alloc(blockBytes + message.length, 0x36);
  const outer = Buffer.alloc(blockBytes, 0x5c);
  for (let at = 0; at < key.length; at++) {
    inner[at] = 0x36 ^ (key[at] ?? 0);
    outer[at] = 0x5c ^ (key[at] ?? 0);
  }
  inner.set(message, blockBytes);
  return hashOf(name, Buffer.concat([outer, hashOf(name, inner, 'buffer')]), 'buffer');
}
