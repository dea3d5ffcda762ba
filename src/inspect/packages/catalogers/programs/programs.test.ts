import { describe, expect, it } from 'vitest';
import { MemoryTree } from '../../../../../tests/support/memory-tree.ts';
import { elfOf } from '../../../../../tests/support/programs.ts';
import { catalogTree } from '../../catalog.ts';
import { knownPrograms } from './known.ts';

/** Name of a file, what stands in it, and what is listed. */
const programs: readonly (readonly [string, string, string])[] = [
  ['node', 'node.js/v20.1.2', 'node 20.1.2'],
  ['python3.11', '\u00003.11.4\0', 'python 3.11.4'],
  ['php-fpm', 'X-Powered-By: PHP/8.2.1', 'php 8.2.1'],
  ['busybox', 'BusyBox v1.36.1 (2024', 'busybox 1.36.1'],
  ['bash', '@(#)Bash version 5.2.15(1) release GNU', 'bash 5.2.15'],
  ['nginx', 'nginx version: nginx/1.25.1', 'nginx 1.25.1'],
  ['httpd', 'Apache/2.4.58', 'httpd 2.4.58'],
  ['libcurl.so.4', 'curl/8.5.0', 'curl 8.5.0'],
  ['mysqld', '/build/Percona-XtraDB-Cluster-8.0.35/sql', 'percona-xtradb-cluster 8.0.35'],
  ['xtrabackup', '/build/percona-xtrabackup-8.0.35/x', 'percona-xtrabackup 8.0.35'],
  ['deno', 'Deno/2.6.3', 'deno 2.6.3'],
  ['libpypy3.9-c.so', '3.9.18 [PyPy 7.3.15 with GCC', 'pypy 7.3.15'],
  ['perl', '/usr/local/lib/perl5/5.38.2/x86_64', 'perl 5.38.2'],
  ['libruby.so.3.2.10', 'ruby 3.2.10 (2026-01-02 revision a) [x86_64-linux]', 'ruby 3.2.10'],
  ['libjulia-internal.so.1.10', '__init__\0x __init__\u00001.10.2\0verify', 'julia 1.10.2'],
  ['libstd-0123456789abcdef.so', '\0clang LLVM (rustc version 1.48.0 (7eac88abb 2020-11-16))', 'rust 1.48.0'],
  ['beam.smp', '/usr/src/otp_src_25.3.2.6/erts/', 'erlang 25.3.2.6'],
  ['erlexec', '/usr/local/src/otp-26.0-rc1/erts/', 'erlang 26.0-rc1'],
  ['swipl', '/lib/swipl-9.1.2/x', 'swipl 9.1.2'],
  ['dart', 'x (stable) Dart,GC"\u00003.5.2 (stable) (Wed', 'dart 3.5.2'],
  ['ghc-9.4.7', '\0libHSghc-9.4.7-ghc9.4.7.so\0', 'ghc 9.4.7'],
  ['gcc', 'GCC: (GNU) 12.3.0\0', 'gcc 12.3.0'],
  ['lighttpd', '\0lighttpd/1.4.71\0', 'lighttpd 1.4.71'],
  ['haproxy', 'HAProxy version 2.9.1-1234567, released 2024/01/01', 'haproxy 2.9.1'],
  ['haproxy', '%s version 3.1-dev2-abcdef0, released 2024/07/01', 'haproxy 3.1-dev2'],
  ['redis-server', 'x7.0.14buildkitsandbox-1702957741000000000', 'redis 7.0.14'],
  ['redis-server', 'Server started, Redis version 2.8.23', 'redis 2.8.23'],
  ['valkey-server', 'valkey9.0.0buildkitsandbox-1764887574000000000', 'valkey 9.0.0'],
  ['memcached', '\0memcached 1.6.21\0', 'memcached 1.6.21'],
  ['mongod', '\u00006.0.27\0tcmalloc', 'mongodb 6.0.27'],
  ['mongod', '\u00008.0.17\0\0cppdefines', 'mongodb 8.0.17'],
  ['postgres', '\0PostgreSQL 15beta4 on x86_64', 'postgresql 15beta4'],
  ['mysqld', '5.5.5-10.6.15-MariaDB-1:10.6', 'mariadb 10.6.15'],
  ['mysqld', '/build/mysql-8.0.37/sql /build/percona-server-8.0.36-28/sql', 'percona-server 8.0.36'],
  ['mysql', '/release/mysql-8.0.4-rc/mysys_ssl/my_default.cc', 'mysql 8.0.4'],
  ['arangosh', '\u00003.11.8-1 enterprise [linux] 64bit', 'arangodb 3.11.8-1'],
  ['fluent-bit', '\u00001.7.0\0\u001B[1m\0%sFluent Bit', 'fluent-bit 1.7.0'],
  ['slapd', '$OpenLDAP: slapd 2.6.3', 'openldap 2.6.3'],
  ['proftpd', '\0ProFTPD Version 1.3.8b\0', 'proftpd 1.3.8b'],
  ['vsftpd', '(vsFTPd 2.3.4)', 'vsftpd 2.3.4'],
  ['sshd', 'OpenSSH_9.2p1 Debian', 'openssh 9.2p1'],
  ['dropbear', 'SSH-2.0-dropbear_2022.83', 'dropbear 2022.83'],
  ['libcrypto.so', '\0OpenSSL 1.1.1 (compatible; AWS-LC 1.69.0)\0', 'aws-lc 1.69.0'],
  ['openssl', '\0OpenSSL 3.0.11 19 Sep 2023', 'openssl 3.0.11'],
  ['xz', '\0xz (XZ Utils) 5.6.1\0', 'xz 5.6.1'],
  ['libz.so.1', ' deflate 1.2.11 Copyright 1995-2017', 'zlib 1.2.11'],
  ['libexpat.so.1', 'expat_2.5.0', 'expat 2.5.0'],
  ['libQt6Core.so.6', '\0\0Qt 6.5.0 (x86_64-little_endian-lp64', 'qtbase 6.5.0'],
  ['chrome', '\u0000127.0.6533.119\0Default', 'chromium 127.0.6533.119'],
  ['ffmpeg', '%s version 7.1.1', 'ffmpeg 7.1.1'],
  ['libavcodec.so.60', 'FFmpeg version 6.0', 'ffmpeg 6.0'],
  ['xmrig', 'XMRig/6.21.0 (Linux x86_64)', 'xmrig 6.21.0'],
];

