/** A program that tells its version in its own bytes. */
export interface KnownProgram {
  /** Name of the package that is listed. */
  readonly name: string;
  /** Last part of its path. */
  readonly file: RegExp;
  /** Bytes that stand near the version; by the name of the file, where the version is looked for by its first numbers. */
  readonly mark: string | ((file: string) => string | undefined);
  /** Bytes before the mark that are looked at too, where the version stands there. */
  readonly before?: number;
  /** Finds the version in what stands around the mark, as Latin-1. */
  readonly version: RegExp;
}

/** `python3.11`, `libpython3.11.so.1.0`: the first two numbers. */
function pythonMark(file: string): string | undefined {
  const release = /python(?<release>\d\.\d+)/.exec(file)?.groups?.['release'];
  return release === undefined ? undefined : `\0${release}.`;
}

const runtimes: readonly KnownProgram[] = [
  { name: 'node', file: /^node(?:js)?$/, mark: 'node.js/v', version: /node\.js\/v(?<version>\d+\.\d+\.\d+)/ },
  { name: 'deno', file: /^deno$/, mark: 'Deno/', version: /Deno\/(?<version>\d+\.\d+\.\d+)/ },
  {
    name: 'python',
    file: /^(?:python|libpython)\d\.\d+/,
    mark: pythonMark,
    version: /\0(?<version>\d\.\d+\.\d+(?:(?:a|b|rc)\d+)?\+?)\0/,
  },
  { name: 'pypy', file: /^libpypy/, mark: '[PyPy ', version: /\[PyPy (?<version>\d+\.\d+\.\d+)/ },
  { name: 'perl', file: /^perl(?:5[\d.]*)?$/, mark: '/lib/perl5/', version: /\/lib\/perl5\/(?<version>5\.\d+\.\d+)/ },
  {
    name: 'php',
    file: /^(?:php|php-fpm|libphp)/,
    mark: 'X-Powered-By: PHP/',
    version: /X-Powered-By: PHP\/(?<version>\d+\.\d+\.\d+)/,
  },
  {
    name: 'ruby',
    file: /^(?:ruby|libruby)/,
    mark: 'ruby ',
    version: /ruby (?<version>\d\.\d\.\d+)(?:p\d+|preview\d|rc\d)? ?\(/,
  },
  {
    name: 'julia',
    file: /^libjulia-internal\.so/,
    mark: '__init__\0',
    version: /__init__\0(?<version>\d+\.\d+\.\d+)\0verify/,
  },
  {
    name: 'rust',
    file: /^libstd-[0-9a-f]{16}\.so$/,
    mark: '(rustc version ',
    version: /\(rustc version (?<version>\d+\.\d+\.\d+) /,
  },
  {
    name: 'erlang',
    file: /^(?:erlexec|beam\.smp)$/,
    mark: '/otp_src_',
    version: /\/otp_src_(?<version>\d+(?:\.\d+)+(?:-rc\d)?)\//,
  },
  {
    name: 'erlang',
    file: /^(?:erlexec|beam\.smp)$/,
    mark: '/src/otp-',
    version: /\/src\/otp-(?<version>\d+(?:\.\d+)+(?:-rc\d)?)\//,
  },
  { name: 'swipl', file: /^swipl$/, mark: 'swipl-', version: /swipl-(?<version>\d+\.\d+\.\d+)\// },
  { name: 'dart', file: /^dart$/, mark: ' (stable)', before: 32, version: /\0(?<version>\d+\.\d+\.\d+) \(stable\)/ },
  { name: 'ghc', file: /^ghc/, mark: 'libHSghc-', version: /libHSghc-(?<version>\d+\.\d+\.\d+)-/ },
  { name: 'ghc', file: /^ghc/, mark: '\0GHC ', version: /\0GHC (?<version>\d+\.\d+\.\d+)\0/ },
  { name: 'gcc', file: /^gcc$/, mark: 'GCC: (GNU) ', version: /GCC: \(GNU\) (?<version>\d+\.\d+\.\d+)/ },
];

const servers: readonly KnownProgram[] = [
  { name: 'nginx', file: /^nginx/, mark: 'nginx/', version: /nginx\/(?<version>\d+\.\d+\.\d+)/ },
  { name: 'httpd', file: /^(?:httpd|apache2)$/, mark: 'Apache/', version: /Apache\/(?<version>2\.\d+\.\d+)/ },
  { name: 'lighttpd', file: /^lighttpd$/, mark: '\0lighttpd/', version: /\0lighttpd\/(?<version>\d+\.\d+\.\d+)\0/ },
  {
    name: 'haproxy',
    file: /^haproxy$/,
    mark: 'HAProxy version ',
    version: /HAProxy version (?<version>\d+\.\d+(?:\.\d+)?)/,
  },
  {
    name: 'haproxy',
    file: /^haproxy$/,
    mark: ', released 20',
    before: 48,
    version: /version (?<version>\d+\.\d+(?:\.|-dev|-rc)\d+)(?:-[a-z0-9]{7})?, released 20/,
  },
  {
    name: 'redis',
    file: /^redis-server$/,
    mark: 'buildkitsandbox-',
    before: 16,
    version: /(?:^|\D)(?<version>\d+\.\d+\.\d+)buildkitsandbox-\d/,
  },
  {
    name: 'redis',
    file: /^redis-server$/,
    mark: 'Redis version ',
    version: /Redis version (?<version>\d+\.\d+\.\d+)/,
  },
  {
    name: 'valkey',
    file: /^valkey-server$/,
    mark: 'buildkitsandbox-',
    before: 16,
    version: /(?:^|\D)(?<version>\d+\.\d+\.\d+)buildkitsandbox-\d/,
  },
  { name: 'memcached', file: /^memcached$/, mark: 'memcached ', version: /memcached (?<version>\d+\.\d+\.\d+)/ },
  {
    name: 'mongodb',
    file: /^mongod$/,
    mark: '\0tcmalloc',
    before: 16,
    version: /(?:^|\D)(?<version>\d+\.\d+\.\d+)\0tcmalloc/,
  },
  {
    name: 'mongodb',
    file: /^mongod$/,
    mark: '\0heap_size',
    before: 16,
    version: /(?:^|\D)(?<version>\d+\.\d+\.\d+)\0+heap_size/,
  },
  {
    name: 'mongodb',
    file: /^mongod$/,
    mark: '\0cppdefines',
    before: 16,
    version: /(?:^|\D)(?<version>\d+\.\d+\.\d+)\0+cppdefines/,
  },
  {
    name: 'postgresql',
    file: /^postgres$/,
    mark: '(PostgreSQL) ',
    version: /\(PostgreSQL\) (?<version>\d+(?:\.\d+)*(?:(?:rc|beta)\d+)?)/,
  },
  {
    name: 'postgresql',
    file: /^postgres$/,
    mark: 'PostgreSQL ',
    before: 1,
    version: /[\0?]PostgreSQL (?<version>\d+(?:\.\d+){0,2}(?:(?:alpha|beta|rc)\d+)?)/,
  },
  {
    name: 'mariadb',
    file: /^(?:mariadbd?|mysqld?)$/,
    mark: '-MariaDB',
    before: 16,
    version: /(?:^|\D)(?<version>\d+\.\d+\.\d+)-MariaDB/,
  },
  {
    name: 'percona-server',
    file: /^mysqld?$/,
    mark: '/percona-server-',
    version: /\/percona-server-(?<version>\d+\.\d+\.\d+)/,
  },
  {
    name: 'percona-xtradb-cluster',
    file: /^mysqld?$/,
    mark: '/Percona-XtraDB-Cluster-',
    version: /\/Percona-XtraDB-Cluster-(?<version>\d+\.\d+\.\d+)/,
  },
  { name: 'mysql', file: /^mysqld?$/, mark: '/mysql-', version: /\/mysql-(?<version>\d+\.\d+\.\d+)/ },
  {
    name: 'percona-xtrabackup',
    file: /^xtrabackup$/,
    mark: '/percona-xtrabackup-',
    version: /\/percona-xtrabackup-(?<version>\d+\.\d+\.\d+)/,
  },
  {
    name: 'arangodb',
    file: /^arango(?:d|sh)$/,
    mark: ' [linux]',
    before: 48,
    version: /(?:^|\D)(?<version>\d+\.\d+\.\d+(?:-\d+)?) (?:enterprise )?\[linux\]/,
  },
  {
    name: 'fluent-bit',
    file: /^fluent-bit$/,
    mark: 'Fluent Bit',
    before: 32,
    // oxlint-disable-next-line no-control-regex -- the program has the escape of a terminal there
    version: /\0(?<version>\d+\.\d+\.\d+)\0+(?:\u001B\[1m\0+)?(?:%s)?Fluent Bit/,
  },
  { name: 'openldap', file: /^(?:ldapsearch|slapd)$/, mark: '$OpenLDAP: ', version: /: \w+ (?<version>\d+\.\d+\.\d+)/ },
  {
    name: 'proftpd',
    file: /^proftpd$/,
    mark: 'ProFTPD Version ',
    version: /ProFTPD Version (?<version>\d+\.\d+\.\d+[a-z]?)/,
  },
  { name: 'vsftpd', file: /^vsftpd$/, mark: 'vsFTPd ', version: /vsFTPd (?<version>\d+\.\d+\.\d+)/ },
  { name: 'openssh', file: /^sshd?$/, mark: 'OpenSSH_', version: /OpenSSH_(?<version>\d+\.\d+p\d+)/ },
  { name: 'dropbear', file: /^dropbear/, mark: 'SSH-2.0-dropbear_', version: /dropbear_(?<version>\d{4}\.\d+)/ },
];

const toolsAndLibraries: readonly KnownProgram[] = [
  { name: 'busybox', file: /^busybox/, mark: 'BusyBox v', version: /BusyBox v(?<version>\d+\.\d+\.\d+)/ },
  { name: 'bash', file: /^bash$/, mark: '@(#)Bash version ', version: /@\(#\)Bash version (?<version>\d+\.\d+\.\d+)/ },
  {
    name: 'aws-lc',
    file: /^(?:openssl|libcrypto\.so.*)$/,
    mark: 'AWS-LC ',
    version: /compatible; AWS-LC (?<version>\d+\.\d+\.\d+)\)/,
    before: 40,
  },
  {
    name: 'openssl',
    file: /^(?:openssl|libcrypto\.so.*|libssl\.so.*)$/,
    mark: 'OpenSSL ',
    version: /OpenSSL (?<version>\d+\.\d+\.\d+[a-z]?(?:-(?:alpha|beta|pre)\d+)?) /,
  },
  { name: 'curl', file: /^(?:curl|libcurl\.so.*)$/, mark: 'curl/', version: /curl\/(?<version>\d+\.\d+\.\d+)/ },
  { name: 'xz', file: /^xz$/, mark: 'xz (XZ Utils) ', version: /xz \(XZ Utils\) (?<version>\d+\.\d+\.\d+)/ },
  {
    name: 'zlib',
    file: /^libz\.so/,
    mark: ' deflate ',
    version: / deflate (?<version>\d+\.\d+(?:\.\d+){0,2}) Copyright/,
  },
  { name: 'expat', file: /^libexpat\.so/, mark: 'expat_', version: /expat_(?<version>\d+\.\d+\.\d+)/ },
  { name: 'qtbase', file: /^libQt\dCore\.so/, mark: '\0Qt ', version: /\0Qt (?<version>\d+\.\d+\.\d+) \(/ },
  {
    name: 'chromium',
    file: /^chrom(?:e|ium)$/,
    mark: '\0Default',
    before: 40,
    version: /\0(?<version>\d+\.\d+\.\d+\.\d+)\0Default/,
  },
  { name: 'ffmpeg', file: /^ffmpeg$/, mark: '%s version ', version: /%s version n?(?<version>\d+\.\d+(?:\.\d+)?)/ },
  {
    name: 'ffmpeg',
    file: /^lib(?:av|sw)[a-z]+\.so/,
    mark: 'FFmpeg version ',
    version: /FFmpeg version n?(?<version>\d+\.\d+(?:\.\d+)?)/,
  },
  { name: 'xmrig', file: /^xmrig/, mark: 'XMRig/', version: /XMRig\/(?<version>\d+\.\d+\.\d+)/ },
];

/** What images bring without a package manager. Where several lines name one file, the first that finds a version counts. */
export const knownPrograms: readonly KnownProgram[] = [...runtimes, ...servers, ...toolsAndLibraries];
