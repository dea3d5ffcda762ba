import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

const home = join(import.meta.dirname, '../..');
/** What the recipe and the launcher call. */
const programs = ['/bin/sh', '/usr/bin/install', '/bin/mkdir', '/bin/rm', '/bin/readlink'];
/** Packages that bring Node: the base has it. */
const nodePackages = /(?:^|\/)node-(?:linux|darwin)-[\w-]+$/;

/**
 * What the recipe of the guide is built from where nothing can be fetched: a root of programs of this machine in place of the image of Node, and the
 * packages that are installed here in place of `npm ci`. All else is as it is shipped. Gives the arguments of `podman build`.
 */
export function recipeContext(folder: string): {
  readonly base: string;
  readonly recipe: string;
  readonly context: string;
} {
  const context = join(folder, 'context');
  mkdirSync(context);
  for (const name of ['package.json', 'package-lock.json', 'vakthund', 'LICENSE', 'src', 'content', 'schema']) {
    cpSync(join(home, name), join(context, name), { recursive: true });
  }
  const packages = 'node_modules/.package-lock.json';
  const listed = JSON.parse(readFileSync(join(home, packages), 'utf8')) as {
    packages: Record<string, { dev?: boolean; devOptional?: boolean }>;
  };
  for (const [name, { dev, devOptional }] of Object.entries(listed.packages)) {
    if (dev === true || devOptional === true || nodePackages.test(name) || !existsSync(join(home, name))) continue;
    cpSync(join(home, name), join(context, name), { recursive: true, verbatimSymlinks: true });
  }
  copyFileSync(join(home, packages), join(context, packages));
  const text = readFileSync(join(home, 'content/watch/Containerfile'), 'utf8');
  const offline = text.replace(/^RUN npm ci .*$/m, 'COPY node_modules node_modules');
  if (offline === text) throw new Error('the recipe does not install packages as it did');
  const recipe = join(folder, 'Containerfile');
  writeFileSync(recipe, offline);
  return { base: baseOf(join(folder, 'base')), recipe, context };
}

/** An archive of a root with these programs, Node, and the libraries that they need. */
function baseOf(root: string): string {
  for (const name of ['bin', 'etc', 'proc', 'dev', 'sys', 'usr', 'tmp']) {
    mkdirSync(join(root, name), { recursive: true, mode: name === 'tmp' ? 0o1777 : 0o755 });
  }
  spawnSync('chmod', ['1777', join(root, 'tmp')]);
  symlinkSync('../bin', join(root, 'usr/bin'));
  writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
  for (const program of [...programs, process.execPath]) {
    copyFileSync(realpathSync(program), join(root, 'bin', program === process.execPath ? 'node' : basename(program)));
    const needed = spawnSync('ldd', [realpathSync(program)], { encoding: 'utf8' }).stdout;
    for (const [library] of needed.matchAll(/\/\S+/g)) {
      mkdirSync(dirname(join(root, library)), { recursive: true });
      copyFileSync(realpathSync(library), join(root, library));
    }
  }
  spawnSync('tar', ['-C', root, '-cf', `${root}.tar`, '.']);
  return `${root}.tar`;
}
