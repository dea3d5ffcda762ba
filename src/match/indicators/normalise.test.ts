import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indicatorKinds } from './format.ts';
import { classify, normalise } from './normalise.ts';

function told(text: string): string {
  const normal = classify(text);
  return typeof normal === 'string'
    ? normal
    : `${normal.kind} ${normal.value}${normal.port === undefined ? '' : ` :${normal.port}`}`;
}

describe('classify', () => {
  it.each([
    ['203.0.113.9', 'address 203.0.113.9'],
    ['203.0.113[.]9', 'address 203.0.113.9'],
    ['203.0.113.9:8080', 'address 203.0.113.9 :8080'],
    ['203.0.113.0/24', 'cidr 203.0.113.0/24'],
    ['203.0.113.77/24', 'cidr 203.0.113.0/24'],
    ['203.0.113.9/32', 'address 203.0.113.9'],
    ['2001:DB8:0:0::1', 'address 2001:db8::1'],
    ['[2001:db8::1]:443', 'address 2001:db8::1 :443'],
    ['::ffff:203.0.113.9', 'address 203.0.113.9'],
    ['2001:db8::/32', 'cidr 2001:db8::/32'],
    ['10.1.2.3', 'address 10.1.2.3'],
    ['Evil.Example.COM.', 'domain evil.example.com'],
    ['*.evil.com', 'domain evil.com'],
    ['.evil.com', 'domain evil.com'],
    ['evil[.]com', 'domain evil.com'],
    ['evil(dot)com', 'domain evil.com'],
    ['evil.com:8443', 'domain evil.com :8443'],
    ['bücher.example.com', 'domain xn--bcher-kva.example.com'],
    ['_dmarc.evil.com', 'domain _dmarc.evil.com'],
    ['hxxp://evil[.]com/a', 'url evil.com/a'],
    ['hxxps[:]//evil.com:8443/A?b=c#d', 'url evil.com/A?b=c :8443'],
    ['http://user:pass@Evil.com', 'url evil.com/'],
    ['evil.com/a/../b', 'url evil.com/b'],
    ['http://[2001:db8::1]/x', 'url 2001:db8::1/x'],
    ['D41D8CD98F00B204E9800998ECF8427E', 'md5 d41d8cd98f00b204e9800998ecf8427e'],
    ['d4:1d:8c:d9:8f:00:b2:04:e9:80:09:98:ec:f8:42:7e', 'md5 d41d8cd98f00b204e9800998ecf8427e'],
    ['da39a3ee5e6b4b0d3255bfef95601890afd80709', 'sha1 da39a3ee5e6b4b0d3255bfef95601890afd80709'],
    ['User[at]Evil.com', 'email user@evil.com'],
    ['/tmp/.X11-evil/Run', 'file /tmp/.x11-evil/run'],
    [String.raw`C:\Users\Public\a.exe`, String.raw`file c:\users\public\a.exe`],
    ['*/kdevtmpfsi', 'file kdevtmpfsi'],
  ])('reads %s', (text, want) => {
    expect(told(text)).toBe(want);
  });

  it('does not take a full IPv6 address for a hash', () => {
    expect(told('2001:0db8:0000:0000:0000:ff00:0042:8329')).toBe('address 2001:db8::ff00:42:8329');
  });

  it.each([
    ['0.0.0.0', /not the address of one machine/],
    ['127.0.0.1', /not the address of one machine/],
    ['255.255.255.255', /not the address of one machine/],
    ['224.0.0.251', /not the address of one machine/],
    ['::1', /not the address of one machine/],
    ['::', /not the address of one machine/],
    ['0.0.0.0/0', /too wide/],
    ['10.0.0.0/7', /too wide/],
    ['::/0', /too wide/],
    ['127.0.0.0/8', /not the address of one machine/],
    ['localhost', /no domain name/],
    ['com', /no domain name/],
    ['co.uk', /public suffix/],
    ['duckdns.org', /public suffix/],
    ['1.0.168.192.in-addr.arpa', /name of every machine/],
    ['localhost.localdomain', /name of every machine/],
    ['999.999.999.999', /no domain name/],
    ['1.2.3', /no domain name/],
    ['-', /no domain name/],
    ['a..b.com', /no domain name/],
    ['/gate.php', /path without a host/],
    ['tcp://203.0.113.9:4444', /scheme that is not watched/],
    ['203.0.113.9:99999', /port that is none/],
    ['x'.repeat(3000), /too long/],
    ['', /no domain name/],
  ])('refuses %s', (text, why) => {
    expect(classify(text)).toEqual(expect.stringMatching(why));
  });

  it('never throws, and gives normal forms that stay what they are', () => {
    const shapes = fc.oneof(fc.string(), fc.domain(), fc.ipV4(), fc.ipV6(), fc.webUrl(), fc.emailAddress());
    fc.assert(
      fc.property(shapes, (text) => {
        const first = classify(text);
        if (typeof first === 'string') return;
        const again = normalise(first.kind, first.value);
        expect(again).toMatchObject({ kind: first.kind, value: first.value });
      }),
    );
  });
});

describe('normalise', () => {
  it('corrects an address to the network it is, and a hash to its kind', () => {
    expect(normalise('address', '198.51.100.0/24')).toMatchObject({ kind: 'cidr' });
    expect(normalise('md5', 'da39a3ee5e6b4b0d3255bfef95601890afd80709')).toMatchObject({ kind: 'sha1' });
    expect(normalise('domain', '198.51.100.7')).toMatchObject({ kind: 'address' });
  });

  it('keeps the case of user agents, and refuses parts that are in every one', () => {
    expect(normalise('user-agent', ' Evil/1.0 ')).toMatchObject({ value: 'Evil/1.0' });
    expect(normalise('user-agent', '*a*')).toMatch(/too short/);
    expect(normalise('user-agent', '')).toMatch(/no user agent/);
  });

  it('keeps whole paths and bare names of files, and refuses what fits none or all', () => {
    expect(normalise('file', ' Kinsing ')).toMatchObject({ kind: 'file', value: 'kinsing' });
    expect(normalise('file', '/var/tmp/.x/')).toMatchObject({ value: '/var/tmp/.x' });
    expect(normalise('file', 'a')).toMatch(/too short/);
    expect(normalise('file', '%TEMP%\\a.exe')).toMatch(/variable/);
    expect(normalise('file', '~/.config/a')).toMatch(/variable/);
    expect(normalise('file', '/tmp/*.sh')).toMatch(/wildcard/);
    expect(normalise('file', 'bin/kit')).toMatch(/begin at a root/);
  });

  it('takes a mail address out of a header', () => {
    expect(normalise('email', '"Boss" <CEO@Evil.com>')).toMatchObject({ value: 'ceo@evil.com' });
    expect(normalise('email', 'nobody')).toMatch(/no mail address/);
  });

  it('never throws on any text for any kind', () => {
    fc.assert(
      fc.property(fc.constantFrom(...indicatorKinds), fc.string({ unit: 'binary' }), (kind, text) => {
        expect(() => normalise(kind, text)).not.toThrow();
      }),
    );
  });
});
