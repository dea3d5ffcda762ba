/** Bounds that protect this machine from an image that was made to exhaust it. What goes past one is a problem, and the rest is told as not read. */
export interface ImageLimits {
  readonly layers: number;
  /** Names in all layers together. */
  readonly entries: number;
  /** What is kept in memory of names, targets of links, extended attributes and lists of sparse files, in characters and bytes. */
  readonly indexBytes: number;
  /** Bytes of all layers together, uncompressed. */
  readonly bytes: number;
  /** How many times what is stored compressed may grow, past `expansionFloor` bytes. Layers grow to three or four times. */
  readonly expansion: number;
  /** Bytes of all layers together (of an archive, its own) up to which they may grow as they like: files of zeros are in real images. */
  readonly expansionFloor: number;
  /** Bytes of one manifest, index or configuration. */
  readonly metadataBytes: number;
}

/** Images of 127 layers and some million files exist; a manifest may have 4 MiB (OCI distribution-spec, pushing manifests). */
export const defaultImageLimits: ImageLimits = {
  layers: 512,
  entries: 5_000_000,
  indexBytes: 500_000_000,
  bytes: 50_000_000_000,
  expansion: 100,
  expansionFloor: 5_000_000_000,
  metadataBytes: 2 ** 22,
};

/** Whether so many stored bytes have become more than they may: a bomb, which gzip packs a thousand times. */
export function isOverExpanded(stored: number, unpacked: number, limits: ImageLimits): boolean {
  return unpacked > limits.expansionFloor && unpacked > stored * limits.expansion;
}
