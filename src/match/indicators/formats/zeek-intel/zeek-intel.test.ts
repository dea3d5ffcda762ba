import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readList } from '../read-list.ts';
import { format } from './index.ts';

const intel = readFileSync(new URL('testdata/intel.dat', import.meta.url), 'utf8');

describe('zeek-intel', () => {
  it('is told by its header, and not by that of a Zeek log', () => {
    expect(format.detect('x', intel)).toBe(3);
    expect(format.detect('intel.log', '#fields\tts\tuid\tseen.indicator\tseen.indicator_type\n')).toBe(0);
  });

  it('reads the types that are matched, with source and description', async () => {
    const { told, indicators, problems } = await readList(format, intel);
    expect(told).toEqual([
      'address 203.0.113.9',
      'cidr 198.51.100.0/24',
      'url evil.example/kit',
      'user-agent Evil/1.0 (x)',
      'domain evil.example',
      'sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      'sha1 da39a3ee5e6b4b0d3255bfef95601890afd80709',
      'email a@evil.example',
    ]);
    expect(indicators[0]?.description).toBe('C2 : Emotet; made-up');
    expect(problems.map((problem) => [problem.code, problem.at.line])).toEqual([
      ['unsupported', 8],
      ['bad-record', 12],
    ]);
  });

  it('reports entries before a header, and reads the columns in any order', async () => {
    expect((await readList(format, 'evil.example\tIntel::DOMAIN\n')).problems).toMatchObject([{ code: 'bad-header' }]);
    const { told } = await readList(
      format,
      '#fields\tmeta.source\tindicator_type\tindicator\nx\tIntel::DOMAIN\tevil.example\nshort\n',
    );
    expect(told).toEqual(['domain evil.example']);
  });
});
