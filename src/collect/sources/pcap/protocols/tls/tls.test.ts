import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConnectionOptions } from 'node:tls';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutSteps, runConnection, type Outcome, type Step } from '../../../../../../tests/support/pcap-connection.ts';
import { tlsExchange } from '../../../../../../tests/support/tls-exchange.ts';
import { analyzer } from './index.ts';
import { recognizeTls } from './recognize.ts';

const testdata = join(import.meta.dirname, 'testdata');
const cert = readFileSync(join(testdata, 'cert.pem'), 'utf8');
const key = readFileSync(join(testdata, 'key.pem'), 'utf8');

/** What passes in a real handshake with a message each way. */
async function handshake(client: ConnectionOptions): Promise<Step[]> {
  return (await tlsExchange({ server: { cert, key }, client })).steps;
}

const run = (steps: readonly Step[]): Outcome => runConnection(analyzer, steps, { destinationPort: 443 });
const eventOf = ({ events }: Outcome, kind: string): Readonly<Record<string, unknown>> | undefined =>
  events.find((event) => event['kind'] === kind);

describe('a handshake of TLS 1.2', () => {
  const options = { maxVersion: 'TLSv1.2', servername: 'Host.vakthund.test', ALPNProtocols: ['h2'] } as const;

  test('shows version, cipher, names, certificates and its history', async () => {
    const outcome = run(await handshake(options));
    const fingerprint = createHash('sha256').update(new X509Certificate(cert).raw).digest('hex');
    expect(outcome.services).toEqual(['ssl']);
    expect(eventOf(outcome, 'tls')).toMatchObject({
      tls_version: 'TLSv12',
      tls_cipher: expect.stringMatching(/^TLS_ECDHE_ECDSA_WITH_/),
      tls_curve: 'x25519',
      tls_client_server_name: 'host.vakthund.test',
      tls_next_protocol: 'h2',
      tls_established: true,
      tls_resumed: false,
      tls_history: expect.stringMatching(/^CsxknGIt?i$/),
      tls_sni_matches_cert: true,
      tls_server_certificate_chain: [fingerprint],
      tls_client_certificate_chain: [],
      tls_client_ja4: expect.stringMatching(/^t12d\d{4}h2_[0-9a-f]{12}_[0-9a-f]{12}$/),
      tls_client_ja3: expect.stringMatching(/^[0-9a-f]{32}$/),
      tls_server_ja3s: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect(eventOf(outcome, 'certificate')).toMatchObject({
      file_hash_sha256: fingerprint,
      x509_host_certificate: true,
    });
  });

  test('is read the same however the segments are cut', async () => {
    const steps = await handshake(options);
    const whole = run(steps);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), (size) => {
        const outcome = run(cutSteps(steps, size));
        const ignoring = { time: 0, evidence_at: 0 };
        expect(outcome.events.map((event) => ({ ...event, ...ignoring }))).toEqual(
          whole.events.map((event) => ({ ...event, ...ignoring })),
        );
      }),
      { numRuns: 20 },
    );
  });
});

describe('a handshake of TLS 1.3', () => {
  test('shows what is in clear, and no certificate', async () => {
    const outcome = run(await handshake({ minVersion: 'TLSv1.3', servername: 'other.test' }));
    expect(eventOf(outcome, 'tls')).toMatchObject({
      tls_version: 'TLSv13',
      tls_cipher: expect.stringMatching(/^TLS_(?:AES|CHACHA)/),
      tls_curve: expect.stringMatching(/^(?:x25519|X25519MLKEM768)$/),
      tls_established: true,
      tls_history: 'CsiI',
      tls_server_certificate_chain: null,
      tls_sni_matches_cert: null,
    });
    expect(eventOf(outcome, 'certificate')).toBeUndefined();
  });

  test('that the server asks to begin anew keeps both fingerprints', async () => {
    const outcome = run(await handshake({ minVersion: 'TLSv1.3', ecdhCurve: 'P-521:P-256', servername: 'a.test' }));
    const event = eventOf(outcome, 'tls');
    expect(event?.['tls_history']).toMatch(/^C(?:j|s)/);
    expect(event).toMatchObject({ tls_version: 'TLSv13', tls_established: true });
  });
});

test('a client that nobody answers shows its hello', async () => {
  const [hello] = await handshake({ servername: 'a.test' });
  const outcome = run(hello === undefined ? [] : [hello]);
  expect(outcome.services).toEqual([]);
  expect(eventOf(outcome, 'tls')).toMatchObject({
    tls_client_server_name: 'a.test',
    tls_version: null,
    tls_established: false,
    tls_history: 'C',
  });
});

