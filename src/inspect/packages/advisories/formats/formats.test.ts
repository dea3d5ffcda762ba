import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AdvisoryFormat, FeedEntry } from '../format.ts';
import { formatOf } from '../read-feed.ts';
import { advisoryFormats } from './registry.generated.ts';

/** One small file for each format, with a path where the format looks at it. */
const samples: Readonly<Record<keyof typeof advisoryFormats, { readonly path: string; readonly text: string }>> = {
  osv: {
    path: 'a.json',
    text: '{"schema_version":"1.6.0","id":"GHSA-1","modified":"2024-01-01T00:00:00Z","affected":[{"package":{"ecosystem":"npm","name":"a"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"1.0.0"}]}]}]}',
  },
  secdb: {
    path: 'main.yaml',
    text: 'distroversion: v3.11\nreponame: main\npackages:\n  - pkg:\n      name: zlib\n      secfixes:\n        1.2.11-r4:\n          - CVE-2022-37434 GHSA-x\n        0:\n          - CVE-2023-45853\n',
  },
  'debian-lists': {
    path: 'list',
    text: '[25 Mar 2023] DSA-5378-1 xen - security update\n\t{CVE-2022-23824 CVE-2022-42331}\n\t[bullseye] - xen 4.14.5+94-1\n\t[buster] - xen <end-of-life>\n',
  },
  'debian-tracker': {
    path: 'json',
    text: '{"bash":{"CVE-2022-3715":{"releases":{"bookworm":{"status":"open","repositories":{"bookworm":"5.2"},"urgency":"unimportant","nodsa_reason":"ignored"},"bullseye":{"status":"resolved","repositories":{},"fixed_version":"5.1-3","urgency":"low**"}}}}}',
  },
  rustsec: {
    path: 'crates/a/RUSTSEC-2021-0003.md',
    text: '```toml\n[advisory]\nid = "RUSTSEC-2021-0003"\npackage = "smallvec"\naliases = ["CVE-2021-25900"]\ndate = "2021-01-08"\n\n[versions]\npatched = [">= 0.6.14, < 1.0.0", ">= 1.6.1"]\nunaffected = ["< 0.6.3"]\n```\n\n# Overflow\n',
  },
  rubysec: {
    path: 'gems/diffy/CVE-2022-33127.yml',
    text: '---\ngem: diffy\ncve: 2022-33127\nghsa: 5ww9-9qp2-x524\ndate: 2022-06-24\ntitle: quotes\ncvss_v3: 9.8\npatched_versions:\n  - ">= 3.4.1"\n',
  },
  csaf: {
    path: 'rhsa.json',
    text: JSON.stringify({
      document: { csaf_version: '2.0', tracking: { id: 'RHSA-2024:1', initial_release_date: '2024-01-02T00:00:00Z' } },
      product_tree: {
        branches: [
          {
            product: {
              product_id: 'AppStream',
              product_identification_helper: { cpe: 'cpe:/a:redhat:enterprise_linux:9::appstream' },
            },
          },
        ],
        relationships: [
          {
            full_product_name: { product_id: 'AppStream:a' },
            product_reference: 'python3.9-0:3.9.18-3.el9_4.5.src',
            relates_to_product_reference: 'AppStream',
          },
        ],
      },
      vulnerabilities: [{ cve: 'CVE-2024-6923', product_status: { fixed: ['AppStream:a'] } }],
    }),
  },
  kev: { path: 'kev.json', text: '{"vulnerabilities":[{"cveID":"CVE-2021-44228","dateAdded":"2021-12-10"}]}' },
  epss: { path: 'epss.csv', text: '#model_version:v1\ncve,epss,percentile\nCVE-2021-44228,0.97,0.999\n' },
  endoflife: {
    path: 'alpine-linux.md',
    text: '---\ntitle: Alpine\npermalink: /alpine-linux\ncategory: os\nreleases:\n  - releaseCycle: "3.11"\n    eol: 2021-11-01\n---\n',
  },
  'debian-support': { path: 'security-support-ended.deb12', text: '# list\ndnsdist 1.7.3-2 2025-10-01 No support\n' },
};

const formats: readonly AdvisoryFormat[] = Object.values(advisoryFormats);

function read(id: keyof typeof advisoryFormats): FeedEntry[] {
  const { path, text } = samples[id];
  return [...advisoryFormats[id].read({ path, bytes: Buffer.from(text) })];
}

