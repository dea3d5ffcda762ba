import type { Micros } from '../../../base/time.ts';
import type { Distribution, Package } from '../package.ts';

/** A bill of materials: what was looked at, and the packages in it. */
export interface Sbom {
  readonly subject: SbomSubject;
  readonly created: Micros;
  readonly distribution: Distribution | undefined;
  readonly packages: readonly Package[];
}

export interface SbomSubject {
  /** What a person calls it. */
  readonly name: string;
  readonly kind: 'image' | 'folder';
  /** Digest of an image's manifest or, where the form keeps none, of its configuration: `sha256:…`. */
  readonly digest?: string;
}

/** What a writer needs besides the bill: nothing of it comes from the evidence. */
export interface SbomStamp {
  /** A random UUID: each writing of a bill is a document of its own. */
  readonly uuid: string;
  readonly toolVersion: string;
  /** Also list the files that packages own (CycloneDX only: SPDX asks for SHA-1 of each file). */
  readonly withFiles?: boolean;
}

export const sbomFormats = ['cyclonedx', 'spdx'] as const;
export type SbomFormat = (typeof sbomFormats)[number];

/** Tool name and prefix of what only Vakthund says. */
export const toolName = 'vakthund';
