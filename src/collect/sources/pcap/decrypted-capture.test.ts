import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { decodeContent } from '../../../../tests/support/decode-content.ts';
import type { VakthundEvent } from '../../../events/event.ts';
import { source } from './index.ts';

const capture = readFileSync(join(import.meta.dirname, 'testdata/decrypted.pcapng'));

const requests = (events: readonly VakthundEvent[]): unknown[] =>
  events
    .filter((event) => event.kind === 'http')
    .map(({ event_dataset, http_request_method, http_host, url_original, http_response_status_code }) =>
      [event_dataset, http_request_method, http_host, url_original, http_response_status_code].join(' '),
    );

/** Blocks of a pcapng file in little endian: those of secrets, and the others. */
function blocksOf(file: Buffer): { readonly secrets: Buffer[]; readonly others: Buffer[] } {
  const [secrets, others]: [Buffer[], Buffer[]] = [[], []];
  for (let at = 0, length = 0; at < file.length; at += length) {
    length = file.readUInt32LE(at + 4);
    (file.readUInt32LE(at) === 10 ? secrets : others).push(file.subarray(at, at + length));
  }
  return { secrets, others };
}

describe('a capture that carries its secrets', () => {
  test('and carries them too late says so', async () => {
    const { secrets, others } = blocksOf(capture);
    const { events, problems } = await decodeContent(source, Buffer.concat([...others, ...secrets]), 'x.pcapng');
    expect(requests(events)).toEqual([]);
    expect(problems).toEqual([
      expect.objectContaining({
        code: 'partly-seen',
        message: expect.stringContaining('behind the session'),
        count: 4,
      }),
    ]);
  });

  test('shows requests of HTTP/1 and HTTP/2, over updates of keys, and as early data', async () => {
    const { events, problems } = await decodeContent(source, capture, 'x.pcapng');
    expect(problems).toEqual([]);
    expect(requests(events)).toEqual([
      'pcap.http.decrypted GET portal.vakthund.test:9443 /h2/secret 200',
      'pcap.http.decrypted POST portal.vakthund.test:9444 /tls12 200',
      'pcap.http.decrypted GET update.test /before ',
      'pcap.http.decrypted GET update.test /after ',
      'pcap.http.decrypted GET early.test /early ',
      'pcap.http.decrypted GET late.test /late ',
    ]);
    expect(events).toContainEqual(
      expect.objectContaining({
        kind: 'tls',
        tls_version: 'TLSv13',
        tls_decrypted: true,
        tls_client_server_name: 'portal.vakthund.test',
        tls_next_protocol: 'h2',
        tls_server_subject: 'CN=portal.vakthund.test',
      }),
    );
    const services = events.filter((event) => event.kind === 'flow').map((flow) => flow.network_protocol);
    expect(services).toContain('ssl,http2');
  });

  test('has files of what was decrypted', async () => {
    const { events } = await decodeContent(source, capture, 'x.pcapng');
    const files = events.filter((event) => event.kind === 'file_transfer');
    expect(
      files.map(({ event_dataset, file_mime_type, file_size }) => [event_dataset, file_mime_type, file_size]),
    ).toEqual(expect.arrayContaining([['pcap.file_transfer.decrypted', 'application/zip', 904]]));
  });
});
