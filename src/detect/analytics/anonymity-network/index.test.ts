import { describe, expect, it } from 'vitest';
import { dayStart, event, findingsOf } from '../../../../tests/support/event-store.ts';
import { analytic } from './index.ts';

const tls = (server: string, name: string, more: object = {}) =>
  event('tls', {
    source_ip: '10.0.0.5',
    destination_ip: server,
    destination_port: 443,
    tls_client_server_name: name,
    ...more,
  });
const madeUp = ['www.ct7ctrgb6cr7.com', 'www.e6r5p57kbafwrxj3plz.com', 'www.t3i3ru.com', 'www.6gyip7tqim7sieb.com'];
const lookUp = (dns_question_name: string) => event('dns', { source_ip: '10.0.0.5', dns_question_name });

describe('use of Tor', () => {
  it('is told by certificates of relays', async () => {
    const relay = {
      tls_server_subject: 'CN=www.g6ghvisevf3ibuu5.net',
      tls_server_issuer: 'CN=www.xkgk7fdx362yyyxib.com',
    };
    const findings = await findingsOf(analytic, [
      tls('203.0.113.1', 'www.ct7ctrgb6cr7.com', relay),
      tls('203.0.113.2', 'www.t3i3ru.com', { ...relay, time: dayStart + 5, evidence_at: 8 }),
    ]);
    expect(findings).toMatchObject([
      { title: '10.0.0.5 uses Tor', severity: 'medium', attack: ['T1090.003'], count: 2, last_seen: dayStart + 5 },
    ]);
    expect(findings[0]?.entities.map(({ value }) => value)).toEqual(['10.0.0.5', '203.0.113.1', '203.0.113.2']);
  });

  it('is told by made-up names at several servers that nobody asked for', async () => {
    const calls = madeUp.map((name, index) => tls(`203.0.113.${index}`, name));
    expect(await findingsOf(analytic, [...calls, lookUp('www.example.com')])).toMatchObject([
      { title: '10.0.0.5 uses Tor', severity: 'medium' },
    ]);
    // Without DNS in the evidence nothing is known of what was asked; names that were asked for are names.
    expect(await findingsOf(analytic, calls)).toEqual([]);
    expect(await findingsOf(analytic, [...calls, ...madeUp.map(lookUp)])).toEqual([]);
    expect(await findingsOf(analytic, [...calls.slice(0, 2), lookUp('www.example.com')])).toEqual([]);
    const atOne = madeUp.map((name) => tls('203.0.113.1', name));
    expect(await findingsOf(analytic, [...atOne, lookUp('www.example.com')])).toEqual([]);
  });

  it.each([
    ['low', event('dns', { source_ip: '10.0.0.5', dns_question_name: 'expyuzz4wqqyqhjn.onion' })],
    ['low', event('dns', { source_ip: '10.0.0.5', dns_question_name: 'expyuzz4wqqyqhjn.onion.ws' })],
    ['low', event('http', { source_ip: '10.0.0.5', url_domain: 'abc.tor2web.org', http_request_method: 'GET' })],
    [
      'medium',
      event('http', {
        source_ip: '10.0.0.5',
        destination_ip: '203.0.113.4',
        url_original: '/tor/status-vote/current/consensus.z',
        http_request_method: 'GET',
      }),
    ],
  ])('is %s by what else only Tor does', async (severity, sign) => {
    expect(await findingsOf(analytic, [sign])).toMatchObject([{ title: '10.0.0.5 uses Tor', severity }]);
  });

  it('is not seen in ordinary traffic', async () => {
    const names = [
      'www.google.com',
      'www.4chan.com',
      'www.7eleven.com',
      'www.mp3tag.net',
      'www.247sports.com',
      'cdn.a2b3c4d5.com',
    ];
    const calls = names.map((name, index) =>
      tls(`203.0.113.${index}`, name, { tls_server_subject: `CN=${name}`, tls_server_issuer: 'CN=R3,O=Let us' }),
    );
    expect(await findingsOf(analytic, [...calls, ...names.map(lookUp)])).toEqual([]);
    // Names with digits that were looked up where we do not see it.
    expect(await findingsOf(analytic, [...calls, lookUp('www.example.com')])).toEqual([]);
    expect(await findingsOf(analytic, [lookUp('onion.example'), lookUp('myonion.ws')])).toEqual([]);
  });
});
