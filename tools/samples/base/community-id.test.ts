import { describe, expect, it } from 'vitest';
import { communityId } from './community-id.ts';

describe('community id', () => {
  it('gives the published value for TCP', () => {
    const id = communityId('tcp', '128.232.110.120', 34_855, '66.35.250.204', 80);
    expect(id).toBe('1:LQU9qZlK+B5F3KDmev6m5PMibrg=');
  });

  it('is the same for both directions', () => {
    const id = communityId('tcp', '66.35.250.204', 80, '128.232.110.120', 34_855);
    expect(id).toBe('1:LQU9qZlK+B5F3KDmev6m5PMibrg=');
  });

  it('gives the published value for an echo request and its reply', () => {
    expect(communityId('icmp', '192.168.0.89', 8, '192.168.0.1', 0)).toBe('1:X0snYXpgwiv9TZtqg64sgzUn6Dk=');
    expect(communityId('icmp', '192.168.0.1', 0, '192.168.0.89', 8)).toBe('1:X0snYXpgwiv9TZtqg64sgzUn6Dk=');
  });

  it('gives the published values for UDP and for IPv6', () => {
    expect(communityId('udp', '192.168.1.52', 54_585, '8.8.8.8', 53)).toBe('1:d/FP5EW3wiY1vCndhwleRRKHowQ=');
    const id = communityId('tcp', '2001:470:e5bf:dead:4957:2174:e82c:4887', 63_943, '2607:f8b0:400c:c03::1a', 25);
    expect(id).toBe('1:/qFaeAR+gFe1KYjMzVDsMv+wgU4=');
  });

  it('refuses what is no address', () => {
    expect(() => communityId('tcp', 'host', 1, '10.0.0.1', 2)).toThrow(RangeError);
  });
});
