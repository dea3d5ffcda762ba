import { describe, expect, it } from 'vitest';
import { readList } from '../read-list.ts';
import { format } from './index.ts';

const text = `[Adblock Plus 2.0]
! made up
||evil.example^
||bad.example^$third-party,important
||narrow.example^$domain=shop.example
@@||good.example^
example.net##.advert
||evil.example/path^
`;

describe('adblock', () => {
  it('is told by its head or its rules', () => {
    expect(format.detect('x', text)).toBe(3);
    expect(format.detect('x', '||evil.example^\n||bad.example^\n')).toBe(3);
    expect(format.detect('x', 'evil.example\n')).toBe(0);
  });

  it('lists whole hosts, and reports rules that mean less', async () => {
    const { told, problems } = await readList(format, text);
    expect(told).toEqual(['domain evil.example', 'domain bad.example']);
    expect(problems.map((problem) => [problem.code, problem.at.line])).toEqual(
      [5, 6, 7, 8].map((line) => ['unsupported', line]),
    );
  });
});
