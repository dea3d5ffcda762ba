import { describe, expect, it } from 'vitest';
import { adviceOf } from './advice.ts';
import { toOsvRecord, type OsvRecord } from './osv.ts';

function record(json: object): OsvRecord {
  const found = toOsvRecord(json);
  if (found === undefined) throw new Error('it is no record');
  return found;
}

const range = { type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '2.0-1' }] };

describe('advice of a record', () => {
  it('is filed by stream and normal name, with what the record says', () => {
    const filed = adviceOf(
      record({
        id: 'PYSEC-2022-1',
        aliases: ['CVE-2022-1'],
        published: '2022-01-02T00:00:00Z',
        affected: [{ package: { ecosystem: 'PyPI', name: 'Foo_Bar.baz' }, ranges: [range], versions: ['1.0'] }],
      }),
      'osv',
    );
    expect(filed).toEqual([
      {
        stream: 'pypi',
        name: 'foo-bar-baz',
        advice: {
          id: 'PYSEC-2022-1',
          aliases: ['CVE-2022-1'],
          ecosystem: 'PyPI',
          published: '2022-01-02T00:00:00Z',
          severity: [],
          intervals: [{ to: '2.0-1' }],
          versions: ['1.0'],
          origin: 'osv',
        },
      },
    ]);
  });

  it('is none for a withdrawn record, an unknown ecosystem, or a package without versions', () => {
    const affected = [{ package: { ecosystem: 'npm', name: 'a' }, ranges: [range] }];
    expect(adviceOf(record({ id: 'A-1', withdrawn: '2023-01-01T00:00:00Z', affected }), 'osv')).toEqual([]);
    expect(
      adviceOf(
        record({ id: 'A-2', affected: [{ package: { ecosystem: 'Nowhere', name: 'a' }, ranges: [range] }] }),
        'osv',
      ),
    ).toEqual([]);
    expect(adviceOf(record({ id: 'A-3', affected: [{ package: { ecosystem: 'npm', name: 'a' } }] }), 'osv')).toEqual(
      [],
    );
  });

  it('of a bulletin is one for each vulnerability, so that they stay apart', () => {
    const filed = adviceOf(
      record({
        id: 'DSA-5376-1',
        upstream: ['CVE-2022-36760', 'CVE-2023-25690'],
        affected: [{ package: { ecosystem: 'Debian:11', name: 'apache2' }, ranges: [range] }],
      }),
      'osv',
    );
    expect(filed.map(({ advice: { id, aliases, bulletin } }) => ({ id, aliases, bulletin }))).toEqual([
      { id: 'CVE-2022-36760', aliases: [], bulletin: 'DSA-5376-1' },
      { id: 'CVE-2023-25690', aliases: [], bulletin: 'DSA-5376-1' },
    ]);
  });

  it.each([
    ['Alpine:v3.11', 'alpine:3.11'],
    ['Ubuntu:22.04:LTS', 'ubuntu:22.04'],
    ['Ubuntu:Pro:16.04:LTS', 'ubuntu:pro:16.04'],
    ['Red Hat:enterprise_linux:9::appstream', 'red hat:9'],
    ['Rocky Linux:8', 'rocky linux:8'],
    ['Debian:12', 'debian:12'],
    ['SUSE:Linux Enterprise Server 15 SP3', 'suse:linux enterprise server 15 sp3'],
    ['SUSE:sles:15:sp3', 'suse:linux enterprise server 15 sp3'],
    ['Alpine:edge', 'alpine:edge'],
  ])('of %s is filed under %s', (ecosystem, stream) => {
    const filed = adviceOf(
      record({ id: 'X-1', affected: [{ package: { ecosystem, name: 'a' }, ranges: [range] }] }),
      'osv',
    );
    expect(filed.map((one) => one.stream)).toEqual([stream]);
  });
});
