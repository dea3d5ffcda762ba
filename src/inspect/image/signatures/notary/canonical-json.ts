/**
 * Canonical JSON (OLPC), which signatures and key ids of Notary are computed over: sorted keys, no spaces, only quotes and
 * backslashes escaped. Throws on what it cannot write: numbers that are no safe integers.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new RangeError('canonical JSON has integers alone');
    return String(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const object = value as Readonly<Record<string, unknown>>;
  const members = Object.keys(object).sort(compareBytes);
  return `{${members.map((key) => `${canonicalJson(key)}:${canonicalJson(object[key])}`).join(',')}}`;
}

/** By UTF-8 bytes, which differs from UTF-16 units above U+FFFF. */
function compareBytes(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}
