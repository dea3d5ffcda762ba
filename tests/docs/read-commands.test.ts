import { describe, expect, it } from 'vitest';
import { commandsIn, linksIn, outputFault } from './read-commands.ts';

const page = (...lines: string[]): string => lines.join('\n');

describe('the commands of a page', () => {
  it('are the lines of sh blocks, without comments, and with continued lines joined', () => {
    const text = page('```sh', '# a comment', './vakthund a \\', '  b', '', 'npm run gen', '```', '```ts', 'no', '```');
    expect(commandsIn(text).map((command) => command.text)).toEqual(['./vakthund a b', 'npm run gen']);
  });

  it('have the output that stands below them in console blocks', () => {
    const text = page('```console exit=1', '$ ./vakthund a', 'one', '$ ./vakthund b', '```');
    expect(commandsIn(text)).toEqual([
      { text: './vakthund a', output: ['one'], exitCode: 1 },
      { text: './vakthund b', output: undefined, exitCode: 1 },
    ]);
  });

  it('are left out where the block is marked long', () => {
    expect(commandsIn(page('```sh long', 'npm run bench', '```'))).toEqual([]);
  });
});

describe('shown output', () => {
  it.each([
    ['a\nb\n', ['a', 'b']],
    ['a 17 rows\n', ['a … rows']],
    ['1\n2\n3\nend\n', ['1', '…', 'end']],
    ['end\n', ['…', 'end']],
    ['x1y2z\n', ['x…y…z']],
    ['a  \n\n\n', ['a']],
  ])('fits %j', (printed, shown) => {
    expect(outputFault(printed, shown)).toBeUndefined();
  });

  it.each([
    ['a\nc\n', ['a', 'b'], 'not printed in its place: b'],
    ['a\nb\n', ['a'], 'printed besides: b'],
    ['', ['a'], 'not printed in its place: a'],
    ['aa\n', ['aa…aa'], 'not printed in its place: aa…aa'],
    ['1\n2\n', ['1', '…', '3'], 'not printed in its place: 3'],
  ])('does not fit %j', (printed, shown, fault) => {
    expect(outputFault(printed, shown)).toBe(fault);
  });
});

describe('the links of a page', () => {
  it('are relative targets without fragments, outside code', () => {
    expect(linksIn('[a](x.md#top) [b](https://e.org) `[c](y.md)` [d](dir/)\n```\n[e](z)\n```\n')).toEqual([
      'x.md',
      'dir/',
    ]);
  });
});
