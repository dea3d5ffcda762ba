import type { PackageSample } from './package-sample.ts';

const pom = (artifact: string, body: string, version = '1'): string =>
  `<project><groupId>g</groupId><artifactId>${artifact}</artifactId><version>${version}</version>${body}</project>`;
const dependency = (artifact: string, more = ''): string =>
  `<dependency><groupId>g</groupId><artifactId>${artifact}</artifactId>${more}</dependency>`;
const managed = (dependencies: string): string =>
  `<dependencyManagement><dependencies>${dependencies}</dependencies></dependencyManagement>`;

/** Forms of lock files that are rare and real: other registries, repositories, folders, categories, marks of byte order, ends of lines. */
export const lockSamples: readonly PackageSample[] = [
  {
    cataloger: 'node-lock',
    what: 'npm: archives, repositories, workspaces, peers',
    files: {
      '/a/package-lock.json': JSON.stringify({
        lockfileVersion: 1,
        dependencies: {
          archive: { version: 'https://registry.example/archive/-/archive-1.2.3-rc.1.tgz' },
          tagged: { version: 'git+ssh://git@git.example/x/tagged.git#v2.0.0' },
          commit: { version: 'github:x/commit#0123456789abcdef0123456789abcdef01234567' },
          outer: { version: '3.0.0', dependencies: { archive: { version: '1.0.0', dev: true } } },
        },
      }),
      '/b/package-lock.json': `\uFEFF${JSON.stringify({
        lockfileVersion: 3,
        packages: {
          '': { name: 'app', version: '0.1.0', workspaces: ['packages/*'] },
          'packages/part': { version: '0.2.0' },
          'node_modules/part': { resolved: 'packages/part', link: true },
          'node_modules/@s/peer': { version: '4.0.0', peer: true },
          'node_modules/both': { version: '5.0.0', devOptional: true },
          'node_modules/optional': { version: '6.0.0', optional: true, dev: true },
        },
      }).replaceAll(',', ',\r\n')}`,
    },
    packages: [
      'archive 1.0.0 dev',
      'archive 1.2.3-rc.1',
      'commit github:x/commit#0123456789abcdef0123456789abcdef01234567 project',
      'outer 3.0.0',
      'tagged 2.0.0',
      'app 0.1.0 project',
      'part 0.2.0 project',
      '@s/peer 4.0.0',
      'both 5.0.0',
      'optional 6.0.0 dev',
    ],
  },
  {
    cataloger: 'node-lock',
    what: 'pnpm: other registries, repositories, folders, two documents',
    files: {
      '/five/pnpm-lock.yaml':
        'lockfileVersion: 5.3\r\npackages:\r\n  /a/1.0.0/peer@2.0.0:\r\n    dev: false\r\n  registry.example/@s/b/2.0.0_react@17.0.0:\r\n    dev: true\r\n  github.com/x/c/0123abc:\r\n    name: c\r\n    version: 3.0.0\r\n  file:../local:\r\n    name: local\r\n    version: 0.1.0\r\n',
      '/six/pnpm-lock.yaml':
        "lockfileVersion: '6.0'\npackages:\n  registry.example/d@4.0.0(peer@1.0.0):\n    dev: false\n  /@s/e@5.0.0-rc.1:\n    dev: false\n",
      '/nine/pnpm-lock.yaml':
        "---\nlockfileVersion: '9.0'\nimporters:\n  .:\n    packageManagerDependencies:\n      pnpm: { specifier: 11.0.0, version: 11.0.0 }\npackages:\n  pnpm@11.0.0:\n    resolution: {integrity: x}\n---\nlockfileVersion: '9.0'\npackages:\n  f@https://codeload.github.com/x/f/tar.gz/0123abc:\n    resolution: {tarball: y}\n    version: 6.0.0\n  part@file:part:\n    resolution: {directory: part, type: directory}\n    version: 0.3.0\n  gone@link:gone:\n    resolution: {directory: gone, type: directory}\n",
      '/slash/pnpm-lock.yaml': "lockfileVersion: '9.0'\npackages:\n  /@s/g@7.0.0(@s/e@5.0.0):\n    dev: false\n",
    },
    packages: [
      'a 1.0.0',
      '@s/b 2.0.0 dev',
      'c 3.0.0',
      'local 0.1.0 project',
      'd 4.0.0',
      '@s/e 5.0.0-rc.1',
      'pnpm 11.0.0',
      'f 6.0.0',
      'part 0.3.0 project',
      '@s/g 7.0.0',
    ],
  },
  {
    cataloger: 'node-lock',
    what: 'bun: repositories, archives, workspaces',
    files: {
      '/app/bun.lock':
        '{"lockfileVersion": 1, "workspaces": {"": {"dependencies": {"g": "x"}}}, "packages": {\n"g": ["g@git+ssh://git@git.example/x/g#0123abc", {}, "0123abc"],\n"@s/w": ["@s/w@workspace:packages/w"],\n"n/deep": ["@s/deep@1.0.0-rc.1", "", {}, "sha512-x"],\n}}',
    },
    packages: ['g git+ssh://git@git.example/x/g#0123abc project', '@s/deep 1.0.0-rc.1'],
  },
  {
    cataloger: 'node-lock',
    what: 'yarn: a key that is too long for one line',
    files: {
      '/app/yarn.lock': `__metadata:\n  version: 8\n\n? "long@npm:^1.0.0, long@npm:^1.0.1${', long@npm:^1.1.0'.repeat(60)}"\n:\n  version: 1.2.0\n  resolution: "long@npm:1.2.0"\n\n"next@npm:^2.0.0":\n  version: 2.0.0\n  resolution: "next@npm:2.0.0"\n`,
    },
    packages: ['long 1.2.0', 'next 2.0.0'],
  },
  {
    cataloger: 'python-lock',
    what: 'categories, folders, archives, UTF-16',
    files: {
      '/a/Pipfile.lock': JSON.stringify({
        _meta: { sources: [] },
        default: { a: { version: '==1.0' }, any: { version: '*' } },
        docs: { b: { version: '== 2.0' } },
      }),
      '/b/poetry.lock':
        '[[package]]\nname = "own"\nversion = "0.1"\ngroups = ["main"]\n[package.source]\ntype = "directory"\nurl = "own"\n',
      '/c/poetry.lock':
        '[[package]]\nname = "C.main"\nversion = "3.0"\n[package.dependencies]\nc_need = ">=1"\n\n[[package]]\nname = "c-need"\nversion = "3.1"\n\n[[package]]\nname = "c-test"\nversion = "3.2"\n\n[[package]]\nname = "c-new"\nversion = "3.3"\n',
      '/c/pyproject.toml':
        '[project]\ndependencies = ["c-new[x]>=3; python_version > \'3\'"]\n[tool.poetry.dependencies]\npython = "^3.9"\nc-main = "^3"\n[tool.poetry.group.test.dependencies]\nc-test = "*"\nc-need = "*"\n',
      '/d/requirements.txt': Buffer.from('\uFEFFd==4.0\r\nd-two == 4.1 \\\r\n    --hash=sha256:x\r\n', 'utf16le'),
      '/e/requirements/base.txt':
        'e @ https://files.example/e-5.0-py3-none-any.whl\ne-two[x] @ file:///src/e_two-5.1.tar.gz#sha256=y\ne-three @ git+https://git.example/e\n',
    },
    packages: [
      'a 1.0',
      'b 2.0 dev',
      'own 0.1 project',
      'C.main 3.0',
      'c-need 3.1',
      'c-test 3.2 dev',
      'c-new 3.3',
      'd 4.0',
      'd-two 4.1',
      'e 5.0',
      'e-two 5.1',
    ],
  },
  {
    cataloger: 'python-lock',
    what: 'what pip installs beside conda',
    files: {
      '/app/environment.yml': 'dependencies:\n  - conda-only=1.0\n  - pip:\n      - a==1.0\n      - b~=2.0\n',
      '/app/conda-lock.yml':
        'package:\n- {name: c, version: "3.0", manager: pip, category: dev}\n- {name: conda-two, version: "2", manager: conda}\n',
      '/five/pixi.lock': 'version: 5\npackages:\n- kind: pypi\n  name: d\n  version: "4.0"\n  url: https://x/d.whl\n',
      '/six/pixi.lock':
        'version: 6\npackages:\n- pypi: https://x/e-5.0.whl\n  name: e\n  version: "5.0"\n- pypi: ./\n  name: own\n  version: 0.1.0\n- conda: https://x/linux-64/python-3.12.0-h1_0_cpython.conda\n',
    },
    packages: ['a 1.0', 'c 3.0 dev', 'd 4.0', 'e 5.0', 'own 0.1.0 project'],
  },
  {
    cataloger: 'conda',
    what: 'locks',
    files: {
      '/app/environment.yml': 'dependencies:\n  - a 1.0\n  - b 2.0 h1_0\n  - c >=3\n  - pip:\n      - x==1.0\n',
      '/app/conda-lock.yml':
        'version: 1\npackage:\n- {name: d, version: "4.10", manager: conda, platform: linux-64, category: main}\n- {name: d, version: "4.10", manager: conda, platform: osx-64, category: dev}\n- {name: e, version: "5.0", manager: conda, category: test}\n- {name: x, version: "1", manager: pip}\n',
      '/app/conda-linux-64.lock':
        '# platform: linux-64\n@EXPLICIT\nhttps://conda.example/linux-64/f-with-dash-6.0-h1_0.conda#0123\nhttps://conda.example/noarch/g-7.0-py_0.tar.bz2\n',
      '/five/pixi.lock':
        'version: 5\npackages:\n- kind: conda\n  name: h\n  version: 8.0.0\n  url: https://x/h.conda\n',
      '/six/pixi.lock': 'version: 6\npackages:\n- conda: https://x/noarch/i-two-9.0-pyhd8ed1ab_0.conda\n- pypi: ./\n',
    },
    packages: ['a 1.0', 'b 2.0', 'd 4.10', 'e 5.0 dev', 'f-with-dash 6.0', 'g 7.0', 'h 8.0.0', 'i-two 9.0'],
  },
  {
    cataloger: 'java-build',
    what: 'pom: imported versions, parents in a repository, scopes that are managed',
    files: {
      '/src/bom/pom.xml': pom(
        'bom',
        `<properties><v>2.0</v></properties>${managed(
          dependency('a', '<version>${v}</version>') + dependency('b', '<version>9</version>'),
        )}`,
      ),
      '/src/app/pom.xml': pom(
        'app',
        `<parent><groupId>g</groupId><artifactId>company</artifactId><version>7</version><relativePath/></parent>${managed(
          dependency('b', '<version>3.0</version>') +
            dependency('bom', '<version>1</version><type>pom</type><scope>import</scope>') +
            dependency('t', '<version>4.0</version><scope>test</scope>'),
        )}<dependencies>${['a', 'b', 't', 'c', 'unknown'].map((name) => dependency(name)).join('')}${dependency(
          'exact',
          '<version>[6.0]</version>',
        )}${dependency('parted', '<version>${project.parent.version}</version>')}</dependencies>`,
      ),
      '/root/.m2/repository/g/company/7/company-7.pom': pom(
        'company',
        managed(dependency('c', '<version>5.0</version>')),
        '7',
      ),
      '/circle/pom.xml': pom(
        'circle',
        `${managed(dependency('circle', '<version>1</version><scope>import</scope>'))}<dependencies>${dependency('c')}</dependencies>`,
      ),
    },
    packages: [
      'g:bom 1 project',
      'g:app 1 project',
      'g:circle 1 project',
      'g:a 2.0',
      'g:b 3.0',
      'g:c 5.0',
      'g:t 4.0 dev',
      'g:exact 6.0',
      'g:parted 7',
    ],
  },
  {
    cataloger: 'java-build',
    what: 'locks of older Gradle, of settings and of Android',
    files: {
      '/a/gradle/dependency-locks/runtimeClasspath.lockfile': '# x\ng:a:1.0\r\ng:b:2.0\r\n',
      '/a/settings-gradle.lockfile': 'g:c:3.0=incomingCatalogForLibs0\n',
      '/a/app/gradle.lockfile': 'g:d:4.0=debugAndroidTestCompileClasspath,debugUnitTestRuntimeClasspath\n',
    },
    packages: ['g:a 1.0', 'g:b 2.0', 'g:c 3.0', 'g:d 4.0 dev'],
  },
  {
    cataloger: 'dotnet',
    what: 'what an application carries, and what only its build needed',
    files: {
      '/app/self.deps.json': JSON.stringify({
        runtimeTarget: { name: '.NETCoreApp,Version=v8.0/linux-x64' },
        targets: {
          '.NETCoreApp,Version=v8.0': {},
          '.NETCoreApp,Version=v8.0/linux-x64': {
            'App/1.0.0': { runtime: { 'App.dll': {} } },
            'runtimepack.Runtime.linux-x64/8.0.1': { runtime: { 'x.dll': {} } },
            'Native/2.0.0': { native: { 'x.so': {} } },
            'Build/3.0.0': { compile: { 'y.dll': {} } },
          },
        },
        libraries: {
          'App/1.0.0': { type: 'project' },
          'runtimepack.Runtime.linux-x64/8.0.1': { type: 'runtimepack' },
          'Native/2.0.0': { type: 'package' },
          'Build/3.0.0': { type: 'package' },
          'Elsewhere/4.0.0': { type: 'package' },
        },
      }),
      '/src/Directory.Packages.props':
        '<Project><PropertyGroup><FVersion>5.0.0</FVersion></PropertyGroup><ItemGroup><PackageVersion Include="F" Version="$(fversion)" /><PackageVersion Include="G" Version="$(Else)" /><PackageVersion Include="H" Version="[6.0.0]" /><PackageVersion Include="I" Version="[7,8)" /></ItemGroup></Project>',
    },
    packages: [
      'App 1.0.0 project',
      'Runtime.linux-x64 8.0.1',
      'Native 2.0.0',
      'Build 3.0.0 dev',
      'Elsewhere 4.0.0',
      'F 5.0.0',
      'H 6.0.0',
    ],
  },
  {
    cataloger: 'swift',
    what: 'forms of addresses',
    files: {
      '/app/Package.resolved': JSON.stringify({
        version: 3,
        pins: [
          { location: 'git@github.com:x/a.git', state: { version: '1.0.0' } },
          { location: 'ssh://git@github.com/x/b.git', state: { version: '2.0.0' } },
          { location: 'https://token@git.example:8443/x/c/', state: { revision: '0123' } },
        ],
      }),
    },
    packages: ['github.com/x/a 1.0.0', 'github.com/x/b 2.0.0'],
  },
];
