import { deflateSync } from 'node:zlib';
import { bundleOf, hostData } from './dotnet-bundle.ts';
import { lockSamples } from './lock-samples.ts';
import { nodeSamples } from './node-samples.ts';
import type { PackageSample } from './package-sample.ts';
import { elfOf, goBuildInfo, goBuildInfoByPointers, machOOf, peOf } from './programs.ts';
import { systemSamples } from './system-samples.ts';
import { libraryOf } from './version-resource.ts';
import { zipOf } from './zip.ts';

const goModules = [
  'path\texample.com/tool/cmd',
  'mod\texample.com/tool\t(devel)\t',
  'dep\tgithub.com/BurntSushi/toml\tv1.2.0\th1:x=',
  'dep\texample.com/old\tv1.0.0\t',
  '=>\texample.com/new\tv2.0.0\th1:y=',
  'dep\texample.com/local\tv3.0.0',
  '=>\t./local\t',
  'build\t-ldflags=-s -w -X main.version=v1.4.2',
  '',
].join('\n');
const goPackages = [
  'example.com/local v3.0.0',
  'example.com/new v2.0.0',
  'example.com/tool v1.4.2',
  'github.com/BurntSushi/toml v1.2.0',
  'stdlib v1.21.3',
];

const crates = JSON.stringify({
  packages: [
    { name: 'tool', version: '0.1.0', source: 'local', root: true, dependencies: [1] },
    { name: 'serde', version: '1.0.1', source: 'crates.io' },
    { name: 'cc', version: '1.0.2', source: 'crates.io', kind: 'build' },
  ],
});

const properties = (group: string, artifact: string, version: string): string =>
  `#Created by Maven\ngroupId=${group}\nartifactId=${artifact}\nversion=${version}\n`;
const innerJar = zipOf({
  'META-INF/maven/org.inner/inner/pom.properties': properties('org.inner', 'inner', '2.0'),
  'META-INF/MANIFEST.MF': 'Manifest-Version: 1.0\n',
});

