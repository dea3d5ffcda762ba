import { describe, expect, it } from 'vitest';
import { emptyMember } from '../tar/header.ts';
import { none } from './entries.ts';
import { LayerIndex } from './layer-index.ts';
import { Nodes, rootNode } from './nodes.ts';

describe('nodes', () => {
  it('keep names of any letters, longer than a piece of their memory together, and find each again', () => {
    const nodes = new Nodes(100_000);
    const names = Array.from(
      { length: 60_000 },
      (_, at) => ['', 'é', '日本', '🐕', 'a long name of a file '][at % 5] + `${at}`,
    );
    const made = names.map((name) => nodes.obtain(rootNode, name));
    expect(new Set(made).size).toBe(names.length);
    expect(made.every((node, at) => nodes.name(node) === names[at])).toBe(true);
    expect(names.every((name, at) => nodes.find(rootNode, name) === made[at])).toBe(true);
    expect(nodes.find(made[0] ?? none, names[1] ?? '')).toBe(none);
    expect(nodes.find(rootNode, 'é')).toBe(none);
    expect(nodes.pathOf(nodes.obtain(made[1] ?? none, '漢'.repeat(4096)))).toBe(`/é1/${'漢'.repeat(4096)}`);
  });

  it('find a name whose letters cannot be written down as it is written down', () => {
    const nodes = new Nodes(10);
    const node = nodes.obtain(rootNode, 'a\uD800');
    expect(nodes.name(node)).toBe('a\uFFFD');
    expect(nodes.find(rootNode, 'a\uFFFD')).toBe(node);
  });
});

describe('an index of layers', () => {
  const index = (): LayerIndex => {
    const made = new LayerIndex({ entries: 50_000, indexBytes: 10_000_000 });
    made.beginLayer(() => undefined);
    return made;
  };

  it('is full of hard links to nothing too', () => {
    const full = index();
    let links = 0;
    for (; !full.isFull && links < 100_000; links++) {
      full.add({ ...emptyMember(), name: `${links}`, type: 'link', target: 'x' });
    }
    expect(links).toBeLessThanOrEqual(50_000);
    expect(full.entries.length).toBe(1);
  });

  it('takes a last member with as many folders as a name may have', () => {
    const full = new LayerIndex({ entries: 1, indexBytes: 1 });
    full.beginLayer(() => undefined);
    full.add({ ...emptyMember(), name: `${'a/'.repeat(2040)}x` });
    expect(full.nodes.length).toBe(2042);
  });
});
