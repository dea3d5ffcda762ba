import { VakthundError } from '../../../../base/errors.ts';
import { isDigest, sha256Of, type ContentStore } from '../../content-store.ts';
import type { Descriptor, Manifest } from '../../image.ts';
import { listOf, member, parseJson, textsOf } from '../../json.ts';
import type { ImageLimits } from '../../limits.ts';
import { mediaTypeOf, readManifest } from '../../manifest.ts';
import type { RegistryReference } from '../../reference.ts';
import { bodyOf, chunksOf, RegistryConnection, type RegistryOptions } from './connection.ts';

const manifestTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];
const indexType = 'application/vnd.oci.image.index.v1+json';

/** Names of one list: tags of a repository, repositories of a registry. */
const maxNames = 100_000;

/** One repository of a registry, read by the OCI distribution-spec (which Docker's registry HTTP API v2 is a part of). */
export class RegistryRepository implements ContentStore {
  readonly #connection: RegistryConnection;
  readonly #path: string;
  readonly #limits: ImageLimits;

  constructor({ registry, repository }: RegistryReference, limits: ImageLimits, options: RegistryOptions = {}) {
    this.#connection = new RegistryConnection(registry, repository, options);
    this.#path = `/v2/${repository}`;
    this.#limits = limits;
  }

  async manifest(reference: string): Promise<Manifest | undefined> {
    const response = await this.#connection.get(`${this.#path}/manifests/${reference}`, manifestTypes);
    if (response === undefined) return undefined;
    const bytes = await bodyOf(response, this.#limits.metadataBytes, `the manifest ${reference}`);
    const digest = sha256Of(bytes);
    if (isDigest(reference) && digest !== reference) {
      throw new VakthundError('EVIDENCE_READ', `the manifest ${reference} has the digest ${digest}`);
    }
    const delivered = response.headers.get('content-type')?.split(';')[0]?.trim() ?? '';
    return { mediaType: mediaTypeOf(bytes, delivered), digest, bytes };
  }

  /** Throws when there is no such blob, and when it goes on beyond its size. */
  async *blob({ digest, size }: Descriptor): AsyncGenerator<Buffer> {
    const response = await this.#connection.get(`${this.#path}/blobs/${digest}`);
    if (response === undefined) throw new VakthundError('EVIDENCE_READ', `there is no blob ${digest}`);
    let received = 0;
    for await (const chunk of chunksOf(response)) {
      received += chunk.length;
      if (received > size) {
        throw new VakthundError('EVIDENCE_READ', `the blob ${digest} has more than its ${size} bytes`);
      }
      yield chunk;
    }
  }

  /** By the referrers API; from the index under the tag `sha256-…` where the registry does not know it. */
  async referrers(digest: string): Promise<readonly Descriptor[]> {
    const found: Descriptor[] = [];
    let path: string | undefined = `${this.#path}/referrers/${digest}`;
    while (path !== undefined && found.length < maxNames) {
      const response: Response | undefined = await this.#connection.get(path, [indexType]);
      if (response === undefined) break;
      const bytes = await bodyOf(response, this.#limits.metadataBytes, 'the list of referrers');
      found.push(...(readManifest(bytes).manifests ?? []));
      path = nextPage(response);
    }
    return found.length > 0 ? found : this.#referrersByTag(digest);
  }

  async #referrersByTag(digest: string): Promise<readonly Descriptor[]> {
    const index = await this.manifest(digest.replace(':', '-'));
    return index === undefined ? [] : (readManifest(index.bytes).manifests ?? []);
  }

  tags(): Promise<readonly string[]> {
    return listNames(this.#connection, `${this.#path}/tags/list?n=1000`, 'tags', this.#limits);
  }
}

/** Names of all repositories that a registry tells; throws when it does not tell them. */
export async function listRepositories(
  registry: string,
  limits: ImageLimits,
  options: RegistryOptions = {},
): Promise<readonly string[]> {
  const connection = new RegistryConnection(registry, '', options);
  return listNames(connection, '/v2/_catalog?n=1000', 'repositories', limits);
}

async function listNames(
  connection: RegistryConnection,
  first: string,
  key: string,
  limits: ImageLimits,
): Promise<readonly string[]> {
  const names: string[] = [];
  let path: string | undefined = first;
  while (path !== undefined && names.length < maxNames) {
    const response: Response | undefined = await connection.get(path);
    if (response === undefined) break;
    const json = parseJson(await bodyOf(response, limits.metadataBytes, `the list of ${key}`), `list of ${key}`);
    const page = textsOf(listOf(member(json, key)));
    if (page.length === 0) break;
    names.push(...page);
    path = nextPage(response);
  }
  return names;
}

/** The page that follows (RFC 8288, as distribution writes it): a path at the same registry, never another one. */
function nextPage(response: Response): string | undefined {
  const link = /^<(?<target>[^>]{1,4096})>;\s*rel="?next"?/.exec(response.headers.get('link') ?? '');
  const target = link?.groups?.['target'];
  if (target === undefined || !URL.canParse(target, response.url)) return undefined;
  const url = new URL(target, response.url);
  const start = url.pathname.indexOf('/v2/');
  return start < 0 ? undefined : `${url.pathname.slice(start)}${url.search}`;
}
