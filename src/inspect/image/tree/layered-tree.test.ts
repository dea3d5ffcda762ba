import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tarOf, type TarFiles } from '../../../../tests/support/tar.ts';
import { walkTree } from '../../tree/tree.ts';
import { Spool } from '../spool.ts';
import { TarReader } from '../tar/tar-reader.ts';
import { noLayer } from './entries.ts';
import { LayerIndex } from './layer-index.ts';
import { LayeredTree } from './layered-tree.ts';

interface Stacked {
  readonly index: LayerIndex;
  readonly tree: LayeredTree;
  readonly problems: string[];
}

/** Layers put together, and read while the spool is there. */
function stack<T>(layers: readonly TarFiles[], use: (stacked: Stacked) => T): T {
  const spool = Spool.create();
  try {
    const index = new LayerIndex({ entries: 100_000, indexBytes: 1_000_000 });
    const problems: string[] = [];
    const tars = layers.map((layer) => {
      const tar = tarOf(layer);
      const start = spool.size;
      spool.append(tar);
      index.beginLayer((code) => void problems.push(code));
      const reader = new TarReader({
        member: (member) => void index.add(member),
        problem: (code) => void problems.push(code),
      });
      reader.push(tar);
      return spool.section(start, tar.length);
    });
    const tree = new LayeredTree('test', index, tars, (node) => index.visibleAt(node));
    return use({ index, tree, problems });
  } finally {
    spool.close();
  }
}

/** Paths with content, target or `/`, and the layer that tells of each. */
function seen(layers: readonly TarFiles[]): string[] {
  return stack(layers, ({ tree }) =>
    [...walkTree(tree)].map(({ path, type, target, layer }) => {
      const what = type === 'directory' ? '/' : ` ${target ?? tree.read(path)?.toString() ?? type}`;
      return `${path}${what} ${layer}`;
    }),
  );
}

function problemsOf(layers: readonly TarFiles[]): string[] {
  return stack(layers, ({ problems }) => problems);
}

describe('layers', () => {
  it('lie over one another: the last file wins, folders are one', () => {
    expect(seen([{ 'a/': '', 'a/x': '1', 'a/y': '2' }, { 'a/x': '3' }, { 'a/z': '4' }])).toEqual([
      '/a/ 0',
      '/a/x 3 1',
      '/a/y 2 0',
      '/a/z 4 2',
    ]);
  });

  it('give a folder the mode that the last of them tells', () => {
    stack([{ 'a/': { mode: 0o700 } }, { 'a/x': '' }, { 'a/': { mode: 0o777 } }], ({ tree }) => {
      expect(tree.lstat('/a')).toMatchObject({ mode: 0o777, layer: 2 });
    });
    stack([{ 'a/': { mode: 0o700 } }, { 'a/x': '' }], ({ tree }) => {
      expect(tree.lstat('/a')).toMatchObject({ mode: 0o700, layer: 0 });
    });
  });

  it('put a file over a folder, and a folder over a file', () => {
    expect(seen([{ 'a/x': '1' }, { a: '2' }])).toEqual(['/a 2 1']);
    expect(seen([{ 'a/x': '1' }, { a: '2' }, { 'a/y': '3' }])).toEqual(['/a/ 2', '/a/y 3 2']);
  });

  it('may say a name twice: the last counts', () => {
    const twice: TarFiles = [
      ['a', '1'],
      ['a', '2'],
    ];
    expect(seen([twice])).toEqual(['/a 2 0']);
  });
});

