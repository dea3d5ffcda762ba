import { describe, expect, it } from 'vitest';
import { MemoryTree } from '../../../tests/support/memory-tree.ts';
import { catalogTree } from './catalog.ts';
import { workspaceFolders } from './workspace-folders.ts';

/** `name@version` of packages, those for development with a mark. */
const listed = (files: Readonly<Record<string, string>>): string[] =>
  catalogTree(new MemoryTree(files))
    .packages.filter(({ isProject }) => isProject !== true)
    .map(({ name, isDevelopment }) => `${name}${isDevelopment === true ? ' (development)' : ''}`);

describe('folders of a workspace', () => {
  const tree = new MemoryTree({
    '/r/packages/a/x': '',
    '/r/packages/b-old/x': '',
    '/r/packages/node_modules/c/x': '',
    '/r/apps/web/ui/x': '',
    '/other/x': '',
  });
  it.each([
    [
      ['packages/a', './packages/b-old/'],
      ['/r/packages/a', '/r/packages/b-old'],
    ],
    [['packages/*', '!packages/*-old'], ['/r/packages/a']],
    [['apps/**'], ['/r/apps', '/r/apps/web', '/r/apps/web/ui']],
    [['*/w*b'], ['/r/apps/web']],
    [['../../../other'], ['/other']],
    [[], []],
    [['packages/{a,b}'], undefined],
  ])('are those that its patterns name: %j', (patterns, folders) => {
    expect(workspaceFolders(tree, '/r', patterns)).toEqual(folders);
  });

  it('are not looked for without end', () => {
    const wide = new MemoryTree(Object.fromEntries(Array.from({ length: 300 }, (_none, at) => [`/r/${at}/x`, ''])));
    expect(
      workspaceFolders(
        wide,
        '/r',
        Array.from({ length: 10_000 }, () => '**/**/**'),
      ),
    ).toBeUndefined();
  });
});

describe('a lock file of Yarn for workspaces', () => {
  const manifests = {
    '/r/package.json': '{"private": true, "workspaces": ["packages/*"], "devDependencies": {"jest": "^1.0.0"}}',
    '/r/packages/a/package.json':
      '{"name": "a", "dependencies": {"pad": "^1.3.0", "b": "1.0.0"}, "devDependencies": {"mocha": "^9.0.0"}}',
    '/r/packages/b/package.json':
      '{"name": "b", "dependencies": {"ms": "^2.0.0"}, "optionalDependencies": {"opt": "1"}}',
  };
  const first = ['jest@^1.0.0', 'pad@^1.3.0', 'mocha@^9.0.0', 'ms@^2.0.0', 'opt@1', 'debug@^4.0.0']
    .map(
      (key) =>
        `${key}:\n  version "1.0.0"\n${/^(?:jest|mocha)/.test(key) ? '  dependencies:\n    debug "^4.0.0"\n' : ''}`,
    )
    .join('\n');
  const wanted = ['debug (development)', 'jest (development)', 'mocha (development)', 'ms', 'opt', 'pad'];

  it('of the first version tells what only development of any of them needs', () => {
    expect(listed({ ...manifests, '/r/yarn.lock': first })).toEqual(wanted);
  });

  const member = (name: string, needs: string): string =>
    `"${name}@workspace:packages/${name}":\n  version: 0.0.0-use.local\n  resolution: "${name}@workspace:packages/${name}"\n  dependencies:\n${needs}`;
  const berry = `__metadata:\n  version: 6\n\n${[
    'jest@npm:^1.0.0',
    'pad@npm:^1.3.0',
    'mocha@npm:^9.0.0',
    'ms@npm:^2.0.0',
    'opt@npm:1',
    'debug@npm:^4.0.0',
  ]
    .map((key) => {
      const needs = /^(?:jest|mocha)/.test(key) ? '  dependencies:\n    debug: ^4.0.0\n' : '';
      return `"${key}":\n  version: 1.0.0\n  resolution: "${key.replace(/:.*/, ':1.0.0')}"\n${needs}`;
    })
    .join(
      '\n',
    )}\n${member('a', '    b: 1.0.0\n    mocha: ^9.0.0\n    pad: ^1.3.0\n')}\n${member('b', '    ms: ^2.0.0\n    opt: 1\n')}`;

  it('of Berry does so too', () => {
    expect(listed({ ...manifests, '/r/yarn.lock': berry })).toEqual(wanted);
  });

  it('of Berry keeps all that a workspace needs whose manifest is not here', () => {
    const { '/r/packages/a/package.json': _gone, ...left } = manifests;
    expect(listed({ ...left, '/r/yarn.lock': berry })).toEqual([
      'debug',
      'jest (development)',
      'mocha',
      'ms',
      'opt',
      'pad',
    ]);
  });

  it('keeps everything when it cannot be told which workspaces there are', () => {
    const files = {
      ...manifests,
      '/r/package.json': manifests['/r/package.json'].replace('packages/*', 'packages/{a,b}'),
    };
    expect(listed({ ...files, '/r/yarn.lock': first })).toEqual(['debug', 'jest', 'mocha', 'ms', 'opt', 'pad']);
  });
});

describe('a lock file of Cargo for a workspace', () => {
  const crate = (name: string, needs: readonly string[] = [], source = true): string =>
    `[[package]]\nname = "${name}"\nversion = "1.0.0"\n${source ? 'source = "registry+https://a.example"\n' : ''}dependencies = ${JSON.stringify(needs)}\n`;
  const lock = [
    'version = 3\n',
    crate('app', ['cc', 'criterion', 'libc', 'lib', 'serde-real'], false),
    crate('lib', ['log', 'tempfile'], false),
    crate('criterion', ['anes']),
    ...['anes', 'cc', 'libc', 'log', 'serde-real', 'tempfile'].map((name) => crate(name)),
  ].join('\n');
  const files = {
    '/r/Cargo.lock': lock,
    '/r/Cargo.toml':
      '[workspace]\nmembers = ["crates/*"]\n[workspace.dependencies]\nserde = { package = "serde-real", version = "1" }\n',
    '/r/crates/app/Cargo.toml':
      '[package]\nname = "app"\n[dependencies]\nserde = { workspace = true }\nlib = { path = "../lib" }\n[dev-dependencies]\ncriterion = "1"\n[build-dependencies]\ncc = "1"\n[target."cfg(unix)".dependencies]\nlibc = "1"\n',
    '/r/crates/lib/Cargo.toml':
      '[package]\nname = "lib"\n[dependencies]\nlog = "1"\n[dev-dependencies]\ntempfile = "1"\n',
  };

  it('tells what only development of its members needs', () => {
    expect(listed(files)).toEqual([
      'anes (development)',
      'cc',
      'criterion (development)',
      'libc',
      'log',
      'serde-real',
      'tempfile (development)',
    ]);
  });

  it('keeps all that a member needs whose manifest is not here', () => {
    const { '/r/crates/lib/Cargo.toml': _gone, ...left } = files;
    expect(listed(left)).toContain('tempfile');
    expect(listed({ '/r/Cargo.lock': lock }).filter((name) => name.endsWith(')'))).toEqual([]);
  });
});
