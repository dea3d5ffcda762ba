import { filesLike } from '../../locations.ts';
import { settingCommands } from '../../setting-commands.ts';
import { defineTechnique } from '../../technique.ts';
import { services } from './services.ts';

export const technique = defineTechnique({
  id: 'service-settings',
  title: 'Commands in the settings of services',
  description:
    'Programs that services start by their settings: hooks of file shares, arrays and disks that fail, archives of a database, filters of printers, scripts of an interface, of a lease or of a display manager. Most have honest uses: each counts by what it runs and where that stands.',
  places: [
    '/etc/mdadm/mdadm.conf, /etc/smartd.conf, /etc/auto.master',
    '/etc/exim4/**, /etc/dovecot/**, /etc/fetchmailrc',
    '/etc/postgresql/*/*/*.conf, postgresql.auto.conf, pg_hba.conf',
    '/etc/samba/smb.conf, /etc/openvpn/*.ovpn, /etc/lxc/**',
    '/etc/nagios*/**, /etc/icinga2/**, /etc/munin/**',
    '/etc/haproxy/*, /etc/squid/*, /etc/dnsmasq.d/*, /etc/proftpd/*',
    '/etc/cups/**, /etc/lightdm/*, /etc/acpi/events/*',
    '/var/spool/fcron/*, /var/spool/incron/*',
    '/etc/request-key.d/*, /etc/rsyncd.conf and others',
  ],
  attack: ['T1546', 'T1543'],
  guide: ['B11'],
  references: ['https://attack.mitre.org/techniques/T1546/'],
  *find(context) {
    for (const service of services) {
      for (const { path } of filesLike(context, service.files)) {
        yield* settingCommands(path, service, context);
      }
    }
  },
});
