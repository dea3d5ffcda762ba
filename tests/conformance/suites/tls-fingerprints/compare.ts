import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EventRow } from '../../../../src/events/event.ts';
import type { SuiteFailure, SuiteResult } from '../../suite.ts';
import { decodeCapture } from '../pcap-captures/decode.ts';

/** One fingerprint that a peer saw: from whom to whom, and what it is. */
export interface ExpectedFingerprint {
  readonly from: string;
  readonly to: string;
  readonly value: string;
}

type Expectations = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

/** What a suite takes out of the expectations of one capture, and out of one event; null when it has none. */
export interface FingerprintReader {
  expected(expectations: Expectations): readonly ExpectedFingerprint[];
  seen(row: EventRow): readonly ExpectedFingerprint[];
  /** Why the peer's value may differ from the specification. */
  why?(value: string): string | undefined;
}

/**
 * Holds our fingerprints against those in `network/tls_fingerprints/expected.json`. Each address pair and value that the peer
 * saw is a case, as often as it saw it once: a hello that is sent again belongs to the same handshake of ours.
 */
export async function compareFingerprints(corpus: string, reader: FingerprintReader): Promise<SuiteResult> {
  const folder = join(corpus, 'network', 'tls_fingerprints');
  const file = join(folder, 'expected.json');
  if (!existsSync(file)) return { total: 0, passed: 0, skipped: 0, failed: [] };
  const all = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, Expectations>>;
  let total = 0;
  const failed: SuiteFailure[] = [];
  for (const [name, expectations] of Object.entries(all)) {
    const wanted = distinct(reader.expected(expectations));
    const { events } = await decodeCapture(join(folder, name), 'accept');
    const seen = distinct(events.flatMap((row) => reader.seen(row)));
    total += wanted.length;
    for (const fingerprint of wanted) {
      if (seen.some((ours) => keyOf(ours) === keyOf(fingerprint))) continue;
      const between = seen.filter(({ from, to }) => from === fingerprint.from && to === fingerprint.to);
      failed.push({
        case: `${name}: ${fingerprint.from} to ${fingerprint.to}`,
        got: between.map(({ value }) => value).join(' ') || 'none',
        want: fingerprint.value,
        why: reader.why?.(fingerprint.value),
      });
    }
  }
  return { total, passed: total - failed.length, skipped: 0, failed };
}

function distinct(fingerprints: readonly ExpectedFingerprint[]): ExpectedFingerprint[] {
  return [...new Map(fingerprints.map((fingerprint) => [keyOf(fingerprint), fingerprint])).values()];
}

function keyOf({ from, to, value }: ExpectedFingerprint): string {
  return `${from} ${to} ${value}`;
}

/** The entries of a list of the expectations; several values of one field are joined by commas. */
export function entriesOf(expectations: Expectations, list: string): Readonly<Record<string, string>>[] {
  return (expectations[list] ?? []).map((entry) =>
    Object.fromEntries(Object.entries(entry).map(([name, value]) => [name, String(value)])),
  );
}

export function textOf(row: EventRow, column: string): string | undefined {
  const value = row[column];
  return typeof value === 'string' ? value : undefined;
}

/** The fingerprint of the client's hello, and of its second one where the server asked for it. */
export function clientFingerprints(row: EventRow, name: 'ja3' | 'ja4'): string[] {
  const first = textOf(row, `tls_client_${name}`);
  const fields = JSON.parse(textOf(row, 'fields') ?? '{}') as {
    readonly second_hello?: Readonly<Record<string, string>>;
  };
  return [first, fields.second_hello?.[name]].filter((value) => value !== undefined);
}