/** One for each form of each format: for tests of the catalogers, and to begin mutating from. */
export const packageSamples: readonly PackageSample[] = [
  ...nodeSamples,
  ...lockSamples,
  ...systemSamples,
  {
    cataloger: 'python',
    what: 'dist-info, egg-info and eggs',
    files: {
      '/usr/lib/python3/site-packages/A_b-1.0.dist-info/METADATA':
        'Metadata-Version: 2.1\nName: A.b\nVersion: 1.0\nLicense: MIT\n\nName: not this\n',
      '/usr/lib/python3/site-packages/A_b-1.0.dist-info/RECORD':
        'a_b/__init__.py,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0\n"a_b/x,y.py",,\n../../../bin/ab,sha256=bad,1\n',
      '/usr/lib/python3/dist-packages/old.egg-info': 'Name: old\nVersion: 0.9\n',
      '/usr/lib/python3/dist-packages/dir.egg-info/PKG-INFO': 'Name: dir\nVersion: 0.8\n',
      '/opt/packed-1.2.egg': zipOf({ 'EGG-INFO/PKG-INFO': 'Name: packed\nVersion: 1.2\n' }),
    },
    packages: ['A.b 1.0', 'dir 0.8', 'old 0.9', 'packed 1.2'],
  },
  {
    cataloger: 'python-lock',
    what: 'requirements',
    files: {
      '/app/requirements-dev.txt':
        'Flask[async]==2.0.0 ; python_version > "3"\nclick >= 1\n# x==1\n-r other.txt\njinja2 === 3.0 --hash=sha256:x\nwild==1.*\n',
    },
    packages: ['Flask 2.0.0', 'jinja2 3.0'],
  },
  {
    cataloger: 'python-lock',
    what: 'poetry, Pipfile, uv, pylock',
    files: {
      '/a/poetry.lock':
        '[[package]]\nname = "p"\nversion = "1.0"\ncategory = "dev"\n\n[[package]]\nname = "q"\nversion = "2.0"\ngroups = ["main", "dev"]\n',
      '/b/Pipfile.lock': JSON.stringify({
        default: { r: { version: '==3.0' }, local: { path: '.' } },
        develop: { s: { version: '==4.0' } },
      }),
      '/c/uv.lock':
        '[[package]]\nname = "app"\nversion = "0.1"\nsource = { virtual = "." }\ndependencies = [{ name = "t" }]\n\n[[package]]\nname = "t"\nversion = "5.0"\n\n[[package]]\nname = "u"\nversion = "6.0"\n',
      '/d/pylock.toml': '[[packages]]\nname = "v"\nversion = "7.0"\n',
    },
    packages: ['app 0.1 project', 'p 1.0 dev', 'q 2.0', 'r 3.0', 's 4.0 dev', 't 5.0', 'u 6.0 dev', 'v 7.0'],
  },
  {
    cataloger: 'java',
    what: 'nested and shaded archives',
    files: {
      '/srv/app-1.0.war': zipOf({
        'META-INF/maven/org.outer/app/pom.properties': properties('org.outer', 'app', '1.0'),
        'META-INF/maven/org.shaded/lib/pom.properties': properties('org.shaded', 'lib', '0.5'),
        'WEB-INF/lib/inner-2.0.jar': innerJar,
        'WEB-INF/lib/broken.jar': 'no archive',
      }),
      '/srv/by-manifest.jar': zipOf({
        'META-INF/MANIFEST.MF':
          'Manifest-Version: 1.0\r\nBundle-SymbolicName: org.example.by-man\r\n ifest;singleton:=true\r\nBundle-Version: 3.1.0\r\n\r\nName: x/\r\nImplementation-Version: 9\r\n',
      }),
      '/srv/by-part-1.2.jar': zipOf({
        'META-INF/MANIFEST.MF':
          'Manifest-Version: 1.0\nBundle-SymbolicName: org.example.by.part\nImplementation-Vendor-Id: org.wide\n',
      }),
      '/srv/by-name-4.5.6-jre.jar': zipOf({ 'x.class': '' }, false),
    },
    packages: [
      'by-name 4.5.6-jre',
      'org.example.by:by-part 1.2',
      'org.example:by-manifest 3.1.0',
      'org.inner:inner 2.0',
      'org.outer:app 1.0',
      'org.shaded:lib 0.5',
    ],
  },
  {
    cataloger: 'java-build',
    what: 'pom with parent, properties and scopes',
    files: {
      '/src/pom.xml': `<project><groupId>g</groupId><artifactId>parent</artifactId><version>1.0</version>
        <properties><lib.version>2.0</lib.version></properties>
        <dependencyManagement><dependencies><dependency><groupId>g</groupId><artifactId>managed</artifactId><version>\${lib.version}</version></dependency></dependencies></dependencyManagement></project>`,
      '/src/child/pom.xml': `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><!-- c --><project xmlns="http://maven.apache.org/POM/4.0.0">
        <parent><groupId>g</groupId><artifactId>parent</artifactId><version>1.0</version></parent><artifactId>child</artifactId>
        <dependencies><dependency><groupId>g</groupId><artifactId>managed</artifactId></dependency>
        <dependency><groupId>\${project.groupId}</groupId><artifactId>t</artifactId><version>3.0</version><scope>test</scope></dependency>
        <dependency><groupId>g</groupId><artifactId>range</artifactId><version>[1,2)</version></dependency></dependencies></project>`,
    },
    packages: ['g:child 1.0 project', 'g:managed 2.0', 'g:parent 1.0 project', 'g:t 3.0 dev'],
  },
  {
    cataloger: 'java-build',
    what: 'gradle and sbt',
    files: {
      '/a/gradle.lockfile':
        '# x\ng:a:1.0=compileClasspath,testCompileClasspath\ng:b:2.0=testRuntimeClasspath\nempty=x\n',
      '/b/build.sbt.lock': JSON.stringify({
        dependencies: [{ org: 'g', name: 'c', version: '3.0', configurations: ['compile'] }],
      }),
    },
    packages: ['g:a 1.0', 'g:b 2.0 dev', 'g:c 3.0'],
  },
  {
    cataloger: 'go-binary',
    what: 'ELF with a section',
    files: { '/bin/tool.exe': elfOf([{ name: '.go.buildinfo', bytes: goBuildInfo('go1.21.3 X:loopvar', goModules) }]) },
    packages: goPackages,
  },
  {
    cataloger: 'go-binary',
    what: 'ELF without a table of sections, by pointers',
    files: {
      '/bin/tool.exe': elfOf(
        [{ name: '', address: 0x40_0000, bytes: goBuildInfoByPointers('go1.21.3', goModules, 0x40_0000) }],
        false,
      ),
    },
    packages: goPackages,
  },
  {
    cataloger: 'go-binary',
    what: 'PE',
    files: {
      '/bin/tool.exe': peOf([
        { name: '.data', address: 0x40_1000, bytes: goBuildInfoByPointers('go1.21.3', goModules, 0x40_1000) },
      ]),
    },
    packages: goPackages,
  },
  {
    cataloger: 'go-binary',
    what: 'Mach-O',
    files: { '/bin/tool.exe': machOOf([{ name: '__go_buildinfo', bytes: goBuildInfo('go1.21.3', goModules) }]) },
    packages: goPackages,
  },
  {
    cataloger: 'dotnet-bundle',
    what: 'an application in one file',
    files: {
      '/bin/shop': bundleOf(
        elfOf([{ name: '.data', bytes: hostData }]),
        '{"libraries":{"shop/1.0.0":{"type":"project"},"Serilog/2.12.0":{"type":"package"}}}',
        6,
      ),
    },
    packages: ['Serilog 2.12.0', 'shop 1.0.0 project'],
  },
  {
    cataloger: 'windows-program',
    what: 'an assembly and another library',
    files: {
      '/a/Serilog.dll': libraryOf({ ProductVersion: '2.12.0+abc' }, true),
      '/a/z.dll': libraryOf({ OriginalFilename: 'zlib1.dll', ProductVersion: '1.2.13' }, false),
    },
    packages: ['Serilog 2.12.0', 'zlib1 1.2.13'],
  },
  {
    cataloger: 'go-module',
    what: 'go.mod before and after 1.17',
    files: {
      '/a/go.mod':
        'module example.com/a // x\n\ngo 1.21\n\nrequire (\n\tgithub.com/A/b v1.0.0\n\texample.com/c v2.0.0 // indirect\n\texample.com/gone v1.0.0\n)\n\nreplace example.com/c v2.0.0 => example.com/d v3.0.0\nreplace example.com/gone => ../gone\n',
      '/b/go.mod': 'module example.com/b\ngo 1.16\nrequire "example.com/e" v1.1.0\n',
      '/b/go.sum':
        'example.com/e v1.1.0 h1:x=\nexample.com/f v1.2.0 h1:x=\nexample.com/f v1.3.0 h1:x=\nexample.com/g v1.0.0/go.mod h1:x=\n',
    },
    packages: [
      'example.com/a  project',
      'example.com/b  project',
      'example.com/d v3.0.0',
      'example.com/e v1.1.0',
      'example.com/f v1.3.0',
      'github.com/A/b v1.0.0',
    ],
  },
  {
    cataloger: 'rust-binary',
    what: 'a program with its crates',
    files: { '/bin/tool.exe': elfOf([{ name: '.dep-v0', bytes: deflateSync(crates) }]) },
    packages: ['cc 1.0.2 dev', 'serde 1.0.1', 'tool 0.1.0 project'],
  },
  {
    cataloger: 'rust-lock',
    what: 'Cargo.lock with its manifest',
    files: {
      '/app/Cargo.toml':
        '[package]\nname = "app"\n[dependencies]\na = "1"\n[target."cfg(unix)".dependencies]\nrenamed = { package = "b", version = "1" }\n[dev-dependencies]\nc = "1"\n',
      '/app/Cargo.lock':
        '[[package]]\nname = "app"\nversion = "0.1.0"\ndependencies = ["a", "b 1.0.0", "c"]\n\n[[package]]\nname = "a"\nversion = "1.0.0"\nsource = "registry"\ndependencies = ["d"]\n\n[[package]]\nname = "b"\nversion = "1.0.0"\nsource = "registry"\n\n[[package]]\nname = "b"\nversion = "2.0.0"\nsource = "registry"\n\n[[package]]\nname = "c"\nversion = "3.0.0"\nsource = "registry"\ndependencies = ["b 2.0.0"]\n\n[[package]]\nname = "d"\nversion = "4.0.0"\nsource = "registry"\n',
    },
    packages: ['a 1.0.0', 'app 0.1.0 project', 'b 1.0.0', 'b 2.0.0 dev', 'c 3.0.0 dev', 'd 4.0.0'],
  },
  {
    cataloger: 'ruby',
    what: 'gemspecs and a lock',
    files: {
      '/usr/lib/ruby/gems/3.0.0/specifications/a-1.0.gemspec':
        'Gem::Specification.new do |s|\n  s.name = "a".freeze\n  s.version = "1.0"\n  s.licenses = ["MIT".freeze, \'BSD\']\nend\n',
      '/usr/lib/ruby/gems/3.0.0/specifications/default/b-2.0.gemspec':
        'Gem::Specification.new do |s|\n  s.name = %q<b>\n  s.version = B::VERSION\nend\n',
      '/src/c.gemspec': 's.name = "c"\ns.version = "9"\n',
      '/app/Gemfile.lock':
        'GEM\n  remote: https://rubygems.org/\n  specs:\n    d (3.0)\n      e (>= 1)\n    e (1.5-x86_64-linux)\n\nPATH\n  specs:\n    own (0.1)\n\nDEPENDENCIES\n    d (1)\n',
    },
    packages: ['a 1.0', 'b 2.0', 'd 3.0', 'e 1.5', 'own 0.1 project'],
  },
  {
    cataloger: 'php',
    what: 'composer',
    files: {
      '/app/composer.lock': JSON.stringify({
        packages: [{ name: 'v/a', version: 'v1.0' }],
        'packages-dev': [{ name: 'v/b', version: '2.0' }],
      }),
      '/app/vendor/composer/installed.json': JSON.stringify({
        packages: [
          { name: 'v/c', version: '3.0', license: ['MIT'] },
          { name: 'v/d', version: '4.0' },
        ],
        'dev-package-names': ['v/d'],
      }),
      '/old/vendor/composer/installed.json': JSON.stringify([{ name: 'v/e', version: '5.0' }]),
    },
    packages: ['v/a v1.0', 'v/b 2.0 dev', 'v/c 3.0', 'v/d 4.0 dev', 'v/e 5.0'],
  },
  {
    cataloger: 'dotnet',
    what: '.NET',
    files: {
      '/app/app.deps.json': JSON.stringify({
        libraries: { 'App/1.0.0': { type: 'project' }, 'A.B/2.0.0': { type: 'package' } },
      }),
      '/src/packages.lock.json': JSON.stringify({
        version: 1,
        dependencies: { net6: { C: { type: 'Direct', resolved: '3.0.0' }, P: { type: 'Project' } } },
      }),
      '/src/packages.config':
        '\uFEFF<?xml version="1.0"?><packages><package id="D" version="4.0.0" developmentDependency="true"/></packages>',
      '/src/Directory.Packages.props':
        '<Project><ItemGroup><PackageVersion Include="E" Version="5.0.0" /><PackageVersion Include="F" Version="$(V)" /><PackageVersion Include="G"><Version>6.0.0</Version></PackageVersion></ItemGroup></Project>',
    },
    packages: ['A.B 2.0.0', 'App 1.0.0 project', 'C 3.0.0', 'D 4.0.0 dev', 'E 5.0.0', 'G 6.0.0'],
  },
  {
    cataloger: 'conan',
    what: 'both formats',
    files: {
      '/a/conan.lock': JSON.stringify({
        graph_lock: { nodes: { 0: { path: '.' }, 1: { ref: 'a/1.0@u/c#r' }, 2: { ref: 'b/2.0', context: 'build' } } },
      }),
      '/b/conan.lock': JSON.stringify({ version: '0.5', requires: ['c/3.0#x%1'], build_requires: ['d/4.0#y'] }),
    },
    packages: ['a 1.0', 'b 2.0 dev', 'c 3.0', 'd 4.0 dev'],
  },
  {
    cataloger: 'pub',
    what: 'pubspec.lock',
    files: {
      '/app/pubspec.lock':
        'packages:\n  a:\n    dependency: "direct main"\n    source: hosted\n    version: "1.10"\n  b:\n    dependency: "direct dev"\n    version: "2.0.0"\n  flutter:\n    source: sdk\n    version: "0.0.0"\n',
    },
    packages: ['a 1.10', 'b 2.0.0 dev'],
  },
  {
    cataloger: 'hex',
    what: 'mix.lock',
    files: {
      '/app/mix.lock':
        '%{\n  "key": {:hex, :real_name, "1.2.3", "hash", [:mix], [], "hexpm", "x"},\n  "g": {:git, "https://x", "ref", []},\n}\n',
    },
    packages: ['real_name 1.2.3'],
  },
  {
    cataloger: 'swift',
    what: 'both formats',
    files: {
      '/a/Package.resolved': JSON.stringify({
        object: { pins: [{ repositoryURL: 'https://github.com/x/a.git', state: { version: '1.0.0' } }] },
        version: 1,
      }),
      '/b/Package.resolved': JSON.stringify({
        pins: [{ location: 'https://github.com/x/b', state: { branch: 'main' } }],
        version: 2,
      }),
    },
    packages: ['github.com/x/a 1.0.0', 'github.com/x/b main'],
  },
  {
    cataloger: 'cocoapods',
    what: 'Podfile.lock',
    files: {
      '/app/Podfile.lock':
        'PODS:\n  - A (1.0):\n    - A/Core (= 1.0)\n  - A/Core (1.0)\n  - B (2.0)\n\nDEPENDENCIES:\n  - C (9)\n',
    },
    packages: ['A 1.0', 'A/Core 1.0', 'B 2.0'],
  },
  {
    cataloger: 'julia',
    what: 'both formats',
    files: {
      '/a/Manifest.toml':
        'julia_version = "1.9.0"\nmanifest_format = "2.0"\n[[deps.A]]\nuuid = "1"\nversion = "0.5.0"\n[[deps.B]]\nuuid = "2"\n',
      '/b/Manifest.toml': '[[C]]\nuuid = "3"\nversion = "1.0.0"\n',
    },
    packages: ['A 0.5.0', 'B 1.9.0', 'C 1.0.0'],
  },
  {
    cataloger: 'conda',
    what: 'installed and wanted',
    files: {
      '/opt/conda/conda-meta/a-1.0-py_0.json': JSON.stringify({ name: 'a', version: '1.0', license: 'MIT' }),
      '/app/environment.yml':
        'dependencies:\n  - b=2.0=h1\n  - conda-forge::c==3.0\n  - d\n  - e>=1\n  - pip:\n      - f\n',
    },
    packages: ['a 1.0', 'b 2.0', 'c 3.0'],
  },
  {
    cataloger: 'programs',
    what: 'programs that tell their version',
    files: {
      '/usr/local/bin/node': elfOf([
        { name: '.rodata', bytes: Buffer.from(`${'x'.repeat(2000)}node.js/vX node.js/v20.1.2`) },
      ]),
      '/usr/local/bin/python3.11': elfOf([
        { name: '.rodata', bytes: Buffer.from(`${'x'.repeat(2000)}\u00003.11.4\u0000`) },
      ]),
      '/usr/local/bin/bash': `#!/bin/sh\n# @(#)Bash version 5.0.0 ${'x'.repeat(2000)}`,
      '/usr/local/go/VERSION': 'go1.21.3\ntime x\n',
      '/opt/java/release': 'IMPLEMENTOR="X"\nJAVA_VERSION="17.0.2"\n',
    },
    packages: ['go 1.21.3', 'java 17.0.2', 'node 20.1.2', 'python 3.11.4'],
  },
  {
    cataloger: 'embedded-sbom',
    what: 'what Bitnami compiled',
    files: {
      '/opt/bitnami/postgresql/.spdx-postgresql.spdx': JSON.stringify({
        spdxVersion: 'SPDX-2.3',
        packages: [
          ['postgresql', 'pkg:bitnami/postgresql@15.4.0-0?arch=amd64&distro=debian-11'],
          ['libxml2', 'pkg:deb/debian/libxml2@2.9'],
          ['nameless', ''],
        ].map(([name, locator]) => ({
          name,
          externalRefs: [{ referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: locator }],
        })),
      }),
    },
    packages: ['postgresql 15.4.0'],
  },
];
