/** Programs of services, by the name that they have in every distribution. */
const services: Readonly<Record<string, string>> = {
  sshd: 'SSH',
  dropbear: 'SSH',
  nginx: 'nginx',
  apache2: 'web server',
  httpd: 'web server',
  lighttpd: 'web server',
  mysqld: 'MySQL',
  mariadbd: 'MySQL',
  postgres: 'PostgreSQL',
  'redis-server': 'Redis',
  mongod: 'MongoDB',
  memcached: 'memcached',
  'rabbitmq-server': 'RabbitMQ',
  vsftpd: 'FTP',
  proftpd: 'FTP',
  smbd: 'Samba',
  named: 'DNS',
  telnetd: 'Telnet',
};

/** What builds programs, and what brings others in. */
const tools: Readonly<Record<string, string>> = {
  gcc: 'compiler',
  cc: 'compiler',
  clang: 'compiler',
  'g++': 'compiler',
  go: 'compiler',
  rustc: 'compiler',
  javac: 'compiler',
  gdb: 'debugger',
  strace: 'debugger',
  nmap: 'scanner',
  tcpdump: 'sniffer',
  nc: 'netcat',
  ncat: 'netcat',
  socat: 'netcat',
  'apt-get': 'package manager',
  apk: 'package manager',
  dnf: 'package manager',
  yum: 'package manager',
  microdnf: 'package manager',
};
const folder =
  /^\/(?:usr\/)?(?:local\/)?(?:s?bin|go\/bin|libexec\/(?:mysqld|postgresql))\/|^\/usr\/lib\/postgresql\/\d+\/bin\//;

/** Whether the path of a file is a program that says something about the image by being there. */
export function isTellingProgram(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return (name in services || name in tools) && folder.test(path);
}

/** The service that a program is; undefined for others. */
export function serviceAt(path: string): string | undefined {
  return services[path.slice(path.lastIndexOf('/') + 1)];
}

/** The kind of tool that a program is; undefined for others. */
export function toolAt(path: string): string | undefined {
  return tools[path.slice(path.lastIndexOf('/') + 1)];
}
