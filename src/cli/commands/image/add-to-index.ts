import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { messageOf } from '../../../base/errors.ts';
import type { Problem } from '../../../base/problem.ts';
import { describeForIndex } from '../../../inspect/image/index-store/describe-image.ts';
import type { ImageIndex } from '../../../inspect/image/index-store/image-index.ts';
import { findUses, mayNameImages } from '../../../inspect/image/index-store/uses.ts';
import type { ImageUse, IndexedSignature } from '../../../inspect/image/index-store/record.ts';
import { defaultImageLimits } from '../../../inspect/image/limits.ts';
import { listImages, listStore } from '../../../inspect/image/list-images.ts';
import { locate } from '../../../inspect/image/location.ts';
import { identifyImage, openImage } from '../../../inspect/image/open-image.ts';
import type { OpenImageOptions } from '../../../inspect/image/open-store.ts';
import { loadPolicyTrust, signatureForIndex, trustId } from '../../../inspect/image/policy/policy-trust.ts';
import { readImagePolicy } from '../../../inspect/image/policy/policy.ts';
import { listRepositories, RegistryRepository } from '../../../inspect/image/readers/registry/repository.ts';
import { familiarName } from '../../../inspect/image/reference.ts';
import type { Trust } from '../../../inspect/image/signature-scheme.ts';
import { visibleText } from '../../../outputs/visible-text.ts';
import type { ExitCode } from '../../command.ts';
import type { Terminal } from '../../terminal.ts';
import { openOptions, type ImageOptions } from './image-options.ts';
import { openIndex } from './index-file.ts';
import { tellProblems } from './print-image.ts';

export interface AddOptions extends ImageOptions {
  readonly fetch?: boolean;
  readonly refresh?: boolean;
  readonly policy?: string;
}

/** What the signatures of images are judged by. */
interface PolicyTrust {
  readonly trust: Trust;
  readonly id: string;
}

const registryPrefix = 'registry:';
const archiveName = /\.(?:tar|tgz|tar\.(?:gz|zst|xz|bz2))$/i;
/** Signatures and the like, by the digest of what they are of. */
const companionTag = /^sha256-[0-9a-f]{64}/;
const maxManifestBytes = 2 ** 22;

/** Reads sources into the index of a case. What cannot be read is told, and the rest is added; then the exit code is 2. */
export async function addToIndex(
  sources: readonly string[],
  caseFolder: string,
  options: AddOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  mkdirSync(resolve(caseFolder), { recursive: true, mode: 0o700 });
  const index = openIndex(caseFolder);
  const adding = new Adding(index, options, await policyTrustOf(options), terminal);
  try {
    for (const source of sources) await adding.source(source);
  } finally {
    index.save();
  }
  tellProblems(adding.problems, terminal);
  const { read, known, uses } = adding;
  const problems = adding.problems.map(({ code, at, message }) => ({ code, at: at.path ?? '', message }));
  if (terminal.json) terminal.out(`${JSON.stringify({ read, known, uses, problems }, undefined, 1)}\n`);
  else terminal.out(`${read} images read, ${known} known already, ${uses} uses found\n`);
  return adding.problems.length > 0 ? 2 : 0;
}

async function policyTrustOf({ policy: path }: AddOptions): Promise<PolicyTrust | undefined> {
  const signed = path === undefined ? undefined : readImagePolicy(path).signed;
  if (signed === undefined) return undefined;
  return { trust: await loadPolicyTrust(signed, Date.now() * 1000), id: trustId(signed) };
}

function runningState(isRunning: boolean | undefined): NonNullable<ImageUse['running']> {
  if (isRunning === undefined) return 'unknown';
  return isRunning ? 'yes' : 'no';
}

/** What a registry or containerd calls the image that is found there. */
function nameIn(reference: string): string {
  const location = locate(reference);
  return location.kind === 'registry' ? location.name : (location.image ?? location.path);
}

class Adding {
  readonly #index: ImageIndex;
  readonly #options: AddOptions;
  readonly #policy: PolicyTrust | undefined;
  readonly #open: OpenImageOptions;
  readonly #terminal: Terminal;
  readonly problems: Problem[] = [];
  read = 0;
  known = 0;
  uses = 0;

  constructor(index: ImageIndex, options: AddOptions, policy: PolicyTrust | undefined, terminal: Terminal) {
    this.#index = index;
    this.#options = options;
    this.#policy = policy;
    this.#open = openOptions(options, terminal);
    this.#terminal = terminal;
  }