describe.each(formats)('the advisory format $id', (format) => {
  const { path, text } = samples[format.id as keyof typeof advisoryFormats];

  it('is the one that knows its files', () => {
    expect(formatOf({ path, bytes: Buffer.from(text) })?.id).toBe(format.id);
  });

  it('is told whatever the file before was', () => {
    for (const before of formats) expect(formatOf({ path, bytes: Buffer.from(text) }, before)?.id).toBe(format.id);
  });

  it('reads damaged files without a throw', () => {
    const bytes = Buffer.from(text);
    fc.assert(
      fc.property(fc.nat(bytes.length), fc.nat(255), fc.nat(bytes.length), (at, value, length) => {
        const damaged = Buffer.from(bytes.subarray(0, length));
        if (at < damaged.length) damaged[at] = value;
        const entries = [...format.read({ path, bytes: damaged })];
        expect(entries.length).toBeLessThanOrEqual(bytes.length);
      }),
      { numRuns: 300 },
    );
  });
});

describe('what the formats give', () => {
  it('fixed versions and "never had it" of a security database', () => {
    const records = read('secdb').flatMap((entry) => (entry.kind === 'advisory' ? [entry.record] : []));
    expect(records.map(({ id, aliases, affected }) => [id, aliases, affected[0]?.ranges[0]?.events])).toEqual([
      ['CVE-2022-37434', ['GHSA-x'], [{ introduced: '0' }, { fixed: '1.2.11-r4' }]],
      ['CVE-2023-45853', [], [{ introduced: '0' }, { fixed: '0' }]],
    ]);
  });

  it('day, CVEs and releases of a DSA', () => {
    expect(read('debian-lists')).toMatchObject([
      {
        record: {
          id: 'DSA-5378-1',
          published: '2023-03-25T00:00:00Z',
          upstream: ['CVE-2022-23824', 'CVE-2022-42331'],
          affected: [{ ecosystem: 'Debian:11' }, { ecosystem: 'Debian:10', state: 'end-of-life' }],
        },
      },
    ]);
  });

  it('states and urgencies of the tracker', () => {
    expect(read('debian-tracker')).toMatchObject([
      {
        record: {
          affected: [
            { ecosystem: 'Debian:12', state: 'wont-fix', urgency: 'unimportant' },
            { ecosystem: 'Debian:11', urgency: 'low', ranges: [{ events: [{ introduced: '0' }, { fixed: '5.1-3' }] }] },
          ],
        },
      },
    ]);
  });

  it('epoch, source package and platform of an advisory of Red Hat', () => {
    expect(read('csaf')).toMatchObject([
      {
        record: {
          id: 'RHSA-2024:1',
          upstream: ['CVE-2024-6923'],
          affected: [
            {
              ecosystem: 'Red Hat:enterprise_linux:9::appstream',
              name: 'python3.9',
              ranges: [{ events: [{ introduced: '0' }, { fixed: '0:3.9.18-3.el9_4.5' }] }],
            },
          ],
        },
      },
    ]);
  });

  it('names that look like names with versions, of packages that have no fix', () => {
    const json = JSON.parse(samples.csaf.text) as {
      product_tree: { relationships: object[] };
      vulnerabilities: object[];
    };
    const [relationship] = json.product_tree.relationships;
    json.product_tree.relationships = [{ ...relationship, product_reference: 'java-17-openjdk' }];
    const remediations = [{ category: 'no_fix_planned', product_ids: ['AppStream:a'] }];
    json.vulnerabilities = [{ cve: 'CVE-1', product_status: { known_affected: ['AppStream:a'] }, remediations }];
    const entries = [...advisoryFormats.csaf.read({ path: 'vex.json', bytes: Buffer.from(JSON.stringify(json)) })];
    expect(entries).toMatchObject([{ record: { affected: [{ name: 'java-17-openjdk', state: 'wont-fix' }] } }]);
  });

  it('context', () => {
    expect([...read('kev'), ...read('epss'), ...read('endoflife'), ...read('debian-support')]).toEqual([
      { kind: 'exploited', cve: 'CVE-2021-44228', since: '2021-12-10', byRansomware: false },
      { kind: 'epss', cve: 'CVE-2021-44228', score: 0.97, percentile: 0.999 },
      { kind: 'release-end', product: 'alpine-linux', release: '3.11', end: '2021-11-01' },
      { kind: 'support', level: 'ended', release: '12', package: 'dnsdist', since: '2025-10-01', why: 'No support' },
    ]);
  });

  it('many records, one a line, the bad ones told', () => {
    const lines = `${samples.osv.text}\n{"id":\n\n${samples.osv.text}\n`;
    const entries = [...advisoryFormats.osv.read({ path: 'x.ndjson', bytes: Buffer.from(lines) })];
    expect(entries.map(({ kind }) => kind)).toEqual(['advisory', 'problem', 'advisory']);
    expect(entries[1]).toMatchObject({ problem: { code: 'bad-record', at: { line: 2 } } });
  });
});
