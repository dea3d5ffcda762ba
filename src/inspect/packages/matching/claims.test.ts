import { describe, expect, it } from 'vitest';
import type { Package } from '../package.ts';
import { claimsOf } from './claims.ts';
import type { Vulnerability } from './vulnerabilities.ts';

const log4j: Package = {
  name: 'org.apache.logging.log4j:log4j-core',
  version: '2.14.1',
  type: 'maven',
  purl: 'pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1',
  licenses: [],
  locations: ['/app/shop.jar!BOOT-INF/lib/log4j-core-2.14.1.jar'],
  files: [],
  foundBy: 'java',
};
const found: Vulnerability = {
  id: 'CVE-2021-44228',
  aliases: ['GHSA-jfh8-c2jp-5v3q'],
  package: log4j,
  ecosystem: 'Maven',
  fixed: '2.15.0',
  fixState: 'fixed',
  severity: 'medium',
  epss: 0.97,
  exploitedSince: '2021-12-10',
  summary: undefined,
  published: '2021-12-10T00:40:56Z',
  origins: ['osv'],
};

describe('vulnerabilities as claims', () => {
  it('name image, package and vulnerability, and are at least high when exploited', () => {
    expect(claimsOf({ kind: 'image', value: 'shop:1.4' }, [found])).toMatchObject([
      {
        detector: 'advisories/CVE-2021-44228',
        severity: 'high',
        path: '/app/shop.jar!BOOT-INF/lib/log4j-core-2.14.1.jar',
        time: Date.UTC(2021, 11, 10, 0, 40, 56) * 1000,
        entities: [
          { kind: 'image', value: 'shop:1.4' },
          { kind: 'package', value: 'org.apache.logging.log4j:log4j-core 2.14.1' },
          { kind: 'vulnerability', value: 'CVE-2021-44228' },
        ],
        next: 'Update org.apache.logging.log4j:log4j-core to 2.15.0 and rebuild.',
      },
    ]);
  });

  it('say so when nothing repairs them, and stay low when nobody says how bad they are', () => {
    const [claim] = claimsOf({ kind: 'image', value: 'shop:1.4' }, [
      { ...found, exploitedSince: undefined, fixed: undefined, severity: 'unknown' },
    ]);
    expect(claim).toMatchObject({ severity: 'low', vanishes: 'the package were not installed' });
  });
});
