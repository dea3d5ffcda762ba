/** Services by the beginning of the names of their packages, in all distributions. */
const packages: readonly (readonly [form: RegExp, service: string])[] = [
  [/^(?:openssh-server|openssh|dropbear|ssh)$/, 'SSH'],
  [/^(?:nginx|nginx-(?:full|light|core|extras))$/, 'nginx'],
  [/^(?:apache2|httpd|lighttpd|caddy)$/, 'web server'],
  [/^(?:mysql|mariadb)(?:-server(?:-[\d.]+)?)?$/, 'MySQL'],
  [/^postgresql(?:-?\d+)?(?:-server)?$/, 'PostgreSQL'],
  [/^(?:redis|redis-server|valkey)$/, 'Redis'],
  [/^(?:mongodb|mongodb-org|mongodb-server)$/, 'MongoDB'],
  [/^memcached$/, 'memcached'],
  [/^(?:rabbitmq-server)$/, 'RabbitMQ'],
  [/^(?:postfix|exim4?|sendmail|dovecot-core)$/, 'mail'],
  [/^(?:vsftpd|proftpd|pure-ftpd)$/, 'FTP'],
  [/^(?:samba)$/, 'Samba'],
  [/^(?:bind9|bind|dnsmasq|unbound)$/, 'DNS'],
  [/^(?:tomcat\d*)$/, 'Tomcat'],
  [/^(?:elasticsearch|opensearch)$/, 'Elasticsearch'],
];
const programs: Readonly<Record<string, string>> = {
  sshd: 'SSH',
  ssh: 'SSH',
  dropbear: 'SSH',
  nginx: 'nginx',
  apache2: 'web server',
  apache2ctl: 'web server',
  apachectl: 'web server',
  httpd: 'web server',
  mysqld: 'MySQL',
  mysqld_safe: 'MySQL',
  mysql: 'MySQL',
  mariadbd: 'MySQL',
  postgres: 'PostgreSQL',
  postgresql: 'PostgreSQL',
  'redis-server': 'Redis',
  mongod: 'MongoDB',
  memcached: 'memcached',
  postfix: 'mail',
  vsftpd: 'FTP',
  smbd: 'Samba',
  named: 'DNS',
  dnsmasq: 'DNS',
};
/** Programs that start and watch others. */
export const supervisors: ReadonlySet<string> = new Set([
  'supervisor',
  'supervisord',
  's6',
  's6-overlay',
  'runit',
  'monit',
  'daemontools',
]);

export function serviceOfPackage(name: string): string | undefined {
  return packages.find(([form]) => form.test(name))?.[1];
}

export function serviceOfProgram(name: string): string | undefined {
  return programs[name];
}
