import { describe, expect, it } from 'vitest';
import { readList } from '../read-list.ts';
import { format } from './index.ts';
import { addressOfTrigger } from './trigger.ts';

const text = `$TTL 60
@ IN SOA localhost. root.localhost. ( 1 2 3
  4 5 )
  IN NS localhost.
; made up
evil.example CNAME .
*.evil.example 30 IN CNAME *.
absolute.example.rpz.lab. IN CNAME rpz-drop.
good.example CNAME rpz-passthru.
walled.example A 198.51.100.1
32.9.113.0.203.rpz-ip CNAME .
24.0.100.51.198.rpz-ip CNAME .
128.1.zz.db8.2001.rpz-ip CNAME .
24.0.0.0.10.rpz-client-ip CNAME .
x.rpz-ip CNAME .
`;

describe('rpz', () => {
  it('is told by policies in a zone', () => {
    expect(format.detect('x', text)).toBe(3);
    expect(format.detect('x', 'www.example.com. 300 IN CNAME example.com.\n')).toBe(0);
  });

  it('lists blocked names and addresses, and no exceptions', async () => {
    const { told, problems } = await readList(format, text);
    expect(told).toEqual([
      'domain evil.example',
      'domain evil.example',
      'domain absolute.example',
      'domain walled.example',
      'address 203.0.113.9',
      'cidr 198.51.100.0/24',
      'address 2001:db8::1',
    ]);
    expect(problems.map((problem) => problem.code)).toEqual(['unsupported', 'bad-value']);
  });

  it('reads address triggers from their end', () => {
    expect(addressOfTrigger('48.zz.2.2001')).toBe('2001:2::/48');
    expect(addressOfTrigger('128.57.zz.101')).toBe('101::57/128');
    expect(['', '24', 'x.1.2.3.4', '999999.1.2.3.4'].map(addressOfTrigger)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
