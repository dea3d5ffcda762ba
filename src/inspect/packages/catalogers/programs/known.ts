/** A program that tells its version in its own bytes. */
export interface KnownProgram {
  /** Name of the package that is listed. */
  readonly name: string;
  /** Last part of its path. */
  readonly file: RegExp;
  /** Bytes that stand near the version; by the name of the file, where the version is looked for by its first numbers. */
  readonly mark: string | ((file: string) => string | undefined);
  /** Finds the version in what stands around the mark, as Latin-1. */
  readonly version: RegExp;
}

/** `python3.11`, `libpython3.11.so.1.0`: the first two numbers. */
function pythonMark(file: string): string | undefined {
  const release = /python(?<release>\d\.\d+)/.exec(file)?.groups?.['release'];
  return release === undefined ? undefined : `\0${release}.`;
}

/** Runtimes, shells and servers that images bring without a package manager. */
export const knownPrograms: readonly KnownProgram[] = [
  { name: 'node', file: /^node(?:js)?$/, mark: 'node.js/v', version: /node\.js\/v(?<version>\d+\.\d+\.\d+)/ },
  {
    name: 'python',
    file: /^(?:python|libpython)\d\.\d+/,
    mark: pythonMark,
    version: /\0(?<version>\d\.\d+\.\d+(?:(?:a|b|rc)\d+)?\+?)\0/,
  },
  { name: 'busybox', file: /^busybox/, mark: 'BusyBox v', version: /BusyBox v(?<version>\d+\.\d+\.\d+)/ },
  { name: 'bash', file: /^bash$/, mark: '@(#)Bash version ', version: /@\(#\)Bash version (?<version>\d+\.\d+\.\d+)/ },
  {
    name: 'openssl',
    file: /^(?:openssl|libcrypto\.so.*|libssl\.so.*)$/,
    mark: 'OpenSSL ',
    version: /OpenSSL (?<version>\d+\.\d+\.\d+[a-z]?(?:-(?:alpha|beta|pre)\d+)?) /,
  },
  { name: 'curl', file: /^(?:curl|libcurl\.so.*)$/, mark: 'curl/', version: /curl\/(?<version>\d+\.\d+\.\d+)/ },
  { name: 'nginx', file: /^nginx/, mark: 'nginx/', version: /nginx\/(?<version>\d+\.\d+\.\d+)/ },
  { name: 'httpd', file: /^(?:httpd|apache2)$/, mark: 'Apache/', version: /Apache\/(?<version>2\.\d+\.\d+)/ },
  {
    name: 'haproxy',
    file: /^haproxy$/,
    mark: 'HAProxy version ',
    version: /HAProxy version (?<version>\d+\.\d+(?:\.\d+)?)/,
  },
  {
    name: 'postgresql',
    file: /^postgres$/,
    mark: '(PostgreSQL) ',
    version: /\(PostgreSQL\) (?<version>\d+(?:\.\d+)*(?:(?:rc|beta)\d+)?)/,
  },
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
    version: /ruby (?<version>\d\.\d\.\d)(?:p\d+|preview\d|rc\d)? ?\(/,
  },
];
