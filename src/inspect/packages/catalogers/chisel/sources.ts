/** Names of binary packages of Ubuntu, and the source that they are built from. */
const sources: readonly (readonly [RegExp, string])[] = [
  [/^libc(?:6|-bin)$/, 'glibc'],
  [/^libssl(?:1\.1|3|3t64)$/, 'openssl'],
  [/^openssl-provider-.+$/, 'openssl'],
  [/^zlib1g$/, 'zlib'],
  [/^libicu\d+$/, 'icu'],
  [/^lib(?:krb5-3|krb5support0|k5crypto3|gssapi-krb5-2)$/, 'krb5'],
  [/^lib(?:com-err2|ss2|ext2fs2(?:t64)?)$/, 'e2fsprogs'],
  [/^libkeyutils1$/, 'keyutils'],
  [/^liblttng-ust.*$/, 'ust'],
  [/^libunwind8$/, 'libunwind'],
  [/^liblzma5$/, 'xz-utils'],
  [/^libexpat1$/, 'expat'],
  [/^libsqlite3-0$/, 'sqlite3'],
  [/^libffi\d+$/, 'libffi'],
  [/^libbz2-1\.0$/, 'bzip2'],
  [/^(?:lib(?:ncurses|ncursesw|tinfo)\d+|ncurses-(?:base|bin|term))$/, 'ncurses'],
  [/^libreadline\d+(?:t64)?$|^readline-common$/, 'readline'],
  [/^(?:lib(?:uuid|blkid|mount|smartcols|fdisk)1|mount|bsdutils)$/, 'util-linux'],
  [/^libcurl(?:4|4t64|3-gnutls|3t64-gnutls)$/, 'curl'],
  [/^libpcre2-.+$/, 'pcre2'],
  [/^libpcre3$/, 'pcre3'],
  [/^libselinux1$/, 'libselinux'],
  [/^libcrypt1$/, 'libxcrypt'],
  [/^(?<name>openjdk-\d+)-.+$/, '$<name>'],
  [/^libnghttp2-14$/, 'nghttp2'],
  [/^libidn2-0$/, 'libidn2'],
  [/^libgnutls30(?:t64)?$/, 'gnutls28'],
  [/^libp11-kit0$/, 'p11-kit'],
  [/^lib(?:nettle|hogweed)\d+(?:t64)?$/, 'nettle'],
  [/^libgmp10$/, 'gmp'],
  [/^libacl1$/, 'acl'],
  [/^libattr1$/, 'attr'],
  [/^libzstd1$/, 'libzstd'],
  [/^liblz4-1$/, 'lz4'],
  [/^lib(?:systemd|udev)\d$/, 'systemd'],
  [/^libapparmor1$/, 'apparmor'],
  [/^libpam(?:0g|-.+)$/, 'pam'],
  [/^libldap.*$/, 'openldap'],
  [/^libsasl2-.+$/, 'cyrus-sasl2'],
  [/^libssh-4$/, 'libssh'],
  [/^libfreetype6$/, 'freetype'],
  [/^libfontconfig1$|^fontconfig-config$/, 'fontconfig'],
  [/^libpng16-16(?:t64)?$/, 'libpng1.6'],
  [/^(?:dotnet|aspnetcore|netstandard)-.*?-?(?<major>\d+)\.0$/, 'dotnet$<major>'],
  [/^perl-base$|^libperl5\.\d+(?:t64)?$/, 'perl'],
];

/** Packages of one compiler, whose source has its first number in the name: `libgcc-s1` 14.2.0 comes from `gcc-14`. */
const compilerPackages = /^(?:libgcc-s1|libstdc\+\+6|libgomp1|libatomic1|libquadmath0|gcc-\d+-base)$/;

/** The source package of a package of Ubuntu, by the rules of its names; the package itself where none is known. */
export function sourceName(name: string, version: string): string {
  if (compilerPackages.test(name)) {
    const major = /^(?:\d+:)?(?<major>\d+)/.exec(version)?.groups?.['major'];
    return major === undefined ? name : `gcc-${major}`;
  }
  // `python3.12-minimal`, `libpython3.12-stdlib`
  const python = /^(?:lib)?(?<name>python3\.\d+)(?:t64)?(?:-.+)?$/.exec(name)?.groups?.['name'];
  if (python !== undefined) return python;
  for (const [pattern, source] of sources) if (pattern.test(name)) return name.replace(pattern, source);
  return name;
}
