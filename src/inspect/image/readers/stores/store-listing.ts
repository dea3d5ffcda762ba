/** What stands in the folder of an engine. */
export interface StoreListing {
  /** What opens each image, behind the transport and the folder: an id or a name. */
  readonly images: readonly string[];
  readonly containers: readonly StoredContainer[];
}

export interface StoredContainer {
  readonly name: string;
  /** Id (`sha256:…`) or name of its image. */
  readonly image: string;
  /** Undefined where the folder does not tell. */
  readonly isRunning: boolean | undefined;
}
