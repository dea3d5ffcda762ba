/** Last part of a path of Windows, or of Linux (Sysmon for Linux). */
export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('\\'), path.lastIndexOf('/')) + 1);
}

/** The SHA-256 in a list of hashes as Sysmon writes it: `SHA1=…,MD5=…,SHA256=…,IMPHASH=…`. In lower case. */
export function sha256In(hashes: string | null): string | null {
  const found = hashes === null ? null : /(?:^|,)SHA256=(?<digest>[\da-f]{64})(?:,|$)/i.exec(hashes);
  return found?.groups?.['digest']?.toLowerCase() ?? null;
}

export interface RegistryPath {
  readonly hive: string | null;
  readonly key: string | null;
  readonly value: string | null;
}

const hives: readonly (readonly [prefix: string, hive: string])[] = [
  ['hkey_local_machine', 'HKLM'],
  ['hkey_users', 'HKU'],
  ['hkey_classes_root', 'HKCR'],
  ['hkey_current_user', 'HKCU'],
  ['hkey_current_config', 'HKCC'],
  ['\\registry\\machine', 'HKLM'],
  ['\\registry\\user', 'HKU'],
  ['hklm', 'HKLM'],
  ['hku', 'HKU'],
  ['hkcr', 'HKCR'],
  ['hkcu', 'HKCU'],
];

/** Parts of a registry path as Sysmon (`HKLM\SOFTWARE\X`) or the kernel (`\REGISTRY\MACHINE\SOFTWARE\X`) writes it. */
export function registryPath(path: string, hasValue: boolean): RegistryPath {
  const lower = path.slice(0, 40).toLowerCase();
  const found = hives.find(([prefix]) => lower.startsWith(prefix) && (lower[prefix.length] ?? '\\') === '\\');
  const rest = found === undefined ? path : path.slice(found[0].length + 1);
  const cut = hasValue ? rest.lastIndexOf('\\') : -1;
  return {
    hive: found?.[1] ?? null,
    key: (cut < 0 ? rest : rest.slice(0, cut)) || null,
    value: cut < 0 ? null : rest.slice(cut + 1) || null,
  };
}
