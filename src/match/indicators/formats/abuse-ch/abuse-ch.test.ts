import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readList } from '../read-list.ts';
import { format } from './index.ts';

const threatfox = readFileSync(new URL('testdata/threatfox.csv', import.meta.url), 'utf8');

const urlhaus = `# abuse.ch URLhaus Database Dump (CSV - recent URLs)
# id,dateadded,url,url_status,last_online,threat,tags,urlhaus_link,reporter
"1","2026-01-01 00:00:00","http://203.0.113.9:8080/bins/mips","online","2026-01-01","malware_download","elf,mirai","https://urlhaus.abuse.ch/url/1/","x"
`;
const feodo = `# abuse.ch Feodo Tracker Botnet C2 IP Blocklist (CSV)
"first_seen_utc","dst_ip","dst_port","c2_status","last_online","malware"
"2026-01-01 00:00:00","203.0.113.9","443","online","2026-01-02","Pikabot"
# END 1 entries
`;
const sslblJa3 = `# abuse.ch SSLBL JA3 Fingerprint Blacklist (CSV)
# ja3_md5,Firstseen,Lastseen,Listingreason
b386946a5a44d1ddcc843bc75336dfce,2017-07-14 18:08:15,2019-07-27 20:42:54,Dridex
`;
const sslbl = `# abuse.ch SSLBL SSL Certificate Blacklist (SHA1 Fingerprints, CSV)
# Listingdate,SHA1,Listingreason
2026-01-01 00:00:00,da39a3ee5e6b4b0d3255bfef95601890afd80709,AsyncRAT C&C
`;

describe('abuse-ch detect', () => {
  it('is told by its banner, its columns or its fields', () => {
    for (const text of [threatfox, urlhaus, feodo, sslblJa3, sslbl]) expect(format.detect('x', text)).toBe(3);
    expect(format.detect('x', '"first_seen_utc","dst_ip","dst_port","c2_status"\n')).toBe(3);
    expect(format.detect('x.json', '[{"ip_address":"203.0.113.9","malware":"x","last_online":"y"}]')).toBe(3);
    expect(format.detect('x', '# list of names\nevil.example\n')).toBe(0);
    expect(format.detect('x.json', '{"type":"bundle"}')).toBe(0);
  });
});

describe('abuse-ch parse', () => {
  it('reads ThreatFox with kinds, confidence, family and port', async () => {
    const { indicators, problems } = await readList(format, threatfox);
    expect(indicators).toEqual([
      {
        kind: 'address',
        value: '203.0.113.9',
        description: 'Emotet; botnet_cc; c2,emotet; port 443',
        confidence: 75,
        expires_at: null,
      },
      {
        kind: 'domain',
        value: 'evil.example',
        description: 'Unknown malware; botnet_cc',
        confidence: 100,
        expires_at: null,
      },
      {
        kind: 'md5',
        value: 'd41d8cd98f00b204e9800998ecf8427e',
        description: 'Remcos; payload',
        confidence: 50,
        expires_at: null,
      },
    ]);
    expect(problems).toMatchObject([{ code: 'unsupported', at: { line: 10 } }]);
  });

  it('reads URLhaus, Feodo Tracker and both tables of SSLBL', async () => {
    expect((await readList(format, urlhaus)).indicators).toMatchObject([
      { kind: 'url', value: '203.0.113.9/bins/mips', description: 'malware_download; elf,mirai; port 8080' },
    ]);
    expect((await readList(format, feodo)).indicators).toMatchObject([
      { kind: 'address', value: '203.0.113.9', description: 'Pikabot; port 443' },
    ]);
    expect((await readList(format, sslblJa3)).indicators).toMatchObject([{ kind: 'ja3', description: 'Dridex' }]);
    expect((await readList(format, sslbl)).indicators).toMatchObject([{ kind: 'sha1', description: 'AsyncRAT C&C' }]);
  });

  it('reads the block list that has only addresses', async () => {
    expect((await readList(format, '# abuse.ch Feodo Tracker\n203.0.113.9\n203.0.113.10\n')).told).toEqual([
      'address 203.0.113.9',
      'address 203.0.113.10',
    ]);
  });

  it('reads JSON: a list at the top, lists under ids, and answers', async () => {
    const top = JSON.stringify([{ ip_address: '203.0.113.9', port: 443, malware: 'QakBot', last_online: null }]);
    expect((await readList(format, top)).indicators).toMatchObject([
      { kind: 'address', description: 'QakBot; port 443' },
    ]);
    const dump = JSON.stringify({
      7: [
        {
          ioc_value: 'evil.example',
          ioc_type: 'domain',
          threat_type: 'botnet_cc',
          confidence_level: 90,
          tags: ['a', 'b'],
        },
      ],
    });
    expect((await readList(format, dump)).indicators).toMatchObject([
      { kind: 'domain', confidence: 90, description: 'botnet_cc; a,b' },
    ]);
    const answer = JSON.stringify({ query_status: 'ok', data: [{ ioc: 'evil.example', ioc_type: 'domain' }, {}, 3] });
    const { told, problems } = await readList(format, answer);
    expect(told).toEqual(['domain evil.example']);
    expect(problems).toHaveLength(2);
  });

  it('reports rows before the line that names the columns', async () => {
    expect((await readList(format, '# URLhaus\n1,2,3\n')).problems).toMatchObject([
      { code: 'bad-header', at: { line: 2 } },
    ]);
  });
});