describe('whiteouts', () => {
  it('hide files and whole folders of lower layers', () => {
    expect(
      seen([
        { 'a/x': '1', 'a/d/y': '2', 'a/z': '3' },
        { 'a/.wh.x': '', 'a/.wh.d': '' },
      ]),
    ).toEqual(['/a/ 0', '/a/z 3 0']);
  });

  it('never hide what their own layer has, before or after them', () => {
    for (const layer of [
      { '.wh.a': '', a: 'new' },
      { a: 'new', '.wh.a': '' },
      { 'd/.wh..wh..opq': '', 'd/x': 'new' },
      { 'd/x': 'new', 'd/.wh..wh..opq': '' },
    ]) {
      const paths = seen([{ a: 'old', 'd/x': 'old', 'd/y': 'old' }, layer]).filter((line) => line.includes('new'));
      expect(paths).toHaveLength(1);
    }
  });

  it('make a folder opaque, also below folders of the same layer', () => {
    const lower = { 'd/x': '1', 'd/e/y': '2', 'd/e/f/z': '3' };
    expect(seen([lower, { 'd/.wh..wh..opq': '' }])).toEqual(['/d/ 0']);
    expect(seen([lower, { 'd/e/new': '4', 'd/.wh..wh..opq': '' }])).toEqual(['/d/ 0', '/d/e/ 0', '/d/e/new 4 1']);
    expect(seen([lower, { 'd/.wh..wh..opq': '', 'd/e/new': '4' }])).toEqual(['/d/ 0', '/d/e/ 1', '/d/e/new 4 1']);
  });

  it('let a later layer bring the name again, without what was below it', () => {
    expect(seen([{ 'd/x': '1' }, { '.wh.d': '' }, { 'd/y': '2' }])).toEqual(['/d/ 2', '/d/y 2 2']);
  });

  it('of aufs, of nothing, and of what is not there change nothing', () => {
    expect(seen([{ a: '1' }, { '.wh..wh.plnk/x': '', '.wh..wh.aufs': '', '.wh.': '', '.wh.none': '' }])).toEqual([
      '/.wh..wh.plnk/ 1',
      '/.wh..wh.plnk/x  1',
      '/a 1 0',
    ]);
  });
});

describe('links', () => {
  it('in the folders of a name are followed inside their own layer, and give way in a lower one', () => {
    const link: TarFiles = [
      ['usr/bin/', ''],
      ['bin', { type: '2', target: 'usr/bin' }],
      ['bin/sh', 'sh'],
    ];
    expect(seen([link])).toEqual(['/bin usr/bin 0', '/usr/ 0', '/usr/bin/ 0', '/usr/bin/sh sh 0']);
    expect(seen([{ bin: { type: '2', target: 'usr/bin' } }, { 'bin/sh': 'sh' }])).toEqual(['/bin/ 1', '/bin/sh sh 1']);
  });

  it('never lead out of the image', () => {
    const out: TarFiles = [
      ['up', { type: '2', target: '../../../../tmp' }],
      ['up/x', '1'],
      ['../../y', '2'],
      ['/abs/z', '3'],
    ];
    expect(seen([out])).toEqual(['/abs/ 0', '/abs/z 3 0', '/tmp/ 0', '/tmp/x 1 0', '/up ../../../../tmp 0', '/y 2 0']);
    expect(problemsOf([out])).toEqual(['unsafe-path']);
  });

  it('in a circle hold nothing', () => {
    const circle: TarFiles = [
      ['a', { type: '2', target: 'b' }],
      ['b', { type: '2', target: 'a' }],
      ['a/x', '1'],
    ];
    expect(seen([circle])).toEqual(['/a b 0', '/b a 0']);
    expect(problemsOf([circle])).toEqual(['unsafe-path']);
  });

  it('that are hard give the same file, also of a lower layer; to nothing they are a problem', () => {
    const hard = { type: '1', target: './a' };
    expect(seen([{ a: '1', b: hard }])).toEqual(['/a 1 0', '/b 1 0']);
    expect(seen([{ a: '1' }, { b: hard }, { a: '2' }])).toEqual(['/a 2 2', '/b 1 1']);
    expect(problemsOf([{ b: hard }, { 'd/': '', c: { type: '1', target: 'd' } }])).toEqual([
      'bad-record',
      'bad-record',
    ]);
    expect(seen([{ a: '1' }, { a: hard }])).toEqual(['/a 1 0']);
  });
});

describe('a path', () => {
  it('may be written in any way, and is told in its normal form', () => {
    stack([{ 'a/b/': '', 'a/b/c': '1', l: { type: '2', target: 'a/b' } }], ({ tree }) => {
      for (const path of ['/a/b/c', 'a/b/c', '//a/b/c', '/a//b/c', '/a/b/../b/./c', '/l/c', '/a/b/c/']) {
        expect(tree.lstat(path)?.path).toBe('/a/b/c');
        expect(tree.read(path)?.toString()).toBe('1');
      }
      expect(tree.list('/l').map(({ path }) => path)).toEqual(['/a/b/c']);
      expect(tree.lstat('/')?.path).toBe('/');
      expect(tree.lstat('/l')?.type).toBe('symlink');
      expect(tree.stat('/l')?.path).toBe('/a/b');
    });
  });
});

