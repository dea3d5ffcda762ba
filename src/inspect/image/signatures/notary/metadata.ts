import { createHash } from 'node:crypto';
import { parseIsoMicros, type Micros } from '../../../../base/time.ts';
import { asObject, fromBase64, readJsonObject, type JsonObject } from '../_checks/json.ts';
import { listOf, textOf } from '../../json.ts';
import { canonicalJson } from './canonical-json.ts';
import { holds, readKey, type NotaryKey } from './keys.ts';

/** One file of metadata, not yet verified. */
export interface RoleFile {
  readonly bytes: Buffer;
  readonly signed: JsonObject;
  /** What signatures are over. */
  readonly canonical: Buffer;
  readonly signatures: readonly unknown[];
  readonly version: number;
  readonly expires: Micros;
}

/** Keys that may sign a role, and how many of them must. */
export interface Signers {
  readonly keys: readonly NotaryKey[];
  readonly threshold: number;
}

/** Keys and signatures of one role that are looked at; each costs a public key operation. */
const maxKeys = 64;

/** Reads a file of the role type (`Root`, `Targets`); a text says what is wrong. */
export function readRole(bytes: Buffer, type: string): RoleFile | string {
  const file = readJsonObject(bytes);
  const signed = asObject(file?.['signed']);
  if (file === undefined || signed === undefined) return 'it is no signed metadata';
  if ((textOf(signed['_type']) ?? '').toLowerCase() !== type) {
    return `it is of the type ${JSON.stringify(signed['_type'])}`;
  }
  const [version, expires] = [signed['version'], parseIsoMicros(textOf(signed['expires']) ?? '')];
  if (typeof version !== 'number' || !Number.isSafeInteger(version) || version < 1) return 'it has no version';
  if (expires === undefined) return 'it has no time at which it runs out';
  const signatures = listOf(file['signatures']);
  if (signatures.length > maxKeys) return `it has more than ${maxKeys} signatures`;
  try {
    return { bytes, signed, canonical: Buffer.from(canonicalJson(signed)), signatures, version, expires };
  } catch {
    return 'it cannot be written in canonical JSON';
  }
}

/** Those who may sign, out of `keys` and a role `{ keyids, threshold }`; a text says what is wrong. */
export function readSigners(keys: unknown, role: unknown): Signers | string {
  const threshold = asObject(role)?.['threshold'];
  const ids = new Set(listOf(asObject(role)?.['keyids']).map((id) => textOf(id) ?? ''));
  if (typeof threshold !== 'number' || !Number.isSafeInteger(threshold) || threshold < 1) {
    return 'its threshold is no number over 0';
  }
  if (ids.size > maxKeys) return `it has more than ${maxKeys} keys`;
  const known = asObject(keys) ?? {};
  const found = [...ids].flatMap((id) => (Object.hasOwn(known, id) ? (readKey(id, known[id]) ?? []) : []));
  return { keys: found, threshold };
}

/** Whether enough of those who may sign the file did; each key counts once. */
export function isSigned({ canonical, signatures }: RoleFile, { keys, threshold }: Signers): boolean {
  const signers = keys.filter((key) =>
    signatures.some((value) => {
      const signature = asObject(value);
      if (signature?.['keyid'] !== key.id) return false;
      const bytes = fromBase64(textOf(signature['sig']) ?? '');
      return bytes !== undefined && holds(key, textOf(signature['method']) ?? '', bytes, canonical);
    }),
  );
  return signers.length >= threshold;
}

/** Whether `meta[name]` of a timestamp or snapshot is about these bytes: length and SHA-256. */
export function isNamedBy(index: RoleFile, name: string, bytes: Buffer): boolean {
  const meta = asObject(index.signed['meta']);
  const entry = meta !== undefined && Object.hasOwn(meta, name) ? asObject(meta[name]) : undefined;
  return entry?.['length'] === bytes.length && digestIn(entry) === createHash('sha256').update(bytes).digest('hex');
}

/** SHA-256 in hexadecimal of `{ hashes: { sha256: base64 } }`. */
export function digestIn(entry: JsonObject): string | undefined {
  const bytes = fromBase64(textOf(asObject(entry['hashes'])?.['sha256']) ?? '');
  return bytes?.length === 32 ? bytes.toString('hex') : undefined;
}
