import { describe, expect, it } from 'vitest';
import { readList } from '../read-list.ts';
import { format } from './index.ts';

const text = `# made up
127.0.0.1 localhost localhost.localdomain
::1 ip6-localhost
0.0.0.0 0.0.0.0
0.0.0.0 evil.example # tracker
127.0.0.1\tads.evil.example  www.bad.example
192.168.1.5 nas.example
0.0.0.0 com
nonsense
`;

describe('hosts', () => {
  it('is told by lines that send names to a sinkhole', () => {
    expect(format.detect('hosts', text)).toBe(3);
    expect(format.detect('x', '203.0.113.9 evil\n203.0.113.10 bad\n')).toBe(0);
  });

  it('lists the names, and none that every hosts file has', async () => {
    const { told, problems } = await readList(format, text);
    expect(told).toEqual(['domain evil.example', 'domain ads.evil.example', 'domain www.bad.example']);
    expect(problems.map((problem) => [problem.code, problem.at.line])).toEqual([
      ['unsupported', 7],
      ['bad-value', 8],
      ['bad-record', 9],
    ]);
  });
});
