import { zstdCompressSync } from 'node:zlib';
import type { PackageSample } from './package-sample.ts';

const commit = '0123456789abcdef0123456789abcdef01234567';
const hash = '0123456789abcdfghijklmnpqrsvwxyz';

/** Systems of packages beside the large ones: one sample for each form of each. */
export const systemSamples: readonly PackageSample[] = [
  {
    cataloger: 'haskell',
    what: 'stack and cabal',
    files: {
      '/a/stack.yaml': 'resolver: lts-21.0\nextra-deps:\n- acme-missiles-0.3\n- git: x\n  commit: y\n- "broken"\n',
      '/b/stack.yaml.lock':
        'packages:\n- completed:\n    hackage: aeson-2.1.2.1@sha256:ab,6435\n    pantry-tree: {size: 1}\n  original:\n    hackage: aeson-2.1.2.1\n',
      '/c/cabal.project.freeze':
        'active-repositories: x:merge\nconstraints: any.Cabal ==3.8.1.0,\n             any.base ==4.17.2,\n             aeson +ordered-keymap,\n             text ==2.0\nindex-state: x 2024\n',
    },
    packages: ['Cabal 3.8.1.0', 'acme-missiles 0.3', 'aeson 2.1.2.1', 'base 4.17.2', 'text 2.0'],
  },
  {
    cataloger: 'r',
    what: 'a library, a source, and renv',
    files: {
      '/usr/lib/R/library/rlang/DESCRIPTION':
        'Package: rlang\nVersion: 1.1.1\nTitle: Functions\n for R\nLicense: MIT + file LICENSE\nBuilt: R 4.3.1; x86_64; 2023; unix\n',
      '/src/mine/DESCRIPTION': 'Package: mine\nVersion: 0.1\n',
      '/src/text/DESCRIPTION': 'A folder with things.\n',
      '/app/renv.lock': JSON.stringify({ R: { Version: '4.3' }, Packages: { a: { Package: 'a', Version: '1.0-2' } } }),
    },
    packages: ['a 1.0-2', 'mine 0.1 project', 'rlang 1.1.1'],
  },
  {
    cataloger: 'lua',
    what: 'rockspecs',
    files: {
      '/usr/local/lib/luarocks/rocks-5.4/lpeg/1.1.0-1/lpeg-1.1.0-1.rockspec':
        'rockspec_format = "3.0"\npackage = "LPeg"\nversion = "1.1.0-1"\ndependencies = { "lua >= 5.1" }\n',
      '/src/own-scm-1.rockspec': "package = 'own'\nversion = 'scm-1'\n",
      '/src/program.rockspec': 'local v = "1"\npackage = "x"\nversion = v .. "-1"\n',
    },
    packages: ['LPeg 1.1.0-1', 'own scm-1 project'],
  },
  {
    cataloger: 'ocaml',
    what: 'a switch of opam',
    files: {
      '/home/u/.opam/4.14/.opam-switch/packages/yojson.2.1.0/opam': 'opam-version: "2.0"\nlicense: "BSD-3-Clause"\n',
      '/home/u/.opam/4.14/.opam-switch/packages/nameless/opam': 'opam-version: "2.0"\n',
    },
    packages: ['yojson 2.1.0'],
  },
  {
    cataloger: 'github-actions',
    what: 'a workflow and an action',
    files: {
      '/r/.github/workflows/build.yml': `jobs:\n  a:\n    steps:\n    - uses: actions/checkout@v4.1.1\n    - name: x\n      uses: "Owner/Tool/sub/path@${commit}" # v2.3.4\n    - uses: docker://alpine:3\n    - uses: ./local\n    - { uses: o/moving@v4, with: {a: b} }\n  b:\n    uses: o/reuse/.github/workflows/w.yml@main\n`,
      '/r/action.yml': `runs:\n  using: composite\n  steps:\n  - uses: o/inner@${commit}\n`,
      '/r/docs/example.yml': '- uses: o/not-run@v1.0.0\n',
    },
    packages: ['Owner/Tool v2.3.4', 'actions/checkout v4.1.1', `o/inner ${commit}`, 'o/moving v4', 'o/reuse main'],
  },
  {
    cataloger: 'vscode',
    what: 'an extension, and a package of Node.js beside',
    files: {
      '/root/.vscode/extensions/Nrwl.angular-console-18.95.0/package.json': JSON.stringify({
        name: 'angular-console',
        publisher: 'Nrwl',
        version: '18.95.0',
        engines: { vscode: '^1.80' },
      }),
      '/app/extensions/other/package.json': JSON.stringify({ name: 'a', publisher: 'b', version: '1.0.0' }),
    },
    packages: ['Nrwl/angular-console 18.95.0'],
  },
  {
    cataloger: 'portage',
    what: 'the database',
    files: {
      '/var/db/pkg/app-misc/jq-1.6-r3/CONTENTS':
        'dir /usr/bin\nobj /usr/bin/jq 0123456789abcdef0123456789abcdef 1700000000\nsym /usr/bin/j q -> jq 1700000000\nobj /broken\n',
      '/var/db/pkg/app-misc/jq-1.6-r3/LICENSE': 'MIT CC-BY-3.0\n',
      '/var/db/pkg/app-misc/nothing/CONTENTS': '',
    },
    packages: ['app-misc/jq 1.6-r3'],
  },
  {
    cataloger: 'nix',
    what: 'the store',
    files: {
      [`/nix/store/${hash}-openssl-3.0.12-bin/bin/openssl`]: '',
      [`/nix/store/${hash.replace('0', '1')}-openssl-3.0.12/lib/x`]: '',
      [`/nix/store/${hash}-python3.11-requests-2.31.0/x`]: '',
      [`/nix/store/${hash}-stdenv-linux/setup`]: '',
      '/nix/store/short-1.0/x': '',
    },
    packages: ['openssl 3.0.12', 'python3.11-requests 2.31.0'],
  },
  {
    cataloger: 'snap',
    what: 'snap.yaml',
    files: { '/snap/core22/1/meta/snap.yaml': 'name: core22\nversion: "20230801"\ntype: base\nlicense: GPL-3.0\n' },
    packages: ['core22 20230801'],
  },
  {
    cataloger: 'terraform',
    what: 'the lock',
    files: {
      '/i/.terraform.lock.hcl':
        '# made by init\nprovider "registry.example/hashicorp/aws" {\n  version     = "5.31.0"\n  constraints = "~> 5.0"\n  hashes = [\n    "h1:x=",\n  ]\n}\n',
    },
    packages: ['hashicorp/aws 5.31.0'],
  },
  {
    cataloger: 'homebrew',
    what: 'receipts',
    files: {
      '/home/linuxbrew/.linuxbrew/Cellar/jq/1.7_1/INSTALL_RECEIPT.json': '{}',
      '/other/INSTALL_RECEIPT.json': '{}',
    },
    packages: ['jq 1.7_1'],
  },
  {
    cataloger: 'otp',
    what: 'built applications',
    files: {
      '/usr/lib/erlang/lib/ssl-11.0/ebin/ssl.app': '{application, ssl,\n   [{description, "x"},\n   {vsn, "11.0"}]}.\n',
      '/app/lib/jason/ebin/jason.app': '{application,\'jason\',[{vsn,"1.4.1"}]}.',
      '/app/src/x.app': '{application, x, [{vsn, "1"}]}.',
    },
    packages: ['jason 1.4.1', 'ssl 11.0'],
  },
  {
    cataloger: 'wordpress',
    what: 'core, plugins and a theme',
    files: {
      '/w/wp-includes/version.php': "<?php\n/* x */\n$wp_version = '6.4.2';\n",
      '/w/wp-content/plugins/akismet/akismet.php':
        '<?php\n/**\n * Plugin Name: Akismet Anti-spam\n * Version: 5.3\n */\n',
      '/w/wp-content/plugins/akismet/other.php': '<?php\n// Version: 1\n',
      '/w/wp-content/plugins/hello.php': '<?php\n/*\nPlugin Name: Hello Dolly\nVersion: 1.7.2 */\n',
      '/w/wp-content/themes/twenty/style.css': '/*\nTheme Name: Twenty\nVersion: 1.0\n*/\n',
    },
    packages: ['akismet 5.3', 'hello 1.7.2', 'twenty 1.0', 'wordpress 6.4.2'],
  },
  {
    cataloger: 'hex',
    what: 'rebar.lock',
    files: {
      '/app/rebar.lock':
        '{"1.2.0",\n[{<<"cowboy">>,{pkg,<<"cowboy">>,<<"2.9.0">>},0},\n {<<"x">>,{git,"https://x",{ref,"a"}},0},\n {<<"alias">>,{pkg,<<"real">>,<<"1.0.0">>},1}]}.\n[{pkg_hash,[{<<"cowboy">>, <<"ab">>}]}].\n',
    },
    packages: ['cowboy 2.9.0', 'real 1.0.0'],
  },
  {
    cataloger: 'conan',
    what: 'text files',
    files: {
      '/a/conanfile.txt':
        '[requires]\nzlib/1.2.11\nranged/[>=1.0]\n\n[tool_requires]\ncmake/3.22.6\n[options]\nzlib/1.0:x=1\n',
      '/b/conaninfo.txt': '[settings]\n    os=Linux\n[full_requires]\n    openssl/1.1.1t:abc\n',
    },
    packages: ['cmake 3.22.6 dev', 'openssl 1.1.1t', 'zlib 1.2.11'],
  },
  {
    cataloger: 'python-lock',
    what: 'pdm.lock',
    files: {
      '/a/pdm.lock':
        '[[package]]\nname = "a"\nversion = "1.0"\ngroups = ["default", "dev"]\n[[package]]\nname = "b"\nversion = "2.0"\ngroups = ["dev"]\n[[package]]\nname = "c"\nversion = "3.0"\n',
    },
    packages: ['a 1.0', 'b 2.0 dev', 'c 3.0'],
  },
  {
    cataloger: 'node-lock',
    what: 'deno.lock, three formats',
    files: {
      '/a/deno.lock': JSON.stringify({ version: '2', npm: { specifiers: {}, packages: { 'a@1.0.0': {} } } }),
      '/b/deno.lock': JSON.stringify({ version: '3', packages: { npm: { '@s/b@2.0.0_peer@1.0.0': {} } } }),
      '/c/deno.lock': JSON.stringify({ version: '5', jsr: { '@std/x@1.0.0': {} }, npm: { 'c@3.0.0': {} } }),
    },
    packages: ['@s/b 2.0.0', 'a 1.0.0', 'c 3.0.0'],
  },
  {
    cataloger: 'opkg',
    what: 'the database, and control files without one',
    files: {
      '/usr/lib/opkg/status':
        'Package: busybox\nVersion: 1.36.1-1\nStatus: install user installed\nArchitecture: mips_24kc\nLicense: GPL-2.0\n\nPackage: gone\nVersion: 1\nStatus: deinstall ok not-installed\n',
      '/usr/lib/opkg/info/busybox.list': '/bin/busybox\n/bin/sh\t0777\t/bin/busybox\n',
      '/usr/lib/opkg/info/busybox.control': 'Package: busybox\nVersion: 1.36.1-1\n',
      '/opt/lib/opkg/info/zlib.control': 'Package: zlib\nVersion: 1.3.1-1\nDescription: x\n',
    },
    packages: ['busybox 1.36.1-1', 'zlib 1.3.1-1'],
  },
  {
    cataloger: 'bitnami',
    what: 'components with and without a bill of their own',
    files: {
      '/opt/bitnami/.bitnami_components.json': JSON.stringify({
        mongodb: { arch: 'amd64', digest: 'd21f', distro: 'debian-10', type: 'NAMI', version: '4.4.11-2' },
        redis: { version: '7.0.11-1' },
        '../x': { version: '1.0' },
        yq: {},
      }),
      '/opt/bitnami/redis/.spdx-redis.spdx': JSON.stringify({
        spdxVersion: 'SPDX-2.3',
        packages: [
          {
            name: 'redis',
            versionInfo: '7.0.11-1',
            externalRefs: [{ referenceType: 'purl', referenceLocator: 'pkg:bitnami/redis@7.0.11-1' }],
          },
        ],
      }),
    },
    packages: ['../x 1.0', 'mongodb 4.4.11'],
  },
  {
    cataloger: 'chisel',
    what: 'the manifest',
    files: {
      '/var/lib/chisel/manifest.wall': zstdCompressSync(
        [
          '{"jsonwall":"1.0","schema":"1.0","count":3}',
          '{"kind":"package","name":"libssl3t64","version":"3.0.13-0ubuntu3.4","sha256":"cc55","arch":"amd64"}',
          '{"kind":"path","path":"/usr/lib/libssl.so.3","mode":"0644","slices":["libssl3t64_libs"],"size":5}',
          '{"kind":"slice","name":"libssl3t64_libs"}',
        ].join('\n'),
      ),
    },
    packages: ['libssl3t64 3.0.13-0ubuntu3.4'],
  },
  {
    cataloger: 'bottlerocket',
    what: 'the inventory',
    files: {
      '/usr/share/bottlerocket/application-inventory.json': JSON.stringify({
        Content: [
          { Name: 'glibc', Version: '2.43', Release: '1.br1', Epoch: '1', InstalledTime: '2026-06-19T00:28:59Z' },
          { Name: 'acpid', Version: '2.0.34', Release: '29cc92cc', Architecture: 'x86_64' },
          { Name: 'nameless' },
        ],
      }),
    },
    packages: ['acpid 2.0.34-29cc92cc', 'glibc 1:2.43-1.br1'],
  },
  {
    cataloger: 'linux-kernel',
    what: 'modules and an image to boot',
    files: {
      '/lib/modules/6.1.0-18-amd64/modules.builtin': 'kernel/fs/ext4.ko\n',
      '/boot/vmlinuz-lts': bootImage('6.6.16-0-lts (build@x) #1-Alpine SMP'),
      '/boot/vmlinuz-broken': 'no kernel',
    },
    packages: ['linux-kernel 6.1.0', 'linux-kernel 6.6.16'],
  },
];

/** The start of a bzImage: its mark, and a pointer to the text of its version. */
function bootImage(version: string): Buffer {
  const image = Buffer.alloc(0x1000);
  image.write('HdrS', 0x202, 'latin1');
  image.writeUInt16LE(0x600, 0x20e);
  image.write(`${version}\0`, 0x800, 'latin1');
  return image;
}
