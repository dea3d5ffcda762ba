import type { Problem } from '../../base/problem.ts';
import type { Micros } from '../../base/time.ts';
import type { FileTree, TreeEntry } from '../tree/tree.ts';

/** Forms in which an image comes. `rootfs`: a root filesystem, without layers and configuration; containers: the image and what was written over it. */
export const imageForms = [
  'docker-archive',
  'oci-layout',
  'oci-archive',
  'registry',
  'rootfs',
  'docker-store',
  'podman-store',
  'containerd-store',
  'docker-container',
  'podman-container',
  'docker-daemon',
  'docker-daemon-container',
  'containerd',
  'containerd-container',
] as const;
export type ImageForm = (typeof imageForms)[number];

/** OCI content descriptor (image-spec, descriptor.md): what names a blob. */
export interface Descriptor {
  readonly mediaType: string;
  /** `sha256:…`, in lower case. */
  readonly digest: string;
  /** Bytes of the blob. */
  readonly size: number;
  readonly artifactType?: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly platform?: Platform;
  /** Where a layer that registries do not hold may be fetched; told and never used. */
  readonly urls: readonly string[];
}

export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
}

/** The bytes of a manifest as they were signed, and their own digest. */
export interface Manifest {
  readonly mediaType: string;
  readonly digest: string;
  readonly bytes: Buffer;
}

/** One line of the history: the step of a build that made a layer, or none (`ENV`, `CMD`). */
export interface HistoryLine {
  readonly created?: Micros;
  /** The command or instruction, as the builder wrote it down: `/bin/sh -c apk add curl`, `COPY app /app # buildkit`. */
  readonly createdBy: string;
  readonly author?: string;
  readonly comment?: string;
  /** It made no layer. */
  readonly isEmpty: boolean;
  /** Index of the layer that it made; undefined for an empty one, and for more lines than there are layers. */
  readonly layer?: number;
}

/** What the image says of itself (OCI image-spec, config.md). Lists are empty and texts undefined where it says nothing. */
export interface ImageConfig {
  readonly platform: Platform;
  readonly created?: Micros;
  readonly author?: string;
  /** `USER`: name or id, with `:group`; empty is root. */
  readonly user: string;
  /** `NAME=value`, untouched. */
  readonly env: readonly string[];
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly workingDir?: string;
  /** `22/tcp`. */
  readonly exposedPorts: readonly string[];
  readonly volumes: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** The words after `HEALTHCHECK`, first `CMD`, `CMD-SHELL` or `NONE`; undefined when the image has none. */
  readonly healthcheck?: readonly string[];
  readonly stopSignal?: string;
  readonly shell: readonly string[];
  readonly onBuild: readonly string[];
  readonly history: readonly HistoryLine[];
  /** Digests of the uncompressed layers, lowest first. */
  readonly diffIds: readonly string[];
}

/** One layer; its index in `OpenedImage.layers` is the `layer` of tree entries, 0 is the lowest. */
export interface ImageLayer {
  readonly index: number;
  /** Of the blob as it is stored; undefined where the form keeps layers uncompressed and unnamed. */
  readonly digest?: string;
  /** Of the uncompressed layer, as it was computed; undefined when it was not read to its end. */
  readonly diffId?: string;
  readonly mediaType: string;
  /** Bytes as stored, and uncompressed. */
  readonly size: number;
  readonly uncompressedSize: number;
  /** Names in its tar, whiteouts left out. */
  readonly entries: number;
  readonly history?: HistoryLine;
  /** A layer that registries must not hold; it was not read. */
  readonly isForeign: boolean;
  /** It was read wholly, and its digests are those that manifest and configuration name. */
  readonly isVerified: boolean;
}

/** A file of a layer that nobody sees any more in the finished image, and everybody who has the image can still read. */
export interface HiddenFile {
  /** As it was: `entry.layer` is the layer that holds it. */
  readonly entry: TreeEntry;
  /** Layer that hid it. */
  readonly hiddenBy: number;
  readonly how: 'removed' | 'overwritten';
  /** Its first bytes; undefined when they cannot be read. */
  readonly read: (maxBytes?: number) => Buffer | undefined;
}

/** An image that was read: what it says of itself, and all its files. Nothing of it was run or written outside the spool. */
export interface OpenedImage {
  readonly form: ImageForm;
  /** What was asked for, as it was typed. */
  readonly reference: string;
  /** Names that the form knows it by: `alpine:3.11`. */
  readonly tags: readonly string[];
  /** What the digest of the image is taken over; undefined where the form keeps none (docker-archive, rootfs). */
  readonly manifest?: Manifest | undefined;
  /** The index that the platform was chosen from. */
  readonly index?: Manifest | undefined;
  /** Digest of the configuration, what Docker calls the id of the image; undefined for a root filesystem. */
  readonly id?: string | undefined;
  readonly config: ImageConfig;
  /** The configuration as it was read; empty for a root filesystem. */
  readonly configBytes: Buffer;
  readonly layers: readonly ImageLayer[];
  /** All layers put together, as a container sees them. */
  readonly tree: FileTree;
  /** What one layer holds, without the others; folders that it only passes through are there too. Whiteouts are not shown. */
  layerTree(layer: number): FileTree;
  /** Files and links that a later layer removed or overwrote, in the order in which they stand in the layers. */
  hiddenFiles(): Iterable<HiddenFile>;
  /** What could not be read, so far; empties the list. Those of the trees are in it. */
  drainProblems(): Problem[];
  /** Gives the spool back. Trees must not be asked any more. */
  close(): void;
}
