import { networkInterfaces } from 'node:os';
import { expect, it } from 'vitest';
import { ownAddresses } from './own-addresses.ts';

it('tells every address that runs, with its mask, once', () => {
  const told = ownAddresses().map((own) => `${own.interface} ${own.address} ${own.mask}`);
  const running = Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
    addresses.map(
      ({ address, netmask, scopeid = 0 }) => `${name} ${scopeid > 0 ? `${address}%${name}` : address} ${netmask}`,
    ),
  );
  expect(running.length).toBeGreaterThan(0);
  expect(told).toEqual(expect.arrayContaining(running));
  expect(new Set(told).size).toBe(told.length);
});
