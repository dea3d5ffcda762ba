import type { Package } from '../package.ts';
import type { ReportedRow } from './report.ts';

/** Packages by every name that a scanner may call them: their own, that of their source, the last part of a path. */
export class PackageIndex {
  readonly #byName = new Map<string, Package[]>();

  constructor(packages: readonly Package[]) {
    for (const pkg of packages) {
      const names = [pkg.name, pkg.source?.name, pkg.name.split(/[:/]/).at(-1)];
      for (const name of new Set(names.map((text) => text?.toLowerCase()))) {
        if (name === undefined) continue;
        const known = this.#byName.get(name);
        if (known === undefined) this.#byName.set(name, [pkg]);
        else known.push(pkg);
      }
    }
  }

  named(name: string): readonly Package[] {
    return this.#byName.get(name.toLowerCase()) ?? [];
  }

  /** Those of the name and version of a row, by their own name first; scanners differ in whether a version has its epoch. */
  of({ package: name, version }: Pick<ReportedRow, 'package' | 'version'>): readonly Package[] {
    const found = this.named(name).filter((pkg) => version === '' || isSameVersion(pkg, version));
    return found.some((pkg) => pkg.name === name) ? found.filter((pkg) => pkg.name === name) : found;
  }
}

function isSameVersion(pkg: Package, version: string): boolean {
  const plain = (text: string): string => text.replace(/^\d+:/, '').replace(/^v(?=\d)/, '');
  return plain(version) === plain(pkg.version) || plain(version) === plain(pkg.source?.version ?? '');
}
