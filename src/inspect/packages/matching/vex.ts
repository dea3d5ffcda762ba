import type { VexStatement } from '../advisories/vex/statement.ts';
import { parsePurl, type PackageUrl } from '../purl.ts';
import type { Vulnerability } from './vulnerabilities.ts';

/** What a scan is about, for statements that name the image or the program as the product. */
export interface VexSubject {
  /** Name of the image as it was asked for; empty when there is none. */
  readonly name: string;
  /** `sha256:…` of the image: of its manifest, of the index over several platforms, of its configuration. */
  readonly digests?: readonly string[];
  /** Package URLs of everything in it. */
  readonly purls: readonly string[];
}

/** The statement that counts for each vulnerability: the latest about it. */
export class VexIndex {
  readonly #byName = new Map<string, VexStatement[]>();
  readonly #products: readonly PackageUrl[];
  readonly #name: string;
  readonly #digests: readonly string[];

  /** Statements in the order of time. */
  constructor(statements: readonly VexStatement[], { name, digests = [], purls }: VexSubject) {
    for (const statement of statements) {
      for (const id of statement.vulnerability) {
        const list = this.#byName.get(id);
        if (list === undefined) this.#byName.set(id, [statement]);
        else list.push(statement);
      }
    }
    this.#products = statements.length === 0 ? [] : purls.flatMap((purl) => parsePurl(purl) ?? []);
    this.#name = name;
    this.#digests = digests;
  }

  find({ id, aliases, package: { purl } }: Vulnerability): VexStatement | undefined {
    const url = parsePurl(purl);
    if (url === undefined || this.#byName.size === 0) return undefined;
    return [id, ...aliases]
      .flatMap((name) => this.#byName.get(name) ?? [])
      .filter((statement) => this.#isAbout(statement, url))
      .reduce<VexStatement | undefined>(
        (latest, one) => (latest === undefined || one.time >= latest.time ? one : latest),
        undefined,
      );
  }

  #isAbout({ product, parts }: VexStatement, url: PackageUrl): boolean {
    const wanted = parsePurl(product);
    // One about an image that names no part is about all that is in it.
    if (parts.length === 0) return wanted !== undefined && (this.#isImage(wanted) || fits(wanted, url));
    const isPart = parts.some((part) => {
      const partUrl = parsePurl(part);
      return partUrl !== undefined && fits(partUrl, url);
    });
    if (!isPart || wanted === undefined) return false;
    if (wanted.type === 'oci') return this.#isImage(wanted);
    return this.#products.some((one) => fits(wanted, one));
  }

  /** Where a digest is told, it decides: another build of the same name is another product. So does the registry, where both tell it. */
  #isImage({ type, name, version, qualifiers }: PackageUrl): boolean {
    if (type !== 'oci') return false;
    if (version !== undefined) return this.#digests.includes(version);
    return name === imageName(this.#name) && isOfRegistry(this.#name, qualifiers.get('repository_url'));
  }
}

/**
 * `repository_url` is a registry with a path, with or without the name of the image at its end (purl-spec, oci). A name that does not
 * begin with a registry is not held against it.
 */
function isOfRegistry(reference: string, repository: string | undefined): boolean {
  const own = /^(?:docker:\/\/)?(?<repository>[^/@]*[.:][^/@]*\/[^:@]+)/.exec(reference)?.groups?.['repository'];
  if (repository === undefined || own === undefined) return true;
  const wanted = repository.replace(/^https?:\/\//, '').replace(/^index\.docker\.io/, 'docker.io');
  return `${own}/`.startsWith(`${wanted.replace(/\/+$/, '')}/`);
}

/** The last part of an image's name: `debian` of `docker.io/library/debian:12`. */
function imageName(reference: string): string {
  const path =
    reference
      .replace(/@sha256:[0-9a-f]+$/, '')
      .split('/')
      .at(-1) ?? '';
  return path.replace(/:[^:]*$/, '');
}

/** Whether a package is the one that is meant: what is not told (version, qualifiers) may be anything. */
export function fits(wanted: PackageUrl, url: PackageUrl): boolean {
  if (wanted.type !== url.type || wanted.name !== url.name || wanted.namespace !== url.namespace) return false;
  if (wanted.version !== undefined && wanted.version !== url.version) return false;
  return [...wanted.qualifiers].every(([key, value]) => !url.qualifiers.has(key) || url.qualifiers.get(key) === value);
}
