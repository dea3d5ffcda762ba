/** Bounds that protect this machine from an image that was made to exhaust it. What goes past one is a problem, and the rest is told as not read. */
export interface ImageLimits {
  readonly layers: number;
  /** Names in all layers together. */
  readonly entries: number;
  /** What is kept in memory of names, targets of links, extended attributes and lists of sparse files, in characters and bytes. */
  readonly indexBytes: number;
  /** Bytes of all layers together, uncompressed. */
  readonly bytes: number;
  /** Bytes of one manifest, index or configuration. */
  readonly metadataBytes: number;
}

/** Images of 127 layers and some million files exist; a manifest may have 4 MiB (OCI distribution-spec, pushing manifests). */
export const defaultImageLimits: ImageLimits = {
  layers: 512,
  entries: 5_000_000,
  indexBytes: 500_000_000,
  bytes: 50_000_000_000,
  metadataBytes: 2 ** 22,
};
