import { describe, expect, it } from 'vitest';
import { clientHellos } from '../world/client-hellos.ts';
import { ja3Hash, ja3String, ja3sString, ja4, withShuffledExtensions, type ClientHello } from './client-hello.ts';
import { createRng } from './rng.ts';

describe('TLS fingerprints', () => {
  it('gives the published JA3 of the published string', () => {
    const hello: ClientHello = {
      version: 769,
      maxVersion: 'tls12',
      ciphers: [47, 53, 5, 10, 49_161, 49_162, 49_171, 49_172, 50, 56, 19, 4],
      extensions: [0, 10, 11],
      groups: [23, 24, 25],
      pointFormats: [0],
      signatureAlgorithms: [],
      alpn: [],
    };
    expect(ja3String(hello)).toBe('769,47-53-5-10-49161-49162-49171-49172-50-56-19-4,0-10-11,23-24-25,0');
    expect(ja3Hash(ja3String(hello))).toBe('ada70206e40642a3e4461f35503241d5');
  });

  it('leaves the lists empty that the hello does not have', () => {
    const hello = { ...clientHellos.agent, extensions: [], groups: [], pointFormats: [] };
    expect(ja3String(hello)).toMatch(/^771,[0-9-]+,,,$/);
    expect(ja3sString({ version: 771, cipher: 49_199, extensions: [] })).toBe('771,49199,');
  });

  it("gives the published JA4 of Chrome's hello", () => {
    expect(ja4(clientHellos.chromium)).toBe('t13d1516h2_8daaf6152771_e5627efa2ab1');
  });

  it('keeps JA4 and changes JA3 when the extensions are shuffled', () => {
    const shuffled = withShuffledExtensions(clientHellos.chromium, createRng('a'));
    expect(ja4(shuffled)).toBe(ja4(clientHellos.chromium));
    expect(ja3String(shuffled)).not.toBe(ja3String(clientHellos.chromium));
  });
});
