import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { openImage } from '../../../src/inspect/image/open-image.ts';
import { catalogTree, type Catalog } from '../../../src/inspect/packages/catalog.ts';
import { formatPurl, parsePurl } from '../../../src/inspect/packages/purl.ts';
import { toCycloneDx } from '../../../src/inspect/packages/sbom/cyclonedx-write.ts';
import { readSbom } from '../../../src/inspect/packages/sbom/read-sbom.ts';
import type { Sbom } from '../../../src/inspect/packages/sbom/sbom.ts';
import { toSpdx } from '../../../src/inspect/packages/sbom/spdx-write.ts';
import type { Suite, SuiteFailure, SuiteResult } from '../suite.ts';
import { withUnpacked } from './image-trees/unpack.ts';

const stamp = { uuid: '00000000-0000-4000-8000-000000000000', toolVersion: '0.1.0' };

/** Bills of materials of a peer: our packages of the same image have the same package URLs; what we write, we read back whole. */
export const suite: Suite = {
  id: 'image/sbom',
  async run(corpus): Promise<SuiteResult> {
    const tally = new Tally();
    await compareBills(join(corpus, 'image', 'images'), tally);
    await readGoldens(join(corpus, 'image', 'golden'), tally);
    return tally.result();
  },
};

class Tally {
  readonly #failed: SuiteFailure[] = [];
  #total = 0;
  #packages = 0;

  compare(name: string, got: readonly string[], want: readonly string[]): void {
    this.#total++;
    this.#packages += want.length;
    const [less, more] = [want.filter((one) => !got.includes(one)), got.filter((one) => !want.includes(one))];
    if (less.length + more.length === 0) return;
    this.#failed.push({ case: name, got: `more: ${more.join(' ')}`, want: `missing: ${less.join(' ')}` });
  }

  same(name: string, got: unknown, want: unknown): void {
    this.#total++;
    if (isDeepStrictEqual(got, want)) return;
    this.#failed.push({ case: name, got: JSON.stringify(got), want: JSON.stringify(want) });
  }

  result(): SuiteResult {
    const passed = this.#total - this.#failed.length;
    return { total: this.#total, passed, skipped: 0, failed: this.#failed, figures: { packages: this.#packages } };
  }
}

/** `expected/NAME.FORMAT.json.gz` is a bill of the image `NAME.*`. */
async function compareBills(folder: string, tally: Tally): Promise<void> {
  const expected = existsSync(join(folder, 'expected')) ? readdirSync(join(folder, 'expected')).sort() : [];
  const bills = expected.filter((name) => name.endsWith('.json.gz'));
  const catalogs = new Map<string, Catalog>();
  for (const bill of bills) {
    const stem = `${bill.split('.')[0]}.`;
    const file = readdirSync(folder).find((name) => name.startsWith(stem));
    if (file === undefined) continue;
    const catalog = catalogs.get(file) ?? (await catalogOf(join(folder, file)));
    if (!catalogs.has(file)) roundTrip(file, catalog, tally);
    catalogs.set(file, catalog);
    const { sbom } = readSbom(gunzipSync(readFileSync(join(folder, 'expected', bill))).toString('utf8'));
    const purls = (packages: Sbom['packages']): string[] => packages.map(({ purl }) => canonical(purl)).sort();
    tally.compare(`${bill} package URLs`, purls(catalog.packages), purls(sbom.packages));
    const sources = (packages: Sbom['packages']): string[] =>
      packages
        .filter(({ source }) => source !== undefined)
        .map(({ name, source }) => `${name}: ${source?.name} ${source?.version}`);
    tally.compare(`${bill} sources`, sources(catalog.packages), sources(sbom.packages));
    tally.same(`${bill} distribution`, sbom.distribution?.versionId, catalog.distribution?.versionId);
  }
}

/** Some write the epoch of a version beside it, and order qualifiers otherwise. */
function canonical(text: string): string {
  const purl = parsePurl(text);
  if (purl === undefined) return text;
  const { epoch, ...rest } = Object.fromEntries(purl.qualifiers);
  const version = purl.type === 'deb' && epoch !== undefined ? `${epoch}:${purl.version}` : purl.version;
  const qualifiers = new Map(
    Object.entries(version === purl.version && epoch !== undefined ? { ...rest, epoch } : rest),
  );
  return formatPurl({ ...purl, version, qualifiers });
}

async function catalogOf(file: string): Promise<Catalog> {
  const image = await openImage(file);
  try {
    return catalogTree(image.tree);
  } finally {
    image.close();
  }
}

function roundTrip(file: string, { packages, distribution }: Catalog, tally: Tally): void {
  const sbom: Sbom = { subject: { name: file, kind: 'image' }, created: 1_700_000_000_000_000, distribution, packages };
  const bare = { ...sbom, packages: packages.map((one) => ({ ...one, files: [] })) };
  // Whatever form the lists of files are kept in.
  const whole = (one: Sbom): Sbom => ({
    ...one,
    packages: one.packages.map((each) => ({ ...each, files: [...each.files] })),
  });
  tally.same(
    `${file} CycloneDX and back`,
    whole(readSbom(JSON.stringify(toCycloneDx(sbom, { ...stamp, withFiles: true }))).sbom),
    whole(sbom),
  );
  tally.same(`${file} SPDX and back`, readSbom(JSON.stringify(toSpdx(sbom, stamp))).sbom, bare);
}

/** Bills among the goldens: those that say the same in several forms have the same packages, and each is read without a problem. */
async function readGoldens(folder: string, tally: Tally): Promise<void> {
  const archives = existsSync(folder) ? readdirSync(folder).filter((name) => name.includes('.tar.')) : [];
  await withUnpacked(
    archives.map((name) => join(folder, name)),
    (root) => {
      const bills = join(root, 'fixtures', 'sbom');
      const byName = new Map<string, readonly string[]>();
      for (const name of existsSync(bills) ? readdirSync(bills).sort() : []) {
        const { sbom, problems } = readSbom(readFileSync(join(bills, name), 'utf8'));
        tally.same(`${name} problems`, problems, []);
        // The image of `centos-7-cyclonedx.json` and `centos-7-spdx.txt` is one.
        const stem = name.replace(/-(?:cyclonedx|spdx)\..*$/, '');
        const packages = sbom.packages.map(({ name: one, version }) => `${one} ${version}`);
        const before = byName.get(stem);
        if (before !== undefined) tally.compare(`${name} as its siblings`, packages, before);
        byName.set(stem, packages);
      }
    },
  );
}
