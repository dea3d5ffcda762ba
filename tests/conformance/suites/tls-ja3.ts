import type { Suite } from '../suite.ts';
import {
  clientFingerprints,
  compareFingerprints,
  entriesOf,
  textOf,
  type ExpectedFingerprint,
} from './tls-fingerprints/compare.ts';

/** JA3 of clients and JA3S of servers, as tshark sees them in each hello of `network/tls_fingerprints`. */
export const suite: Suite = {
  id: 'tls/ja3',
  run: (corpus) =>
    compareFingerprints(corpus, {
      expected: (expectations) => [
        ...entriesOf(expectations, 'ja3_client').map((entry) => fingerprint(entry, 'ja3')),
        ...entriesOf(expectations, 'ja3s_server').map((entry) => fingerprint(entry, 'ja3s')),
      ],
      seen: (row) => {
        const [client, server] = [textOf(row, 'source_ip') ?? '', textOf(row, 'destination_ip') ?? ''];
        const clients = clientFingerprints(row, 'ja3');
        const ja3s = textOf(row, 'tls_server_ja3s');
        return [
          ...clients.map((value) => ({ from: client, to: server, value })),
          ...(ja3s === undefined ? [] : [{ from: server, to: client, value: ja3s }]),
        ];
      },
    }),
};

function fingerprint(entry: Readonly<Record<string, string>>, name: string): ExpectedFingerprint {
  return { from: entry['src'] ?? '', to: entry['dst'] ?? '', value: entry[name] ?? '' };
}
