import { defineCataloger } from '../../cataloger.ts';
import { catalogNames, readerByName } from '../../named-packages.ts';
import { readBunLock } from './bun.ts';
import { readDenoLock } from './deno.ts';
import { readNpmLock } from './npm.ts';
import { readPnpmLock } from './pnpm.ts';
import { readYarnLock } from './yarn.ts';

const { readerOf, wants } = readerByName({
  'package-lock.json': readNpmLock,
  'npm-shrinkwrap.json': readNpmLock,
  'yarn.lock': readYarnLock,
  'pnpm-lock.yaml': readPnpmLock,
  'bun.lock': readBunLock,
  'deno.lock': readDenoLock,
});

export const cataloger = defineCataloger({
  id: 'node-lock',
  title: 'Lock files of Node.js',
  description:
    '`package-lock.json` and `npm-shrinkwrap.json` (versions 1 to 3), `yarn.lock` (1 and Berry), `pnpm-lock.yaml` (5 to 9), `bun.lock`, and of `deno.lock` (2 to 5) the packages of npm. Lock files below `node_modules` are not read: they are those of the authors of packages. An alias is listed as the package behind it.',
  references: [
    'https://docs.npmjs.com/cli/configuring-npm/package-lock-json',
    'https://github.com/pnpm/spec',
    'https://bun.sh/docs/install/lockfile',
    'https://docs.deno.com/runtime/fundamentals/modules/',
  ],
  guide: ['C25'],
  wants: (entry) => wants(entry) && !entry.path.includes('/node_modules/'),
  catalog: (entries, { tree }) => catalogNames({ id: 'node-lock', type: 'npm', entries, tree, readerOf }),
});