  async source(source: string): Promise<void> {
    if (source.startsWith(registryPrefix)) {
      await this.#orProblem(source, () => this.#registry(source.slice(registryPrefix.length)));
    } else if (/^(?:docker-store|docker-daemon|containers-storage|containerd|containerd-store):/.test(source)) {
      await this.#orProblem(source, () => this.#store(source));
    } else if (existsSync(source)) await this.#path(source, true);
    else await this.#image(source);
  }

  /** A folder that is no layout is gone through; files in it that are neither archives nor manifests are left out. */
  async #path(path: string, isNamed: boolean): Promise<void> {
    await this.#orProblem(path, async () => {
      const isFolder = statSync(path).isDirectory();
      if (!isFolder && mayNameImages(path)) return this.#manifest(path);
      if (!isFolder && !isNamed && !archiveName.test(path)) return;
      const images = await listImages(path, this.#open);
      for (const image of images ?? []) await this.#image(image);
      if (images !== undefined) return;
      for (const entry of readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
        // Links inside a folder may lead anywhere, also back into it.
        if (entry.isFile() || entry.isDirectory()) await this.#path(join(path, entry.name), false);
      }
    });
  }

  /** All images of an engine, and its containers; with a name behind the folder or socket that image alone. */
  async #store(source: string): Promise<void> {
    const listed = await listStore(source, this.#open);
    if (listed === undefined) return this.#image(source);
    const { root, images, containers } = listed;
    for (const image of images) await this.#image(image);
    const uses = containers.map(({ name, image, isRunning }) => ({
      reference: image,
      path: root,
      line: 0,
      what: `container ${name}`,
      running: runningState(isRunning),
    }));
    this.uses += uses.length;
    this.#index.putUses(root, uses);
  }

  async #registry(place: string): Promise<void> {
    const slash = place.indexOf('/');
    const host = slash < 0 ? place : place.slice(0, slash);
    const prefix = slash < 0 ? '' : place.slice(slash + 1);
    const repositories = await listRepositories(host, defaultImageLimits, this.#open.registry);
    for (const repository of repositories.filter((name) => name.startsWith(prefix))) {
      await this.#orProblem(`${host}/${repository}`, async () => {
        const store = new RegistryRepository({ registry: host, repository }, defaultImageLimits, this.#open.registry);
        const tags = await store.tags();
        for (const tag of tags.filter((one) => !companionTag.test(one))) {
          await this.#image(`${host}/${repository}:${tag}`);
        }
      });
    }
  }

  async #manifest(path: string): Promise<void> {
    if (statSync(path).size > maxManifestBytes) return;
    const { uses, problems } = findUses(path, readFileSync(path, 'utf8'));
    this.problems.push(...problems);
    this.uses += uses.length;
    this.#index.putUses(path, uses);
    if (this.#options.fetch !== true) return;
    for (const reference of new Set(uses.map((use) => use.reference))) await this.#image(`docker://${reference}`);
  }

  async #image(reference: string): Promise<void> {
    await this.#orProblem(reference, async () => {
      const name = nameIn(reference);
      const id = await identifyImage(reference, this.#open);
      const known = id === undefined ? undefined : this.#index.byId(id);
      if (known !== undefined && this.#options.refresh !== true) {
        const signature = await this.#signatureOf(reference, known.signature);
        this.#index.put({ ...known, names: [familiarName(name)], places: [reference], signature });
        this.known++;
        return;
      }
      if (!this.#terminal.quiet) this.#terminal.talk(`reading ${visibleText(reference)}\n`);
      const image = await openImage(reference, this.#open);
      try {
        const isKnown = this.#index.byId(image.id ?? '') !== undefined;
        const signature = await this.#signatureOf(reference, undefined);
        this.#index.put({ ...describeForIndex(image, Date.now() * 1000), signature });
        if (isKnown) this.known++;
        else this.read++;
      } finally {
        image.close();
      }
    });
  }

  /** Judged once for what is trusted: a signature that held may have run out since, and `--refresh` asks again. */
  async #signatureOf(reference: string, known: IndexedSignature | undefined): Promise<IndexedSignature | undefined> {
    if (this.#policy === undefined || known?.trust === this.#policy.id) return known;
    return signatureForIndex(reference, this.#policy.trust, this.#policy.id, this.#open);
  }

  async #orProblem(path: string, work: () => Promise<void>): Promise<void> {
    try {
      this.#terminal.signal.throwIfAborted();
      await work();
    } catch (error) {
      this.#terminal.signal.throwIfAborted();
      this.problems.push({ code: 'unreadable', at: { path }, message: messageOf(error) });
    }
  }
}
