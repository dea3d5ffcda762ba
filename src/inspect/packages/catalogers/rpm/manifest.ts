import type { RpmHeader } from './header.ts';

/**
 * A line of `container-manifest-2`, which images of Azure Linux without a package manager keep instead of a database: name,
 * version-release, install time, build time, vendor, `(none)`, size, architecture, epoch, source rpm; between them tabs.
 */
export function parseManifestLine(line: string): RpmHeader | undefined {
  const [name = '', full = '', installTime, , vendor, , , architecture, epoch, sourceRpm] = line.split('\t');
  const dash = full.lastIndexOf('-');
  if (name === '' || dash <= 0) return undefined;
  const number = (text: string | undefined): number | undefined =>
    text !== undefined && /^\d{1,12}$/.test(text) ? Number(text) : undefined;
  const known = (text: string | undefined): string | undefined => (text === '(none)' || text === '' ? undefined : text);
  return {
    name,
    version: full.slice(0, dash),
    release: full.slice(dash + 1),
    epoch: number(epoch),
    architecture: known(architecture),
    license: undefined,
    vendor: known(vendor),
    sourceRpm: known(sourceRpm),
    modularityLabel: undefined,
    installTime: number(installTime),
    files: [],
  };
}
