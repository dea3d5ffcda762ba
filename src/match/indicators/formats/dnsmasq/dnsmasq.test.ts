import { describe, expect, it } from 'vitest';
import { readList } from '../read-list.ts';
import { format } from './index.ts';

const text = `# made up
address=/evil.example/0.0.0.0
address=/one.example/two.example/
server=/bad.example/
local=/worse.example/
cache-size=1000
`;

describe('dnsmasq', () => {
  it('is told by its settings', () => {
    expect(format.detect('x', text)).toBe(3);
    expect(format.detect('x', 'listen-address=127.0.0.1\n')).toBe(0);
  });

  it('lists each name of a setting, and reports other settings', async () => {
    const { told, problems } = await readList(format, text);
    expect(told).toEqual([
      'domain evil.example',
      'domain one.example',
      'domain two.example',
      'domain bad.example',
      'domain worse.example',
    ]);
    expect(problems).toMatchObject([{ code: 'unsupported', at: { line: 6 } }]);
  });
});
