import type { Problem } from '../../base/problem.ts';
import type { DiskSection } from './spool.ts';
import type { ImageForm, Manifest } from './image.ts';

/** One layer before it is read. */
export interface LayerSource {
  readonly mediaType: string;
  /** Of the stored bytes, where the form names it. */
  readonly digest?: string;
  /** Bytes as stored, where the form says so. */
  readonly size?: number;
  /** The stored bytes, where they stand on disk already. */
  readonly section?: DiskSection;
  /** The stored bytes from their start, each time anew. `tell` is told of what they are not any more as they were. */
  open(tell: (change: string) => void): Iterable<Buffer> | AsyncIterable<Buffer>;
  /** When the digest is another one: what was changed, as far as it can be told. */
  changes?(): AsyncIterable<string>;
  /** Not to be read. */
  readonly isForeign: boolean;
  /** Its tar was made anew out of a folder: no digest that is named can be that of these bytes. */
  readonly isRemade?: boolean;
}

/** What a reader found: all that is told of an image before its layers are read. */
export interface ImageSource {
  readonly form: ImageForm;
  readonly tags: readonly string[];
  readonly manifest?: Manifest;
  readonly index?: Manifest;
  /** Undefined for a root filesystem. */
  readonly config?: { readonly bytes: Buffer; readonly digest: string };
  /** Lowest first. */
  readonly layers: readonly LayerSource[];
  /** How many of them lie over those of the image: what a container has written. None when undefined. */
  readonly containerLayers?: number;
  readonly problems: readonly Problem[];
}
