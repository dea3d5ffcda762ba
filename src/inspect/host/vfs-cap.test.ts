import { describe, expect, it } from 'vitest';
import { fileCapabilitiesText, parseFileCapabilities } from './vfs-cap.ts';

describe('file capabilities', () => {
  // As `setcap` of libcap 2.66 writes them, and `getcap` reads them.
  it.each([
    ['0100000200200000000000000000000000000000', 'cap_net_raw=ep', 1n << 13n],
    ['0000000200200000000000000000000000000000', 'cap_net_raw=p', 1n << 13n],
    ['0100000200240000000000000000000000000000', 'cap_net_bind_service,cap_net_raw=ep', (1n << 13n) | (1n << 10n)],
    ['0000000200000000002000000000000000000000', 'cap_net_raw=i', 0n],
    ['0100000220000000200000008000000000000000', 'cap_kill=eip cap_bpf+ep', (1n << 5n) | (1n << 39n)],
    ['010000030020000000000000000000000000000010270000', 'cap_net_raw=ep', 1n << 13n],
  ])('%s are %s', (hex, text, permitted) => {
    expect(fileCapabilitiesText(Buffer.from(hex, 'hex'))).toBe(text);
    expect(parseFileCapabilities(Buffer.from(hex, 'hex'))).toBe(permitted);
  });

  it('are none where the value is cut or of another revision', () => {
    for (const hex of ['', '01000002', '0100000900200000000000000000000000000000', '01000002002000000000000000']) {
      expect(fileCapabilitiesText(Buffer.from(hex, 'hex'))).toBeUndefined();
    }
  });
});