test('an alert in clear is told', () => {
  const alert = Uint8Array.from([21, 3, 3, 0, 2, 2, 40]);
  const outcome = run([{ from: 'server', bytes: alert }]);
  expect(eventOf(outcome, 'tls')).toMatchObject({ tls_last_alert: 'handshake_failure', tls_history: 'l' });
});

test('bytes that are no TLS are a violation', () => {
  expect(run([{ from: 'client', bytes: 'GET / HTTP/1.1\r\n' }]).violations).toEqual(['no TLS record']);
});

test('is told by content at any port', async () => {
  const [hello] = await handshake({});
  const orig = hello !== undefined && 'bytes' in hello ? Buffer.from(hello.bytes as Uint8Array) : Buffer.alloc(0);
  const first = { transport: 'tcp', orig, resp: new Uint8Array(0), origPort: 1, respPort: 9 } as const;
  expect(recognizeTls(first)).toBe('match');
  expect(recognizeTls({ ...first, orig: orig.subarray(0, 4) })).toBe('more');
  expect(recognizeTls({ ...first, orig: Buffer.from('SSH-2.0-x\r\n') })).toBe('no');
});

test('ends on any damage of a real handshake', async () => {
  const steps = await handshake({ maxVersion: 'TLSv1.2' });
  const place = fc.tuple(fc.nat({ max: steps.length - 1 }), fc.nat({ max: 3000 }), fc.integer({ min: 0, max: 255 }));
  fc.assert(
    fc.property(fc.array(place, { minLength: 1, maxLength: 20 }), (places) => {
      const damaged = steps.map((step) =>
        'bytes' in step ? { ...step, bytes: Buffer.from(step.bytes as Uint8Array) } : step,
      );
      for (const [index, at, value] of places) {
        const step = damaged[index];
        if (step !== undefined && 'bytes' in step && Buffer.isBuffer(step.bytes) && at < step.bytes.length) {
          step.bytes[at] = value;
        }
      }
      const { events } = run(damaged);
      expect(events.filter((event) => event['kind'] === 'tls').length).toBeLessThan(2);
    }),
    { numRuns: 200 },
  );
});

describe('DTLS', () => {
  const word = (value: number): number[] => [value >> 8, value & 255];
  const triple = (value: number): number[] => [value >> 16, ...word(value & 0xffff)];
  const record = (type: number, epoch: number, payload: readonly number[]): number[] => [
    type,
    0xfe,
    0xfd,
    ...word(epoch),
    ...Array<number>(6).fill(0),
    ...word(payload.length),
    ...payload,
  ];
  const fragment = (type: number, sequence: number, body: readonly number[], from = 0, to = body.length): number[] =>
    record(22, 0, [
      type,
      ...triple(body.length),
      ...word(sequence),
      ...triple(from),
      ...triple(to - from),
      ...body.slice(from, to),
    ]);
  const random = Array<number>(32).fill(7);
  const clientHello = [0xfe, 0xfd, ...random, 0, 0, ...word(2), 0xc0, 0x2b, 1, 0];
  const serverHello = [0xfe, 0xfd, ...random, 0, 0xc0, 0x2b, 0];
  const step = (from: 'client' | 'server', ...bytes: readonly number[]): Step => ({
    from,
    bytes: Uint8Array.from(bytes),
  });
  const runDatagrams = (...steps: readonly Step[]): Outcome =>
    runConnection(analyzer, steps, { transport: 'udp', destinationPort: 443 });

  test('is read from fragments, repeated ones passed over', () => {
    const outcome = runDatagrams(
      step('client', ...fragment(1, 0, clientHello, 0, 20), ...fragment(1, 0, clientHello, 0, 20)),
      step('client', ...fragment(1, 0, clientHello, 20)),
      step('server', ...fragment(2, 0, serverHello), ...record(20, 0, [1])),
      step('server', ...fragment(2, 0, serverHello)),
      step('client', ...record(20, 0, [1]), ...record(22, 1, [9, 9])),
      step('server', ...record(22, 1, [9, 9])),
    );
    expect(outcome.services).toEqual(['dtls']);
    expect(eventOf(outcome, 'tls')).toMatchObject({
      tls_version: 'DTLSv12',
      tls_cipher: 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
      tls_established: true,
      tls_history: 'CsiI',
      tls_client_ja4: expect.stringMatching(/^dd2i010000_/),
    });
  });

  test('other datagrams are a violation', () => {
    expect(runDatagrams(step('client', 0xc0, 0, 0, 0, 1)).violations).toEqual(['no DTLS record']);
  });
});
