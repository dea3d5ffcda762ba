import { describe, expect, it } from 'vitest';
import { dayStart, event, findingsOf } from '../../../../tests/support/event-store.ts';
import type { EventOf } from '../../../events/event.ts';
import { analytic } from './index.ts';

const day = 86_400_000_000;
const call = (fields: Partial<EventOf<'tls'>> = {}) =>
  event('tls', {
    source_ip: '10.0.0.5',
    destination_ip: '203.0.113.9',
    destination_port: 443,
    tls_version: 'TLSv12',
    tls_client_server_name: 'shop.example',
    tls_server_subject: 'CN=shop.example',
    tls_server_issuer: "CN=R11,O=Let's Encrypt,C=US",
    tls_server_not_before: dayStart - 20 * day,
    tls_server_not_after: dayStart + 70 * day,
    ...fields,
  });
const own = 'CN=example.com,OU=IT Department,O=Global Security,L=London,ST=London,C=GB';

describe('an odd TLS server', () => {
  it('is medium when several oddities meet: self-made, out of a manual, no name', async () => {
    const c2 = call({
      tls_client_server_name: null,
      tls_server_subject: own,
      tls_server_issuer: own,
      tls_client_ja4: 't12d190600_d83cc789557e_2dae41c691ec',
    });
    const [finding] = await findingsOf(analytic, [c2, c2]);
    expect(finding).toMatchObject({ severity: 'medium', count: 2, attack: ['T1573.002', 'T1587.003'] });
    expect(finding?.reasons.slice(0, 3).map(({ what, weight }) => [what, weight])).toEqual([
      ['certificate made by itself', 0.25],
      ['name out of a manual', 0.15],
      ['no server name', 0.1],
    ]);
    expect(finding?.entities).toContainEqual({
      kind: 'tls-fingerprint',
      value: 't12d190600_d83cc789557e_2dae41c691ec',
    });
  });

  it('is low for a self-made certificate alone', async () => {
    const [finding] = await findingsOf(analytic, [call({ tls_server_subject: 'CN=nas', tls_server_issuer: 'CN=nas' })]);
    expect(finding?.severity).toBe('low');
  });

  it('finds the certificate by its fingerprint where the handshake does not hold it', async () => {
    const bare = {
      tls_server_subject: null,
      tls_server_issuer: null,
      tls_server_not_before: null,
      tls_server_not_after: null,
    };
    const fingerprint = 'a'.repeat(64);
    const certificate = event('certificate', {
      file_hash_sha256: fingerprint,
      x509_subject: own,
      x509_issuer: own,
      x509_not_before: dayStart - day / 2,
      x509_not_after: dayStart + 3650 * day,
    });
    const [finding] = await findingsOf(analytic, [
      call({ ...bare, tls_server_certificate_chain: [fingerprint] }),
      certificate,
    ]);
    expect(finding?.reasons.map(({ what }) => what)).toEqual(
      expect.arrayContaining(['certificate made by itself', 'valid for', 'made']),
    );
  });

  it('counts half where everybody here uses the server', async () => {
    const odd = { tls_server_subject: own, tls_server_issuer: own };
    const all = Array.from({ length: 8 }, (_none, index) => call({ ...odd, source_ip: `10.0.0.${index + 1}` }));
    expect(await findingsOf(analytic, all)).toEqual([]);
  });

  it.each([
    ['a usual server', call()],
    ['one without a server name', call({ tls_client_server_name: null })],
    ['one inside', call({ destination_ip: '10.0.0.9', tls_server_subject: own, tls_server_issuer: own })],
    ['an expired certificate alone', call({ tls_server_not_after: dayStart - day })],
    ['an old version alone', call({ tls_version: 'TLSv10' })],
  ])('says nothing about %s', async (_what, one) => {
    expect(await findingsOf(analytic, [one])).toEqual([]);
  });
});
