import type { Detection } from '../../source.ts';
import { readPcapHeader } from './files/pcap.ts';
import { isPcapng } from './files/pcapng.ts';

/** Versions of the pcap format that were ever written. */
const isVersion = (major: number): boolean => major <= 2;

/** Tells a capture by its magic number. */
export function detect(_name: string, head: Uint8Array): Detection {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (isPcapng(view, 0)) return 'certain';
  const header = readPcapHeader(view, 0);
  if (header === undefined) return undefined;
  return isVersion(view.getUint16(4, header.isLittleEndian)) ? 'certain' : 'likely';
}
