import type { EvidencePointer } from '../../../events/finding.ts';
import { pointersOf, textsOf } from '../../make-finding.ts';
import type { SqlRow } from '../../../store/store.ts';

/** A device of the local network, as it showed itself. Times in µs. */
export interface Device {
  readonly mac: string;
  readonly ips: readonly string[];
  /** Host names and vendor classes that it sent in DHCP. */
  readonly names: readonly string[];
  /** Parameter request lists that it sent in DHCP, each as one text: what its DHCP client is made of. */
  readonly fingerprints: readonly string[];
  /** Addresses that it asked for by ARP. */
  readonly asked: number;
  readonly first: number;
  readonly last: number;
  readonly count: number;
  readonly evidence: readonly EvidencePointer[];
}

export function toDevice(row: SqlRow): Device {
  return {
    mac: String(row['mac']),
    ips: textsOf(row['ips']).filter((ip) => ip !== '0.0.0.0'),
    names: [...textsOf(row['host_names']), ...textsOf(row['vendor_classes'])],
    fingerprints: textsOf(row['parameters']),
    asked: Number(row['asked']),
    first: Number(row['first']),
    last: Number(row['last']),
    count: Number(row['n']),
    evidence: pointersOf(row),
  };
}

/** The time that is stored of one evidence, in µs. */
export interface Span {
  readonly first: number;
  readonly last: number;
}

/**
 * Time (µs) that was watched before the device showed up; undefined when it was there from the beginning. What counts is
 * evidence that ended before: within one log every device shows up some time.
 */
export function watchedBefore(device: Device, spans: readonly Span[]): number | undefined {
  const earlier = spans.filter(({ last }) => last < device.first);
  if (earlier.length === 0) return undefined;
  return device.first - Math.min(...earlier.map(({ first }) => first));
}
