import { messageOf } from '../../base/errors.ts';
import { ProblemList, type Problem } from '../../base/problem.ts';
import { readConfig } from './config.ts';
import type { HiddenFile, ImageConfig, ImageLayer, OpenedImage } from './image.ts';
import type { ImageSource, LayerSource } from './image-source.ts';
import { parseJson, type Json } from './json.ts';
import type { ImageLimits } from './limits.ts';
import { readLayer, type LayerBudget, type ReadLayer } from './read-layer.ts';
import { Spool, type DiskSection } from './spool.ts';
import { noLayer } from './tree/entries.ts';
import { LayerIndex } from './tree/layer-index.ts';
import { describeEntry, LayeredTree } from './tree/layered-tree.ts';

export interface ReadLayersOptions {
  readonly limits: ImageLimits;
  /** Folder for the spool; the system's temporary one when undefined. */
  readonly spoolFolder: string | undefined;
  readonly signal: AbortSignal | undefined;
  /** Gives back what the source holds open. */
  close(): void;
}

/** Reads all layers of an image and gives it as one. What is damaged is a problem; what the source holds open is closed with the image. */
export async function readLayers(
  source: ImageSource,
  reference: string,
  options: ReadLayersOptions,
): Promise<OpenedImage> {
  const image = new LayeredImage(source, reference, options);
  try {
    await image.read();
  } catch (error) {
    image.close();
    throw error;
  }
  return image;
}

class LayeredImage implements OpenedImage {
  readonly form;
  readonly reference;
  readonly tags;
  readonly manifest;
  readonly index;
  readonly id;
  readonly config: ImageConfig;
  readonly configBytes: Buffer;
  readonly layers: ImageLayer[] = [];
  readonly tree: LayeredTree;
  readonly #source: ImageSource;
  readonly #options: ReadLayersOptions;
  readonly #names: LayerIndex;
  readonly #tars: (DiskSection | undefined)[] = [];
  readonly #problems = new ProblemList();
  readonly #layerTrees = new Map<number, LayeredTree>();
  #spool: Spool | undefined;

