import { describe, expect, it } from 'vitest';
import { networkOwner } from './network-owners.ts';

describe('the shipped tables of networks', () => {
  it('name system, organisation and country of public addresses', () => {
    expect(networkOwner('8.8.8.8')).toEqual({ asn: 15169, organisation: 'Google LLC', country: 'US' });
    expect(networkOwner('2001:4860:4860::8888')).toMatchObject({ asn: 15169, country: 'US' });
    expect(networkOwner('193.0.6.139')).toMatchObject({ asn: 3333, country: 'NL' });
  });

  it('say nothing of private and documentation addresses, and of what is none', () => {
    expect(['10.0.0.5', '192.168.1.1', '203.0.113.9', 'fe80::1', 'localhost', ''].map(networkOwner)).toEqual(
      Array.from({ length: 6 }, () => undefined),
    );
  });
});