describe('a program without a package', () => {
  it.each(programs)('%s tells its version: %j', (file, text, want) => {
    const bytes = elfOf([{ name: '.rodata', bytes: Buffer.from(`${'x'.repeat(2000)}${text}`, 'latin1') }]);
    const { packages } = catalogTree(new MemoryTree({ [`/opt/bin/${file}`]: bytes }));
    expect(packages.map(({ name, version }) => `${name} ${version}`)).toEqual([want]);
    expect(packages[0]?.purl).toBe(`pkg:generic/${want.replace(' ', '@')}`);
  });

  it('tells it wherever it stands in a large one', () => {
    const texts = ['\u0000127.0.6533.119\0Default', 'v18.20.4 node.js/v18.20.4'];
    const files = ['chrome', 'node'];
    for (const [index, text] of texts.entries()) {
      for (let at = 2 ** 20 - 120; at < 2 ** 20 + 4; at += 3) {
        const bytes = Buffer.concat([elfOf([]), Buffer.alloc(2 ** 21, 'x')]);
        bytes.write(text, at, 'latin1');
        const { packages } = catalogTree(new MemoryTree({ [`/opt/bin/${files[index]}`]: bytes }));
        expect(packages, `${files[index]} at ${at}`).toHaveLength(1);
      }
    }
  });

  it('is known by a line that has a test', () => {
    const tested = new Set(programs.map(([, , want]) => want.split(' ')[0]));
    expect(knownPrograms.map(({ name }) => name).filter((name) => !tested.has(name))).toEqual([]);
  });
});