  constructor(source: ImageSource, reference: string, options: ReadLayersOptions) {
    this.#source = source;
    this.#options = options;
    this.form = source.form;
    this.reference = reference;
    this.tags = source.tags;
    this.manifest = source.manifest;
    this.index = source.index;
    this.id = source.config?.digest;
    this.configBytes = source.config?.bytes ?? Buffer.alloc(0);
    this.config = readConfig(source.config === undefined ? {} : this.#parseConfig(source.config.bytes));
    this.#names = new LayerIndex(options.limits);
    this.tree = new LayeredTree(reference, this.#names, this.#tars, (node) => this.#names.visibleAt(node));
  }

  /** An image whose configuration is broken cannot be started, and may still be handed around: its layers are looked at. */
  #parseConfig(bytes: Buffer): Json {
    try {
      return parseJson(bytes, 'configuration');
    } catch (error) {
      this.#tell(-1, 'bad-record', messageOf(error));
      return {};
    }
  }

  async read(): Promise<void> {
    const { limits } = this.#options;
    const budget: LayerBudget = { bytes: limits.bytes, stored: 0, unpacked: 0 };
    const { layers, containerLayers = 0 } = this.#source;
    const named = this.config.diffIds.length;
    const own = layers.length - containerLayers;
    if (this.id !== undefined && named !== own) {
      this.#tell(-1, 'bad-header', `the configuration names ${named} layers, and the image has ${own}`);
    }
    for (const [layer, source] of layers.entries()) {
      if (layer >= limits.layers) {
        this.#tell(layer, 'limit-reached', `the image has ${layers.length} layers; this and later ones were not read`);
        break;
      }
      await this.#readLayer(layer, source, budget);
    }
    // Some come to be only while layers are read.
    for (const problem of this.#source.problems) this.#problems.add(problem);
  }

  async #readLayer(layer: number, source: LayerSource, budget: LayerBudget): Promise<void> {
    const reason = whyNotRead(source);
    if (reason !== undefined) this.#tell(layer, source.isForeign ? 'partly-seen' : 'unsupported', reason);
    const { limits, signal, spoolFolder } = this.#options;
    const read = await readLayer(reason === undefined ? source : emptied(source), {
      index: this.#names,
      limits,
      budget,
      spool: () => (this.#spool ??= Spool.create(spoolFolder)),
      tell: (code, message, byte) => this.#tell(layer, code, message, byte),
      signal,
    });
    this.#tars[layer] = read.tar;
    this.layers.push(await this.#describe(layer, source, read, reason === undefined));
  }

  async #describe(layer: number, source: LayerSource, read: ReadLayer, isRead: boolean): Promise<ImageLayer> {
    const isVerified = isRead && source.isRemade !== true && this.#isVerified(layer, source, read);
    if (isRead && !isVerified) await this.#tellChanges(layer, source);
    const line = this.config.history.find((one) => one.layer === layer);
    return {
      index: layer,
      ...(source.digest === undefined ? {} : { digest: source.digest }),
      ...(isRead && read.diffId !== undefined ? { diffId: this.#diffIdOf(layer, source, read.diffId) } : {}),
      mediaType: source.mediaType,
      size: isRead ? read.storedSize : (source.size ?? 0),
      uncompressedSize: read.tar.size,
      entries: read.entries,
      ...(line === undefined ? {} : { history: line }),
      isForeign: source.isForeign,
      isVerified,
    };
  }

  async #tellChanges(layer: number, source: LayerSource): Promise<void> {
    try {
      for await (const change of source.changes?.() ?? []) this.#tell(layer, 'checksum-mismatch', change);
    } catch (error) {
      this.#tell(layer, 'unreadable', `what was changed cannot be told: ${messageOf(error)}`);
    }
  }

  /** Of a layer that was made anew the digest that it had, where the configuration knows it. */
  #diffIdOf(layer: number, { isRemade }: LayerSource, computed: string): string {
    return isRemade === true ? (this.config.diffIds[layer] ?? computed) : computed;
  }

  /** Whether all digests that are named are those that were computed; tells the ones that are not. */
  #isVerified(layer: number, { digest }: LayerSource, { storedDigest, diffId, isChanged }: ReadLayer): boolean {
    if (diffId === undefined) return false;
    const wanted = this.config.diffIds[layer];
    const pairs = [
      ['', digest, storedDigest],
      ['uncompressed ', wanted, diffId],
    ] as const;
    let isRight = !isChanged;
    for (const [what, named, computed] of pairs) {
      if (named === undefined || named === computed) continue;
      isRight = false;
      this.#tell(layer, 'checksum-mismatch', `the ${what}layer should have the digest ${named} and has ${computed}`);
    }
    return isRight && (digest !== undefined || wanted !== undefined);
  }

  layerTree(layer: number): LayeredTree {
    let tree = this.#layerTrees.get(layer);
    if (tree === undefined) {
      const pick = (node: number): number => this.#names.entryOf(node, layer);
      tree = new LayeredTree(this.#placeOf(layer), this.#names, this.#tars, pick);
      this.#layerTrees.set(layer, tree);
    }
    return tree;
  }

  *hiddenFiles(): Generator<HiddenFile> {
    const { entries, nodes } = this.#names;
    for (let entry = 0; entry < entries.length; entry++) {
      const hiddenBy = entries.hiddenBy(entry);
      if (hiddenBy === noLayer || entries.isDirectory(entry)) continue;
      const path = nodes.pathOf(entries.node(entry));
      yield {
        entry: describeEntry(this.#names, path, entry),
        hiddenBy,
        how: entries.isRemoved(entry) ? 'removed' : 'overwritten',
        read: (maxBytes) => this.tree.readHidden(path, entry, maxBytes),
      };
    }
  }

  drainProblems(): Problem[] {
    for (const tree of [this.tree, ...this.#layerTrees.values()]) {
      for (const { code, path, message } of tree.drainProblems()) {
        this.#problems.add({ code, at: { path: `${this.reference}!${path}` }, message });
      }
    }
    return this.#problems.drain();
  }

  close(): void {
    this.#options.close();
    this.#spool?.close();
    this.#spool = undefined;
  }

  #placeOf(layer: number): string {
    return layer < 0 ? this.reference : `${this.reference}!layer ${layer}`;
  }

  #tell(layer: number, code: Problem['code'], message: string, byte?: number): void {
    const path = this.#placeOf(layer);
    this.#problems.add({ code, at: byte === undefined ? { path } : { path, byte }, message });
  }
}

/** Layers are tars, or tars in a compression; the rest are artifacts that only use the form of an image, and encrypted layers. */
function whyNotRead({ isForeign, mediaType }: LayerSource): string | undefined {
  if (isForeign) return 'the layer is one that registries must not hold; it was not read';
  if (mediaType === '' || /(?:[./+]tar|\.rootfs\.diff)(?:\.?\+?(?:gzip|zstd))?$/.test(mediaType)) return undefined;
  return `a layer of the type ${JSON.stringify(mediaType)} is not read`;
}

function emptied({ mediaType, isForeign }: LayerSource): LayerSource {
  return { mediaType, isForeign, open: () => [] };
}
