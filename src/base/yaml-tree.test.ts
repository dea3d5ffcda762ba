import { describe, expect, it } from 'vitest';
import { readYaml, type YamlNode } from './yaml-tree.ts';

function plain(node: YamlNode): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(plain);
  return Object.fromEntries([...node.entries.values()].map((entry) => [entry.key, plain(entry.value)]));
}

function valuesOf(text: string): unknown[] {
  return readYaml(text).map((document) => ('root' in document ? plain(document.root) : document.fault));
}

describe('readYaml', () => {
  it('gives the types of YAML 1.1, and leaves times and huge numbers as text', () => {
    const text = 'a: yes\nb: 0x10\nc: 2020-01-02\nd: 12345678901234567890\ne: ~\nf: "0x10"\ng:\n1: one\nh: [1.5, x]\n';
    expect(valuesOf(text)).toEqual([
      {
        a: true,
        b: 16,
        c: '2020-01-02',
        d: '12345678901234567890',
        e: null,
        f: '0x10',
        g: null,
        1: 'one',
        h: [1.5, 'x'],
      },
    ]);
  });

  it('reads each document of a stream for itself', () => {
    expect(valuesOf('a: 1\n---\n: [\n---\nb: 2\n')).toMatchObject([{ a: 1 }, { at: { line: 4 } }, { b: 2 }]);
    expect(valuesOf('')).toEqual([]);
  });

  it('says where a key and its value stand', () => {
    const [document] = readYaml('# first\nouter:\n  inner: x\n');
    const root = document !== undefined && 'root' in document ? document.root : undefined;
    const outer = root?.kind === 'map' ? root.entries.get('outer')?.value : undefined;
    const inner = outer?.kind === 'map' ? outer.entries.get('inner') : undefined;
    expect(inner?.keyAt).toEqual({ line: 3, column: 3, offset: 17 });
    expect(inner?.value.at).toEqual({ line: 3, column: 10, offset: 24 });
  });

  it('follows aliases and merge keys', () => {
    const text = 'base: &b {x: 1, y: 2}\none: *b\ntwo:\n  <<: *b\n  y: 3\nthree:\n  <<: [{x: 7}, *b]\n';
    expect(valuesOf(text)).toEqual([
      { base: { x: 1, y: 2 }, one: { x: 1, y: 2 }, two: { x: 1, y: 3 }, three: { x: 7, y: 2 } },
    ]);
  });

  it('refuses a key that stands twice, unknown aliases, and an alias inside of itself', () => {
    expect(valuesOf('a: 1\nb: 2\na: 3\n')).toEqual([
      { message: 'the key "a" stands twice', at: { line: 3, column: 1, offset: 10 } },
    ]);
    expect(valuesOf('a: *none\n')).toMatchObject([{ at: { line: 1 } }]);
    expect(valuesOf('a: &a [*a]\n')).toMatchObject([{ message: 'alias "a" inside of itself', at: { line: 1 } }]);
    expect(valuesOf('? [a]\n: b\n')).toMatchObject([{ message: 'a key that is no plain text' }]);
  });

  it('refuses bombs in bounded time', () => {
    const level = (name: string, of: string): string => `${name}: &${name} [${Array(10).fill(`*${of}`).join(', ')}]`;
    const bomb = ['a: &a [x, x]', level('b', 'a'), level('c', 'b'), level('d', 'c'), level('e', 'd'), level('f', 'e')];
    expect(valuesOf(bomb.join('\n'))).toMatchObject([{ ['f']: expect.anything() as unknown }]);
    expect(valuesOf([...bomb, level('g', 'f'), level('h', 'g')].join('\n'))).toMatchObject([
      { message: 'more than 1000000 values' },
    ]);
    for (const deep of ['['.repeat(20_000), '- '.repeat(20_000), `${'['.repeat(80)}${']'.repeat(80)}`]) {
      expect(valuesOf(deep)).toMatchObject([{ message: 'nested deeper than 64' }]);
    }
    const started = process.cpuUsage();
    for (const deep of ['['.repeat(2_000_000), `a:\n${'- '.repeat(1_500_000)}`, '{a: '.repeat(1_000_000)]) {
      expect(valuesOf(deep)).toMatchObject([{ message: 'nested deeper than 64' }]);
    }
    expect(process.cpuUsage(started).user).toBeLessThan(2_000_000);
    const wide = Object.fromEntries(Array.from({ length: 30_000 }, (_none, index) => [`k${index}`, '- ? [']));
    expect(valuesOf(JSON.stringify(wide, undefined, 1).replaceAll('\n', ' ').replaceAll('[', '('))).toHaveLength(1);
    expect(valuesOf('x'.repeat(5 << 20))).toMatchObject([{ message: 'longer than 4194304 bytes' }]);
  });
});
