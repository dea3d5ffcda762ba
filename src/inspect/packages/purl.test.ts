import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatPurl, parsePurl, purlOf } from './purl.ts';

describe('a package URL', () => {
  it.each([
    [purlOf('npm', '@Babel/core', '7.0.0'), 'pkg:npm/%40babel/core@7.0.0'],
    [
      purlOf('maven', 'org.apache.logging.log4j:log4j-core', '2.14.1'),
      'pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1',
    ],
    [
      purlOf('golang', 'github.com/BurntSushi/toml', 'v1.2.3+incompatible'),
      'pkg:golang/github.com/burntsushi/toml@v1.2.3%2Bincompatible',
    ],
    [purlOf('pypi', 'Typing_Extensions', '4.0'), 'pkg:pypi/typing-extensions@4.0'],
    [purlOf('composer', 'Guzzlehttp/psr7', '1.8.3'), 'pkg:composer/guzzlehttp/psr7@1.8.3'],
    [purlOf('cocoapods', 'ShareSDK/Core', '1.0'), 'pkg:cocoapods/ShareSDK@1.0#Core'],
    [purlOf('rpm', 'bash', '4.4-1', { namespace: 'rhel' }), 'pkg:rpm/redhat/bash@4.4-1'],
    [purlOf('generic', 'a/b', ''), 'pkg:generic/a%2Fb'],
    [
      purlOf('deb', 'bsdutils', '1:2.38.1-5', {
        namespace: 'debian',
        qualifiers: { distro: 'debian-12', arch: 'amd64', epoch: undefined },
      }),
      'pkg:deb/debian/bsdutils@1:2.38.1-5?arch=amd64&distro=debian-12',
    ],
  ])('is canonical: %s', (purl, wanted) => {
    expect(purl).toBe(wanted);
  });

  it('is read whether its scope is encoded or not, and with slashes too many', () => {
    const scoped = { type: 'npm', namespace: '@angular', name: 'animation', version: '12.3.1' };
    expect(parsePurl('pkg:npm/%40angular/animation@12.3.1')).toMatchObject(scoped);
    expect(parsePurl('pkg://npm//@angular/animation@12.3.1')).toMatchObject(scoped);
    expect(parsePurl('pkg:npm/@angular/animation')).toMatchObject({ namespace: '@angular', version: undefined });
  });

  it.each(['', 'pkg:', 'pkg:npm', 'pkg:npm/', 'npm/a@1', 'pkg:9x/a', 'pkg:deb/@1'])('is none: %j', (text) => {
    expect(parsePurl(text)?.name ?? 'none').toMatch(/^(?:none|@1)$/);
  });

  it('comes back as it was', () => {
    const word = fc
      .string({ minLength: 1, maxLength: 12, unit: 'grapheme' })
      .filter((text) => !/^\.{1,2}$|\//.test(text));
    fc.assert(
      fc.property(word, word, fc.option(word, { nil: undefined }), word, (namespace, name, version, value) => {
        const purl = {
          type: 'generic',
          namespace,
          name,
          version,
          qualifiers: new Map([['key', value]]),
          subpath: undefined,
        };
        expect(parsePurl(formatPurl(purl))).toEqual(purl);
      }),
    );
  });
});
