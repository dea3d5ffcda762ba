import { globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Problem } from '../../../../src/base/problem.ts';
import { CaptureDecoder } from '../../../../src/collect/sources/pcap/capture-decoder.ts';
import type { ChecksumPolicy } from '../../../../src/collect/sources/pcap/flows/tracker.ts';
import { protocols } from '../../../../src/collect/sources/pcap/protocols/registry.generated.ts';
import type { EventRow } from '../../../../src/events/event.ts';
import { readWhole } from '../ingest-zeek-ways/decode.ts';

export interface DecodedCapture {
  readonly events: readonly EventRow[];
  readonly problems: readonly Problem[];
}

/** What a capture file gives, with all application protocols. */
export async function decodeCapture(path: string, checksums: ChecksumPolicy): Promise<DecodedCapture> {
  const decoder = new CaptureDecoder({ protocols: Object.values(protocols), checksums });
  decoder.push(await readWhole(path));
  decoder.finish();
  return { events: decoder.takeEvents() as unknown as readonly EventRow[], problems: decoder.takeProblems(true) };
}

/** Folders below one that hold a `case.json`, in order. */
export function caseFolders(root: string): string[] {
  return globSync('**/case.json', { cwd: root })
    .sort()
    .map((file) => join(root, dirname(file)));
}
