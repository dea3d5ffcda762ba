/** Entities hold several things in one text; formats for tools want them apart. */

/** `web01:/etc/passwd` or a bare path; `C:\x` has no host. */
export function fileParts(value: string): {
  readonly host: string | undefined;
  readonly folder: string;
  readonly name: string;
} {
  const groups = /^(?<host>[^:/\\]{2,}):(?=[/\\]|[A-Za-z]:\\)/.exec(value)?.groups;
  const path = groups === undefined ? value : value.slice((groups['host']?.length ?? 0) + 1);
  const cut = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
  return { host: groups?.['host'], folder: path.slice(0, Math.max(cut, cut === 0 ? 1 : 0)), name: path.slice(cut + 1) };
}

/** `host/pid/name`; undefined for anything else. */
export function processParts(
  value: string,
): { readonly host: string; readonly pid: number; readonly name: string } | undefined {
  const groups = /^(?<host>[^/]*)\/(?<pid>\d{1,10})\/(?<name>.*)$/s.exec(value)?.groups;
  if (groups === undefined) return undefined;
  return { host: groups['host'] ?? '', pid: Number(groups['pid']), name: groups['name'] ?? '' };
}

export type HashAlgorithm = 'MD5' | 'SHA-1' | 'SHA-256' | 'SHA-512';

const algorithms: Readonly<Record<number, HashAlgorithm>> = { 32: 'MD5', 40: 'SHA-1', 64: 'SHA-256', 128: 'SHA-512' };

/** By its length; undefined for what is no hexadecimal digest of a known length. */
export function hashAlgorithm(value: string): HashAlgorithm | undefined {
  return /^[0-9a-f]+$/i.test(value) ? algorithms[value.length] : undefined;
}

/** `00:00:5e:00:53:01`, however it was written; undefined for what is no MAC address. */
export function macAddress(value: string): string | undefined {
  const digits = value.toLowerCase().replaceAll(/[:.-]/g, '');
  return /^[0-9a-f]{12}$/.test(digits) ? digits.replaceAll(/(?<pair>..)(?=.)/g, '$<pair>:') : undefined;
}
