import { constants, createHash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutSteps, runConnection, type Outcome, type Step } from '../../../../../../tests/support/pcap-connection.ts';
import { tlsExchange, type TlsExchange } from '../../../../../../tests/support/tls-exchange.ts';
import { KeyLog } from '../../../../tls-secrets.ts';
import { analyzer } from './index.ts';

const testdata = join(import.meta.dirname, 'testdata');
const cert = readFileSync(join(testdata, 'cert.pem'), 'utf8');
const key = readFileSync(join(testdata, 'key.pem'), 'utf8');
/** Not among Node's constants: SSL_OP_NO_ENCRYPT_THEN_MAC of OpenSSL. */
const noEncryptThenMac = 0x80000;
const long = 'x'.repeat(40_000);

interface Case {
  readonly version: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';
  readonly ciphers: string;
  readonly options?: number;
}

function exchangeOf({ version, ciphers, options = 0 }: Case): TlsExchange {
  const both = {
    minVersion: version,
    maxVersion: version,
    ciphers: version === 'TLSv1.3' ? ciphers : `${ciphers}:@SECLEVEL=0`,
    secureOptions: options | constants.SSL_OP_NO_TICKET,
  } as const;
  const client = { ...both, servername: 'host.vakthund.test', ALPNProtocols: ['http/1.1'] };
  return { server: { ...both, cert, key }, client, requests: ['first', long], answer: 'answer' };
}

function keyLogOf(text: string): KeyLog {
  const log = new KeyLog();
  for (const line of text.split('\n')) expect(log.add(line)).toBe(true);
  return log;
}

const run = (steps: readonly Step[], keyLog: string): Outcome =>
  runConnection(analyzer, steps, { destinationPort: 443 }, keyLogOf(keyLog));

/** What each side said, put together. */
function talkOf({ inner }: Outcome): Record<string, string> {
  const said: Record<string, string> = { client: '', server: '' };
  for (const piece of inner.flatMap(({ fed }) => fed)) {
    const [, side = '', text = ''] = /^(client|server): (.*)$/s.exec(piece) ?? [];
    said[side] += text;
  }
  return said;
}

const cases: readonly Case[] = [
  ...['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'].map(
    (ciphers) => ({ version: 'TLSv1.3', ciphers }) as const,
  ),
  ...['AES128-GCM-SHA256', 'AES256-GCM-SHA384', 'CHACHA20-POLY1305', 'AES128-CCM', 'AES256-CCM8'].map(
    (ciphers) => ({ version: 'TLSv1.2', ciphers: `ECDHE-ECDSA-${ciphers}` }) as const,
  ),
  ...['AES128-SHA', 'AES256-SHA', 'AES128-SHA256', 'AES256-SHA384'].flatMap((name) => {
    const ciphers = `ECDHE-ECDSA-${name}`;
    return [
      { version: 'TLSv1.2', ciphers } as const,
      { version: 'TLSv1.2', ciphers, options: noEncryptThenMac } as const,
    ];
  }),
  { version: 'TLSv1.1', ciphers: 'ECDHE-ECDSA-AES128-SHA' },
  { version: 'TLSv1.1', ciphers: 'ECDHE-ECDSA-AES256-SHA', options: noEncryptThenMac },
  { version: 'TLSv1', ciphers: 'ECDHE-ECDSA-AES128-SHA' },
  { version: 'TLSv1', ciphers: 'ECDHE-ECDSA-AES256-SHA', options: noEncryptThenMac },
];

describe('what a connection carries is read with its secrets', () => {
  test.each(cases)('$version $ciphers $options', async (one) => {
    const { steps, keyLog } = await tlsExchange(exchangeOf(one));
    const outcome = run(steps, keyLog);
    expect(outcome.problems).toEqual([]);
    expect(talkOf(outcome)).toEqual({ client: `first${long}`, server: 'answeranswer' });
    expect(outcome.inner.map(({ protocol }) => protocol)).toEqual(['decrypted']);
    const events = outcome.events.filter(({ kind }) => kind === 'tls');
    expect(events).toEqual([expect.objectContaining({ tls_decrypted: true, tls_established: true })]);
  });
});

describe('a connection with secrets', () => {
  const one: Case = { version: 'TLSv1.3', ciphers: 'TLS_AES_128_GCM_SHA256' };

  test('shows the certificate and the protocol, which TLS 1.3 encrypts', async () => {
    const { steps, keyLog } = await tlsExchange(exchangeOf(one));
    const { events } = run(steps, keyLog);
    const fingerprint = createHash('sha256').update(new X509Certificate(cert).raw).digest('hex');
    expect(events).toContainEqual(
      expect.objectContaining({
        kind: 'tls',
        tls_next_protocol: 'http/1.1',
        tls_server_certificate_chain: [fingerprint],
        tls_sni_matches_cert: true,
      }),
    );
    expect(events).toContainEqual(expect.objectContaining({ kind: 'certificate', file_hash_sha256: fingerprint }));
  });

  test.each([one, { version: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' } as const])(
    'is read the same however the segments are cut: $version',
    async (version) => {
      const { steps, keyLog } = await tlsExchange(exchangeOf(version));
      const whole = talkOf(run(steps, keyLog));
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 1400 }), (size) => {
          expect(talkOf(run(cutSteps(steps, size), keyLog))).toEqual(whole);
        }),
        { numRuns: 10 },
      );
    },
  );

  test('is read as far as the log goes', async () => {
    const { steps, keyLog } = await tlsExchange(exchangeOf(one));
    const without = (label: string): string =>
      keyLog
        .split('\n')
        .filter((line) => !line.startsWith(label))
        .join('\n');
    const outcome = run(steps, without('SERVER_'));
    expect(talkOf(outcome)).toEqual({ client: `first${long}`, server: '' });
    expect(run(steps, without('CLIENT_HANDSHAKE')).inner.length).toBeLessThanOrEqual(1);
  });
});

describe('a connection of TLS 1.2', () => {
  const one: Case = { version: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' };

  test('is followed through another handshake', async () => {
    const { steps, keyLog } = await tlsExchange({ ...exchangeOf(one), isRenegotiated: true });
    expect(keyLog.trim().split('\n')).toHaveLength(2);
    expect(talkOf(run(steps, keyLog))).toEqual({ client: `first${long}`, server: 'answeranswer' });
  });

  test('stays closed with the secrets of others', async () => {
    const [own, other] = [await tlsExchange(exchangeOf(one)), await tlsExchange(exchangeOf(one))];
    const outcome = run(own.steps, other.keyLog);
    expect(outcome.inner).toEqual([]);
    expect(outcome.problems).toEqual([]);
    expect(outcome.events).toContainEqual(expect.objectContaining({ tls_decrypted: false, tls_established: true }));
  });

  test('is told where a changed record ends it', async () => {
    const { steps, keyLog } = await tlsExchange(exchangeOf(one));
    const at = steps.findLastIndex(({ from }) => from === 'client') - 1;
    const damaged = steps.map((step, index) => {
      if (index !== at || !('bytes' in step)) return step;
      const bytes = Buffer.from(step.bytes);
      bytes.writeUInt8((bytes.at(-1) ?? 0) ^ 1, bytes.length - 1);
      return { ...step, bytes };
    });
    const outcome = run(damaged, keyLog);
    expect(outcome.problems).toEqual([expect.stringMatching(/^partly-seen: a TLS record cannot be decrypted/)]);
    expect(talkOf(outcome)['server']).toBe('answeranswer');
  });
});
