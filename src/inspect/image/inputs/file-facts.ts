import type { Severity } from '../../../events/finding.ts';
import type { YaraMatch } from '../../../match/yara/yara.ts';
import type { MalwareSign } from '../../files/malware/malware-sign.ts';
import type { Place } from './place.ts';

/** A file in which something was found: in an image, also where no path leads any more, or beside manifests. */
export interface FileFacts {
  readonly at: Place;
  /** In the image or folder. */
  readonly path: string;
  readonly origin: FileOrigin;
  readonly malware: readonly MalwareSign[];
  readonly secrets: readonly SecretInFile[];
  readonly yara: readonly YaraMatch[];
}

export interface FileOrigin {
  /** Reference of the image; undefined for a file of its own. */
  readonly image?: string | undefined;
  readonly layer?: number | undefined;
  /** What made the layer. */
  readonly madeBy?: string | undefined;
  /** How a later layer hid it. */
  readonly hidden?: 'removed' | 'overwritten' | undefined;
}

export interface SecretInFile {
  readonly what: string;
  readonly severity: Severity;
  /** 0 to 1. */
  readonly score: number;
  readonly line: number | undefined;
  /** Its ends only. */
  readonly shown: string | undefined;
}
