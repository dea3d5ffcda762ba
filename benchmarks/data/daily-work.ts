import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Sources of a program, packages and a project, small and without a network: what a build server does all day. */
export function dailyWork(folder: string): string {
  for (const version of ['1.0', '1.1']) buildPackage(folder, version);
  buildSources(join(folder, 'c'));
  buildProject(folder);
  return [
    `cd ${folder}`,
    // Packages: installed, installed again, upgraded, removed.
    'apt-get install -y --allow-downgrades ./vk-greet-1.0.deb; apt-get install -y --reinstall ./vk-greet-1.0.deb',
    'apt-get install -y ./vk-greet-1.1.deb; vk-greet; apt-get remove -y vk-greet; apt-get purge -y vk-greet',
    // A build, tests and an archive of it.
    'make -C c -j2; ./c/program; make -C c clean; make -C c; tar czf c.tar.gz c',
    // A project of Node with a dependency that has an install script.
    '(cd project && npm ci --offline --no-audit --no-fund && npm test)',
    // What people and their scripts look at.
    'git -c user.name=a -c user.email=a@example.org init -q repo; cp c/*.c repo; git -C repo add .; git -C repo status',
    'find /usr/share/doc -name "copyright" | head -50 | xargs grep -l GPL | wc -l; ps aux | sort | head; df -h; id; uname -a',
    'for file in /etc/hosts /etc/passwd /etc/os-release; do cat $file; done; ls -la /etc /root; crontab -l; mount | tail -3',
  ].join('\n');
}

/** Lines of the shell: a project of Node with packages of the registry, one of them built by its install script, and a program of Go, its tests included. */
export function realBuilds(folder: string): string[] {
  const [node, go] = [join(folder, 'node'), join(folder, 'go')];
  for (const path of [node, go]) mkdirSync(path);
  writeFileSync(join(node, 'package.json'), JSON.stringify({ name: 'built', version: '1.0.0' }));
  writeFileSync(join(go, 'go.mod'), 'module example.org/built\n');
  writeFileSync(
    join(go, 'main.go'),
    'package main\n\nimport "net/http"\n\nfunc add(a, b int) int { return a + b }\n\nfunc main() { println(http.MethodGet, add(1, 2)) }\n',
  );
  writeFileSync(
    join(go, 'main_test.go'),
    'package main\n\nimport "testing"\n\nfunc TestAdd(t *testing.T) {\n\tif add(1, 2) != 3 {\n\t\tt.Fatal()\n\t}\n}\n',
  );
  return [
    `(cd ${node} && npm install --no-audit --no-fund express esbuild typescript && npx tsc --version && npx esbuild --version; rm -rf node_modules)`,
    `(cd ${go} && export GOCACHE=${go}/cache GOFLAGS=-mod=mod; go vet ./... && go build -o program . && ./program && go test ./... && go run .; go clean -cache)`,
  ];
}

/** Programs that administrators put on machines. */
const everyday = ['tree', 'tmux', 'sysstat', 'ncal', 'apache2-utils', 'unattended-upgrades', 'python3-venv', 'zsh'];

/** Lines of the shell: packages come to this machine and go again; those that are here already stay. */
export function realPackages(): string[] {
  const wanted = everyday.filter((name) => spawnSync('dpkg', ['-s', name], { stdio: 'ignore' }).status !== 0);
  const get = 'DEBIAN_FRONTEND=noninteractive apt-get -y -q -o DPkg::Lock::Timeout=300';
  return wanted.flatMap((name) => [
    `${get} install --no-install-recommends ${name}`,
    `${get} purge --auto-remove ${name}`,
  ]);
}

function buildPackage(folder: string, version: string): void {
  const tree = join(folder, `deb-${version}`);
  for (const name of ['DEBIAN', 'usr/bin', 'usr/share/vk-greet']) mkdirSync(join(tree, name), { recursive: true });
  const about = ['Package: vk-greet', `Version: ${version}`, 'Architecture: all', 'Maintainer: Bench <b@example.org>'];
  writeFileSync(join(tree, 'DEBIAN/control'), `${about.join('\n')}\nDescription: greets\n`);
  writeFileSync(join(tree, 'DEBIAN/postinst'), '#!/bin/sh\nset -e\nldconfig\n', { mode: 0o755 });
  writeFileSync(join(tree, 'usr/bin/vk-greet'), `#!/bin/sh\necho ${version}\n`, { mode: 0o755 });
  writeFileSync(join(tree, 'usr/share/vk-greet/news'), `${version}\n`);
  spawnSync('dpkg-deb', ['--build', '--root-owner-group', tree, join(folder, `vk-greet-${version}.deb`)]);
}

const sources = 20;

function buildSources(folder: string): void {
  mkdirSync(folder);
  const names = Array.from({ length: sources }, (_none, index) => `part${index}`);
  for (const name of names) writeFileSync(join(folder, `${name}.c`), `int ${name}(int x) { return x + 1; }\n`);
  const calls = names.map((name) => `x = ${name}(x);`).join(' ');
  const declarations = names.map((name) => `int ${name}(int);`).join(' ');
  writeFileSync(join(folder, 'main.c'), `${declarations} int main(void) { int x = 0; ${calls} return x == 0; }\n`);
  const objects = ['main', ...names].map((name) => `${name}.o`).join(' ');
  writeFileSync(
    join(folder, 'Makefile'),
    `program: ${objects}\n\tcc -o $@ $^\nclean:\n\trm -f program *.o\n.PHONY: clean\n`,
  );
}

function buildProject(folder: string): void {
  const [part, project] = [join(folder, 'part'), join(folder, 'project')];
  for (const path of [part, project]) mkdirSync(path);
  const scripts = { install: 'node -e "process.exit(0)"', test: 'node -e "process.exit(0)"' };
  writeFileSync(join(part, 'package.json'), JSON.stringify({ name: 'part', version: '1.0.0', scripts }));
  const about = {
    name: 'project',
    version: '1.0.0',
    scripts: { test: scripts.test },
    dependencies: { part: 'file:../part' },
  };
  writeFileSync(join(project, 'package.json'), JSON.stringify(about));
  spawnSync('npm', ['install', '--offline', '--package-lock-only'], { cwd: project });
}
