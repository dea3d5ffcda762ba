import { createHmac } from 'node:crypto';

/** HKDF-Expand-Label of RFC 8446, 7.1, without context. `length` is at most that of the hash: one block is enough for each use here. */
export function expandLabel(hash: string, secret: Uint8Array, label: string, length: number): Buffer {
  const full = Buffer.from(`tls13 ${label}`, 'latin1');
  const info = Buffer.concat([Buffer.from([0, length, full.length]), full, Buffer.from([0, 1])]);
  return createHmac(hash, secret).update(info).digest().subarray(0, length);
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
  const hmac = (...parts: readonly Uint8Array[]): Buffer => {
    const mac = createHmac(hash, secret);
    for (const part of parts) mac.update(part);
    return mac.digest();
  };
  const blocks: Buffer[] = [];
  let bytes = 0;
  for (let chain = hmac(seed); bytes < length; chain = hmac(chain)) {
    const block = hmac(chain, seed);
    blocks.push(block);
    bytes += block.length;
  }
  return Buffer.concat(blocks).subarray(0, length);
}
