import type { Suite } from '../suite.ts';
import { clientFingerprints, compareFingerprints, entriesOf } from './tls-fingerprints/compare.ts';

/** JA4 of clients, as FoxIO's own tools give it for each stream of `network/tls_fingerprints`. */
export const suite: Suite = {
  id: 'tls/ja4',
  run: (corpus) =>
    compareFingerprints(corpus, {
      expected: (expectations) =>
        entriesOf(expectations, 'ja4_client').flatMap((entry) =>
          (entry['ja4'] ?? '').split(',').map((value) => ({
            from: `${entry['src'] ?? ''}:${entry['srcport'] ?? ''}`,
            to: `${entry['dst'] ?? ''}:${entry['dstport'] ?? ''}`,
            value,
          })),
        ),
      seen: (row) => {
        const end = (side: string): string => `${String(row[`${side}_ip`])}:${String(row[`${side}_port`])}`;
        return clientFingerprints(row, 'ja4').map((value) => ({ from: end('source'), to: end('destination'), value }));
      },
      why: (value) =>
        value.slice(8, 10) === '99'
          ? 'an early tool wrote 99 for an ALPN of other bytes; the specification takes digits of its hexadecimal form'
          : undefined,
    }),
};
