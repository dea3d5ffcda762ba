/** What was done to a package, in the words of its manager. */
export interface PackageChange {
  /** `install`, `upgrade`, `removed`, …: as written, in lower case. */
  readonly action: string;
  readonly name: string;
  readonly version?: string | undefined;
  readonly previous?: string | undefined;
  readonly architecture?: string | undefined;
  /** It came because another package asked for it. */
  readonly isAutomatic?: boolean;
}

/** Parts of a package's full name as rpm writes it: `[EPOCH:]NAME-VERSION-RELEASE.ARCH`, with the epoch also before the version. */
export function nameAndVersion(full: string): Pick<PackageChange, 'name' | 'version' | 'architecture'> {
  const parts =
    /^(?:\d{1,9}:)?(?<name>.{1,200})-(?<version>[^-]{1,100}-[^-]{1,100})\.(?<architecture>[a-z0-9_]{1,20})$/.exec(
      full,
    )?.groups;
  if (parts === undefined) return { name: full };
  return { name: parts['name'] ?? full, version: parts['version'], architecture: parts['architecture'] };
}
