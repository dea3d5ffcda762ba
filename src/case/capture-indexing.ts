import { statSync } from 'node:fs';
import { join } from 'node:path';
import { PacketIndex, PacketIndexWriter } from '../collect/packet-index.ts';
import type { Leaf } from '../collect/open/leaf.ts';
import type { Source } from '../collect/source.ts';
import type { EvidenceRow } from '../store/store.ts';
import type { Fingerprint } from './fingerprint.ts';

/** Where a case keeps the indexes of its captures. */
export function packetIndexFolder(caseFolder: string): string {
  return join(caseFolder, 'packet-index');
}

/** Makes the index of a capture while it is read; of compressed ones and members of archives none, because no place in them can be gone to. */
export class CaptureIndexing {
  readonly writer: PacketIndexWriter | undefined;
  readonly #path: string;

  constructor(folder: string, leaf: Leaf, row: EvidenceRow, source: Source) {
    const isPlain = leaf.compression === 'none' && leaf.diskPath === leaf.filePath;
    this.#path = leaf.filePath;
    if (source.extractRuns === undefined || !isPlain) return;
    this.writer = new PacketIndexWriter(join(folder, String(row.evidence_id)));
  }

  /** A file that has grown in the meantime has another size than what was read, so that its index is not taken for it. */
  finish(print: Fingerprint): void {
    const mtimeMs = statSync(this.#path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    this.writer?.finish(print.size, mtimeMs, print.contentSha256);
  }
}

/** The index of a capture that the ledger of a case knows; undefined when there is none, or when the file has changed since. */
export function openPacketIndex(
  caseFolder: string,
  evidence: { readonly id: number; readonly path: string; readonly sha256: string },
): PacketIndex | undefined {
  return PacketIndex.open(join(packetIndexFolder(caseFolder), String(evidence.id)), evidence.path, evidence.sha256);
}
