import type { Detection } from '../../source.ts';
import { readPcapHeader } from './files/pcap.ts';
import { isPcapng } from './files/pcapng.ts';

/** Versions of the pcap format that were ever written. */
const isVersion = (major: number): boolean => major <= 2;

/** Tells a capture by its magic number. */
export function detect(_name: string, head: Uint8Array): Detection {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (isPcapng(view, 0)) return isOfSystemCalls(view) ? undefined : 'certain';
  const header = readPcapHeader(view, 0);
  if (header === undefined) return undefined;
  return isVersion(view.getUint16(4, header.isLittleEndian)) ? 'certain' : 'likely';
}

/** Block types that pcapng gave away to captures of system calls (Falco, sysdig), and those from before. */
const isForeign = (type: number): boolean => (type >= 0x201 && type <= 0x222) || type % 0x1_0000 === 0xabcd;

/** Captures of system calls begin with the same section header, and go on with blocks of their own. */
function isOfSystemCalls(view: DataView): boolean {
  const isLittleEndian = view.getUint8(8) === 0x4d;
  const next = view.getUint32(4, isLittleEndian);
  return next <= view.byteLength - 4 && isForeign(view.getUint32(next, isLittleEndian));
}
