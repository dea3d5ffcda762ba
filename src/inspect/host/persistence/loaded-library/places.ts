/** Settings that name a library, and the folders from which a program loads all that it finds. */
export interface LibrarySettings {
  readonly name: string;
  /** A star is any run inside one name. */
  readonly files: readonly string[];
  /** Below each home. */
  readonly home?: readonly string[];
  /** The service writes them itself, and runs as who owns them. */
  readonly isKeptByService?: boolean;
  /** A path in its group `library`; flags g and m. */
  readonly pattern: RegExp;
}

export const librarySettings: readonly LibrarySettings[] = [
  {
    name: 'the conversion of characters',
    files: ['/usr/lib/*/gconv/gconv-modules', '/usr/lib/*/gconv/gconv-modules.d/*', '/usr/lib64/gconv/gconv-modules', '/usr/lib64/gconv/gconv-modules.d/*', '/usr/local/lib/*/gconv/gconv-modules'],
    pattern: /^[ \t]{0,40}module\s{1,20}\S{1,80}\s{1,20}\S{1,80}\s{1,20}(?<library>\S{0,400}\/\S{1,400})/gm,
  },
  {
    name: 'OpenSSL',
    files: ['/etc/ssl/openssl.cnf', '/etc/ssl/openssl.cnf.d/*', '/etc/pki/tls/openssl.cnf', '/etc/pki/tls/openssl.d/*', '/usr/local/ssl/openssl.cnf', '/usr/lib/ssl/openssl.cnf'],
    pattern: /^[ \t]{0,40}(?:dynamic_path|module|engine_path|SO_PATH)\s{0,10}=\s{0,10}(?<library>[^\s#]{1,400})/gm,
  },
  {
    name: 'Kerberos',
    files: ['/etc/krb5.conf', '/etc/krb5.conf.d/*', '/etc/krb5kdc/kdc.conf', '/var/lib/krb5kdc/kdc.conf'],
    pattern: /^[ \t]{0,40}(?:module\s{0,10}=\s{0,10}[\w-]{1,80}:|plugin_base_dir\s{0,10}=\s{0,10}|db_library\s{0,10}=\s{0,10}(?=\/))(?<library>\S{1,400})/gm,
  },
  {
    name: 'keys on cards',
    files: ['/usr/share/p11-kit/modules/*.module', '/etc/pkcs11/modules/*', '/etc/pkcs11/pkcs11.conf', '/etc/opensc/*.conf', '/etc/reader.conf.d/*'],
    home: ['.config/pkcs11/modules/*', '.pki/nssdb/pkcs11.txt', '.pcmanrc'],
    pattern: /^[ \t]{0,40}(?:module\s{0,10}:\s{0,10}|library\s{0,4}=\s{0,4}|LIBPATH\s{1,20})(?<library>\/\S{1,400})/gm,
  },
  {
    name: 'sudo',
    files: ['/etc/sudo.conf'],
    pattern: /^[ \t]{0,40}(?:Plugin\s{1,20}\S{1,80}|Path\s{1,20}(?:noexec|plugin_dir|sesh|askpass))\s{1,20}(?<library>\S{1,400})/gm,
  },
  {
    name: 'a database',
    files: ['/etc/redis/*.conf', '/etc/redis.conf', '/etc/valkey/*.conf', '/etc/mysql/*.cnf', '/etc/mysql/*/*.cnf', '/etc/my.cnf', '/etc/my.cnf.d/*', '/etc/postgresql/*/*/postgresql.conf', '/etc/postgresql/*/*/conf.d/*', '/var/lib/postgresql/*/*/postgresql.auto.conf', '/var/lib/pgsql/*/data/*.conf', '/var/lib/pgsql/data/*.conf'],
    pattern: /^[ \t]{0,40}(?:loadmodule\s{1,20}|plugin[-_]load(?:[-_]add)?\s{0,10}=\s{0,10}(?:\w{1,80}=)?|(?:shared|session|local)_preload_libraries\s{0,10}=\s{0,10}['"]?|malloc-lib\s{0,10}=\s{0,10})(?<library>\/[^\s'",;]{1,400})/gm,
  },
  {
    name: 'SQL that a database runs at its start',
    files: ['/etc/mysql/*.cnf', '/etc/mysql/*/*.cnf', '/etc/my.cnf', '/etc/my.cnf.d/*'],
    pattern: /^[ \t]{0,40}init[-_]file\s{0,10}=\s{0,10}(?<library>\/[^\s'",;]{1,400})/gm,
  },
  {
    name: 'a service',
    files: ['/etc/zabbix/*.conf', '/etc/zabbix/*/*.conf', '/etc/snmp/*.conf', '/etc/proftpd/*.conf', '/etc/proftpd/conf.d/*', '/etc/bind/*', '/etc/named.conf', '/etc/ldap/slapd.conf', '/etc/openldap/slapd.conf', '/etc/unbound/*.conf', '/etc/unbound/unbound.conf.d/*', '/etc/collectd/*.conf', '/etc/freeradius/*/*.conf', '/etc/asterisk/modules.conf'],
    pattern: /^[^#\n]{0,200}?(?:LoadModule(?:Path)?\s{0,10}=?\s{0,10}|\bdlmod\s{1,20}\S{1,80}\s{1,20}|\bdlopen\s{1,10}|olcModule(?:Load|Path):\s{0,10}(?:\{\d{1,3}\})?|\bmodule(?:load|path)\s{1,20}|dynlib-file:\s{0,10}"?|PluginDir\s{1,10}"?|\bload\s{0,10}=>?\s{0,10})(?<library>\/[^\s'";]{1,400})/gm,
  },
  {
    name: 'a directory of names',
    files: ['/etc/ldap/slapd.d/*.ldif', '/etc/ldap/slapd.d/*/*.ldif', '/etc/openldap/slapd.d/*.ldif', '/etc/openldap/slapd.d/*/*.ldif'],
    isKeptByService: true,
    pattern: /^olcModule(?:Load|Path):\s{0,10}(?:\{\d{1,3}\})?(?<library>\/[^\s'";]{1,400})/gm,
  },
  {
    name: 'logging',
    files: ['/etc/rsyslog.conf', '/etc/rsyslog.d/*'],
    pattern: /(?:^[ \t]{0,40}\$ModLoad\s{1,20}|\bmodule\(\s{0,10}load\s{0,4}=\s{0,4}"|^[ \t]{0,40}\$ModDir\s{1,20})(?<library>\/[^\s"]{1,400})/gm,
  },
]; // prettier-ignore

/** Folders whose libraries are loaded by programs of root or of everybody, with the weight of one that no package put there. */
export const pluginFolders: readonly (readonly [pattern: RegExp, by: string, weight: number])[] = [
  [/^\/usr\/lib(?:64|\/[^/]+)?\/(?:engines[-.\d]*|ossl-modules)\/[^/]+\.so$/, 'everything that encrypts', 0.5],
  [/^\/usr\/lib(?:64|\/[^/]+)?\/gconv\/[^/]+\.so$/, 'everything that converts characters', 0.5],
  [/^\/usr\/(?:lib(?:64)?|libexec)\/sudo\/[^/]+\.so$/, 'sudo', 0.6],
  [/^\/usr\/lib(?:64|\/[^/]+)?\/(?:krb5\/plugins\/[^/]+|sasl2|ldap)\/[^/]+\.so[\d.]*$/, 'what checks who somebody is', 0.5],
  [/^\/usr\/lib(?:64|\/[^/]+)?\/(?:gio\/modules|gtk-[\d.]+\/(?:modules|[\d.]+\/immodules)|pkcs11|p11-kit-proxy|qt\d\/plugins\/[^/]+)\/[^/]+\.so$/, 'desktop programs', 0.45],
  [/^\/usr\/lib(?:64|\/[^/]+)?\/(?:xtables|rsyslog|security|systemd\/[^/]+|NetworkManager\/[^/]+|ModemManager|bluetooth\/plugins|polkit-1\/extensions|udisks2\/modules|audit)\/[^/]+\.so$/, 'a service of root', 0.5],
  [/^\/usr\/lib\/(?:systemd|NetworkManager)\/[^/]+\/[^/]+\.so$/, 'a service of root', 0.5],
  [/^\/usr\/lib(?:64|\/[^/]+)?\/(?:apache2|httpd|nginx|dovecot|postfix|proftpd|samba\/vfs|freeradius|asterisk|snmp\/dlmod|bind9|unbound)\/(?:[^/]+\/)?[^/]+\.so$/, 'a service that can be reached', 0.45],
  [/^\/usr\/lib(?:64|\/[^/]+)?\/(?:postgresql\/[^/]+\/lib|mysql\/plugin|mariadb\/(?:plugin|[^/]+)|mariadb\d*\/plugin|redis\/modules)\/[^/]+\.so$/, 'a database', 0.45],
]; // prettier-ignore
