import { describe, expect, it } from 'vitest';
import { parseFilter } from './filter.ts';

const flow = {
  uid: 'C1',
  communityId: '1:x',
  transport: 'tcp',
  sourceIp: '10.0.0.1',
  sourcePort: 40_000,
  destinationIp: '2001:db8::5',
  destinationPort: 443,
};

describe('parseFilter', () => {
  it.each([
    ['host 10.0.0.1', true],
    ['src host 2001:db8::5', false],
    ['dst host 2001:db8::5', true],
    ['net 10.0.0.0/8 and port 443', true],
    ['dst net 10.0.0.0/8', false],
    ['udp or port 22', false],
    ['not udp and (port 22 or tcp)', true],
    ['not (tcp and port 443)', false],
    ['src port 40000 && dst port 443 || udp', true],
  ])('%s', (text, expected) => {
    expect(parseFilter(text)(flow)).toBe(expected);
  });

  it.each(['', 'host', 'host example', 'port 70000', 'tcp tcp', '(tcp', 'not '.repeat(100), 'colour red'])(
    'refuses "%s"',
    (text) => {
      expect(() => parseFilter(text)).toThrow(/cannot be read/);
    },
  );
});