describe('data', () => {
  const parts = { content: `${'A'.repeat(10)}${'B'.repeat(5)}` };
  const whole = Buffer.alloc(3000);
  whole.fill('A', 100, 110);
  whole.fill('B', 2000, 2005);

  it.each([
    ['0.0 and 0.1', { ...parts, pax: { 'GNU.sparse.size': '3000', 'GNU.sparse.map': '100,10,2000,5' } }],
    [
      '1.0',
      {
        content: `${'2\n100\n10\n2000\n5\n'.padEnd(512, '\0')}${parts.content}`,
        pax: {
          'GNU.sparse.major': '1',
          'GNU.sparse.minor': '0',
          'GNU.sparse.realsize': '3000',
          'GNU.sparse.name': 'f',
        },
      },
    ],
  ])('of sparse files (PAX %s) have their holes', (_, file) => {
    stack([{ f: file }], ({ tree }) => {
      expect(tree.lstat('/f')?.size).toBe(3000);
      expect(tree.read('/f')?.equals(whole)).toBe(true);
      expect(tree.readAt('/f', 105, 1900)?.equals(whole.subarray(105, 2005))).toBe(true);
      expect(tree.readAt('/f', 2999, 10)?.length).toBe(1);
    });
  });

  it('that the layer does not have are a problem, and never those of another layer', () => {
    stack([{ a: { content: 'x', size: 5000 } }, { b: 'secret of another layer' }], ({ tree }) => {
      expect(tree.read('/a')).toBeUndefined();
      expect(tree.drainProblems()).toMatchObject([{ code: 'unreadable', path: '/a' }]);
    });
  });

  it('have extended attributes', () => {
    stack([{ a: { pax: { 'SCHILY.xattr.security.capability': 'cap' } } }], ({ tree }) => {
      expect(tree.xattrs('/a').get('security.capability')?.toString()).toBe('cap');
      expect(tree.xattrs('/none').size).toBe(0);
    });
  });
});

/** Small names, so that layers meet. */
const name = fc.array(fc.constantFrom('a', 'b', 'c', '..', '.'), { minLength: 1, maxLength: 4 });
const layerFiles = fc.array(
  fc.tuple(
    fc.tuple(name, fc.constantFrom('', '.wh.', '.wh..wh..opq', '/')).map(([parts, mark]) => {
      const last = parts.at(-1) ?? '';
      if (mark === '/') return `${parts.join('/')}/`;
      return mark === '.wh..wh..opq' ? `${parts.join('/')}/${mark}` : [...parts.slice(0, -1), mark + last].join('/');
    }),
    fc.oneof(
      fc.constant('x'),
      fc.record({ type: fc.constant('2'), target: name.map((parts) => parts.join('/')) }),
      fc.record({ type: fc.constant('1'), target: name.map((parts) => parts.join('/')) }),
    ),
  ),
  { maxLength: 8 },
);

describe('any layers', () => {
  it('give a tree in which every entry is found by its path, in a folder, and by a layer', () => {
    fc.assert(
      fc.property(fc.array(layerFiles, { minLength: 1, maxLength: 4 }), (layers) => {
        stack(layers, ({ tree, index }) => {
          const entries = [...walkTree(tree)];
          expect(new Set(entries.map(({ path }) => path)).size).toBe(entries.length);
          for (const entry of entries) {
            expect(tree.lstat(entry.path)).toEqual(entry);
            expect(entry.layer).toBeLessThan(layers.length);
          }
          // All that is not hidden is listed.
          const visible = new Set<string>();
          for (let at = 0; at < index.entries.length; at++) {
            const node = index.entries.node(at);
            const isSeen = index.entries.hiddenBy(at) === noLayer && index.nodes.newest(node) === at;
            if (isSeen) visible.add(index.nodes.pathOf(node));
          }
          visible.delete('/');
          expect([...visible].sort()).toEqual(entries.map(({ path }) => path).sort());
        });
      }),
      { numRuns: 400 },
    );
  });
});
