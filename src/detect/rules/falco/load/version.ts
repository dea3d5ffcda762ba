/** The engine whose language is understood. */
export const engineVersion = '0.63.0';

export interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  readonly text: string;
}

/** `x.y.z`, what follows it ignored; undefined for other text. */
export function parseVersion(text: string): Version | undefined {
  const parts = /^(?<major>\d{1,9})\.(?<minor>\d{1,9})\.(?<patch>\d{1,9})(?:[-+].*)?$/.exec(text)?.groups;
  if (parts === undefined) return undefined;
  const [major, minor, patch] = [Number(parts['major']), Number(parts['minor']), Number(parts['patch'])];
  return { major, minor, patch, text };
}

/** An engine version: `x.y.z`, or a plain number that stands for the minor version. */
export function parseEngineVersion(text: string): Version | undefined {
  return parseVersion(/^\d{1,9}$/.test(text) ? `0.${Number(text)}.0` : text);
}

/** The same major version, and not older than what is required. */
export function isCompatible(version: Version, required: Version): boolean {
  if (version.major !== required.major) return false;
  return version.minor > required.minor || (version.minor === required.minor && version.patch >= required.patch);
}
