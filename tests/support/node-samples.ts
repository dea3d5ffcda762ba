import type { PackageSample } from './package-sample.ts';

/** Lock files and installed packages of Node.js. */
export const nodeSamples: readonly PackageSample[] = [
  {
    cataloger: 'node-lock',
    what: 'package-lock 1',
    files: {
      '/app/package-lock.json': JSON.stringify({
        lockfileVersion: 1,
        dependencies: {
          a: { version: '1.0.0', dependencies: { b: { version: '2.0.0', dev: true } } },
          c: { version: 'npm:real@3.0.0' },
          git: { version: 'git+ssh://x' },
        },
      }),
    },
    packages: ['a 1.0.0', 'b 2.0.0 dev', 'real 3.0.0', 'git git+ssh://x project'],
  },
  {
    cataloger: 'node-lock',
    what: 'package-lock 3',
    files: {
      '/app/package-lock.json': JSON.stringify({
        lockfileVersion: 3,
        packages: {
          '': { name: 'app', version: '1.0.0' },
          'node_modules/@s/a': { version: '1.1.0', license: 'MIT' },
          'node_modules/@s/a/node_modules/b': { version: '2.1.0', dev: true },
          'node_modules/alias': { name: 'real', version: '3.1.0' },
          'node_modules/linked': { link: true, resolved: 'linked' },
        },
      }),
    },
    packages: ['@s/a 1.1.0', 'app 1.0.0 project', 'b 2.1.0 dev', 'real 3.1.0'],
  },
  {
    cataloger: 'node-lock',
    what: 'yarn 1 with what its manifest says',
    files: {
      '/app/package.json': JSON.stringify({
        dependencies: { a: '^1.0.0', z: 'npm:@real/z@1' },
        devDependencies: { c: '*' },
      }),
      '/app/yarn.lock': `# yarn lockfile v1


a@^1.0.0, a@^1.0.1:
  version "1.0.5"
  dependencies:
    b "2"

"b@2":
  version "2.0.0"

c@*:
  version "3.0.0"
  dependencies:
    b "2"
    d ">1"

"d@>1":
  version "4.0.0"

"z@npm:@real/z@1":
  version "1.2.3"

f@file:../f:
  version "0.0.0"
`,
    },
    packages: ['@real/z 1.2.3', 'a 1.0.5', 'b 2.0.0', 'c 3.0.0 dev', 'd 4.0.0 dev'],
  },
  {
    cataloger: 'node-lock',
    what: 'yarn berry',
    files: {
      '/app/package.json': JSON.stringify({ dependencies: { a: '^1.0.0' }, devDependencies: { b: '1' } }),
      '/app/yarn.lock': `__metadata:
  version: 6

"a@npm:^1.0.0":
  version: 1.0.0
  resolution: "a@npm:1.0.0"
  dependencies:
    c: ^2.0.0

"app@workspace:.":
  version: 0.0.0-use.local
  resolution: "app@workspace:."

"b@npm:1":
  version: 1.5.0
  resolution: "b@npm:1.5.0"

"c@npm:^2.0.0":
  version: 2.2.0
  resolution: "c@npm:2.2.0"
`,
    },
    packages: ['a 1.0.0', 'b 1.5.0 dev', 'c 2.2.0'],
  },
  {
    cataloger: 'node-lock',
    what: 'pnpm 5',
    files: {
      '/app/pnpm-lock.yaml': `lockfileVersion: 5.4
packages:
  /@s/a/1.0.0_peer@2.0.0:
    dev: false
  /b/2.0.0:
    dev: true
  github.com/x/y/abc:
    name: y
    version: 1.10.0
`,
    },
    packages: ['@s/a 1.0.0', 'b 2.0.0 dev', 'y 1.10.0'],
  },
  {
    cataloger: 'node-lock',
    what: 'pnpm 9',
    files: {
      '/app/pnpm-lock.yaml': `lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      '@s/a': { specifier: ^1, version: 1.0.0(p@3.0.0) }
    devDependencies:
      d: { specifier: ^1, version: 4.0.0 }
packages:
  '@s/a@1.0.0': {}
  b@2.0.0: {}
  d@4.0.0: {}
snapshots:
  '@s/a@1.0.0(p@3.0.0)':
    dependencies:
      b: 2.0.0
  b@2.0.0: {}
  d@4.0.0: {}
`,
    },
    packages: ['@s/a 1.0.0', 'b 2.0.0', 'd 4.0.0 dev'],
  },
  {
    cataloger: 'node-lock',
    what: 'bun',
    files: {
      '/app/bun.lock': `{
  "lockfileVersion": 1, // a comment
  "workspaces": { "": { "dependencies": { "a": "1", }, "devDependencies": { "d": "1" }, }, },
  "packages": {
    "a": ["a@1.0.0", "", { "dependencies": { "@s/b": "2" } }, "sha512-x=="],
    "a/@s/b": ["@s/b@2.0.0", "", {}, "sha512-y=="],
    "d": ["d@4.0.0", "", { "dependencies": { "e": "5" } }, ""],
    "e": ["e@5.0.0", "", {}, ""],
    "w": ["w@workspace:w"],
  },
}`,
    },
    packages: ['@s/b 2.0.0', 'a 1.0.0', 'd 4.0.0 dev', 'e 5.0.0 dev'],
  },
  {
    cataloger: 'node',
    what: 'installed packages and projects',
    files: {
      '/app/package.json': JSON.stringify({ name: 'app', version: '9.9.9' }),
      '/app/node_modules/@s/a/package.json': JSON.stringify({
        name: '@s/a',
        version: '1.0.0',
        license: { type: 'MIT' },
      }),
      '/app/node_modules/b/package.json': JSON.stringify({ name: 'b', version: '2.0.0' }),
      '/app/node_modules/b/test/fixture/package.json': JSON.stringify({ name: 'fixture', version: '0.0.1' }),
      '/app/node_modules/b/esm/package.json': '{"type":"module"}',
    },
    packages: ['@s/a 1.0.0', 'app 9.9.9 project', 'b 2.0.0', 'fixture 0.0.1 project'],
  },
];
