/** A folder, or a file, that a service runs what stands in. */
export interface HookPlace {
  /** A star is any run inside one name. */
  readonly at: readonly string[];
  /** Who runs it: `a printer job`. */
  readonly by: string;
  /** Weight of something being there that no package put there. */
  readonly unowned: number;
  /** Runs files that are not executable too: they are read by a shell. */
  readonly isRead?: true;
  readonly user?: string;
}

export const hookPlaces: readonly HookPlace[] = [
  { by: 'runit', at: ['/etc/sv/*/run', '/etc/sv/*/finish', '/etc/sv/*/check', '/etc/sv/*/log/run', '/etc/service/*/run', '/etc/service/*/finish', '/etc/service/*/log/run', '/service/*/run', '/var/service/*/run', '/etc/runit/1', '/etc/runit/2', '/etc/runit/3', '/etc/runit/*.d/*', '/etc/runit/runsvdir/*/*/run', '/usr/share/runit/sv/*/run'], unowned: 0.15 },
  { by: 's6', at: ['/etc/s6/sv/*/run', '/etc/s6/*/run', '/etc/s6-overlay/s6-rc.d/*/run', '/etc/s6-overlay/s6-rc.d/*/up', '/etc/s6-overlay/scripts/*', '/etc/services.d/*/run', '/etc/services.d/*/finish', '/etc/cont-init.d/*', '/etc/cont-finish.d/*', '/run/service/*/run', '/command/*'], unowned: 0.1, isRead: true },
  { by: 'building a module of the kernel', at: ['/etc/dkms/*.conf', '/etc/dkms/framework.conf.d/*', '/usr/src/*/dkms.conf', '/var/lib/dkms/*/*/source/dkms.conf', '/usr/src/*/*.sh'], unowned: 0.05, isRead: true },
  { by: 'dracut', at: ['/etc/dracut.conf', '/etc/dracut.conf.d/*', '/usr/lib/dracut/dracut.conf.d/*'], unowned: 0.05, isRead: true },
  { by: 'dracut', at: ['/usr/lib/dracut/modules.d/*/*.sh', '/lib/dracut/modules.d/*/*.sh'], unowned: 0.25, isRead: true },
  { by: 'a lease', at: ['/usr/lib/dhcpcd/dhcpcd-hooks/*', '/lib/dhcpcd/dhcpcd-hooks/*', '/usr/libexec/dhcpcd-hooks/*', '/usr/libexec/dhcpcd-run-hooks', '/etc/dhcpcd.exit-hook', '/etc/dhcpcd.enter-hook', '/etc/dhcp/dhclient-exit-hooks', '/etc/dhcp/dhclient-enter-hooks', '/etc/dhclient-exit-hooks', '/etc/dhclient-enter-hooks', '/etc/dhcp3/dhclient-*-hooks.d/*'], unowned: 0.35, isRead: true },
  { by: 'an interface', at: ['/sbin/ifup-local', '/sbin/ifdown-local', '/sbin/ifup-pre-local', '/etc/ppp/*.local', '/etc/sysconfig/network-scripts/ifup-*', '/etc/sysconfig/network-scripts/ifdown-*'], unowned: 0.3, isRead: true },
  { by: 'a printer job', at: ['/usr/lib/cups/backend/*', '/usr/lib/cups/filter/*', '/usr/lib/cups/notifier/*', '/usr/lib/cups/driver/*', '/usr/lib/cups/cgi-bin/*', '/usr/lib/cups/daemon/*', '/usr/lib/cups/command/*', '/usr/libexec/cups/*/*'], unowned: 0.35, user: 'root' },
  { by: 'apt', at: ['/usr/lib/apt/methods/*', '/usr/lib/apt/solvers/*', '/usr/lib/apt/planners/*', '/usr/libexec/apt/*', '/usr/lib/dpkg/methods/*/*'], unowned: 0.5 },
  { by: 'a disk that fails', at: ['/etc/smartmontools/run.d/*', '/etc/smartmontools/smartd_warning.d/*', '/usr/share/smartmontools/smartd-runner', '/usr/share/smartmontools/smartd_warning.sh'], unowned: 0.35 },
  { by: 'autofs', at: ['/etc/auto.*', '/etc/autofs/auto.*'], unowned: 0.15 },
  { by: 'a container that starts', at: ['/usr/share/lxc/hooks/*', '/usr/lib/lxc/hooks/*', '/etc/libvirt/hooks/*.d/*', '/etc/xen/scripts/*', '/opt/cni/bin/*', '/usr/libexec/cni/*', '/usr/lib/cni/*'], unowned: 0.15 },
  { by: 'docker as a command', at: ['/root/.docker/cli-plugins/*', '/home/*/.docker/cli-plugins/*', '/usr/local/lib/docker/cli-plugins/*', '/usr/local/libexec/docker/cli-plugins/*', '/usr/lib/docker/cli-plugins/*', '/usr/libexec/docker/cli-plugins/*'], unowned: 0.05 },
  { by: 'a monitoring service', at: ['/usr/lib/nagios/plugins/*', '/usr/lib64/nagios/plugins/*', '/usr/local/nagios/libexec/*', '/usr/lib/zabbix/alertscripts/*', '/usr/lib/zabbix/externalscripts/*', '/usr/share/zabbix/externalscripts/*', '/etc/munin/plugins/*', '/usr/share/munin/plugins/*', '/usr/lib/check_mk_agent/local/*', '/usr/lib/check_mk_agent/plugins/*', '/usr/share/collectd/*', '/usr/lib/ocf/resource.d/*/*', '/etc/sensu/plugins/*', '/etc/zfs/zed.d/*'], unowned: 0.05 },
  { by: 'power, a lid or sleep', at: ['/etc/acpi/*.sh', '/etc/acpi/*/*.sh', '/etc/pm/sleep.d/*', '/etc/pm/power.d/*', '/usr/lib/pm-utils/sleep.d/*', '/usr/lib/pm-utils/power.d/*', '/etc/hibernate/scriptlets.d/*', '/etc/apcupsd/*', '/etc/tlp.d/*'], unowned: 0.25 },
  { by: 'a display manager', at: ['/etc/gdm*/*/*', '/usr/share/sddm/scripts/*', '/etc/lxdm/*', '/etc/X11/xdm/*', '/etc/X11/Xreset.d/*', '/etc/X11/Xsession.options.d/*', '/etc/xdg/openbox/*', '/etc/xdg/xfce4/xinitrc', '/etc/xdg/plasma-workspace/env/*'], unowned: 0.2 },
  { by: 'the firewall', at: ['/etc/ufw/before.init', '/etc/ufw/after.init', '/etc/shorewall/*', '/etc/shorewall6/*', '/etc/arno-iptables-firewall/*'], unowned: 0.05, isRead: true },
  { by: 'certificates that change', at: ['/etc/ca-certificates/update.d/*', '/etc/letsencrypt/renewal-hooks/*/*'], unowned: 0.15 },
  { by: 'a log that is read', at: ['/etc/logwatch/scripts/*', '/etc/logwatch/scripts/*/*', '/etc/logcheck/logcheck.conf'], unowned: 0.2, isRead: true },
  { by: 'etckeeper', at: ['/etc/etckeeper/*.d/*'], unowned: 0.3 },
  { by: 'a database that starts', at: ['/etc/mysql/debian-start', '/etc/mysql/*.sh'], unowned: 0.2 },
  { by: 'a shutdown', at: ['/etc/rc.shutdown', '/etc/rc.shutdown.local', '/etc/rc.d/rc.local_shutdown'], unowned: 0.2 },
  { by: 'a build agent', at: ['/etc/buildkite-agent/hooks/*'], unowned: 0.05, isRead: true },
  { by: 'a backup', at: ['/etc/backup.d/*', '/etc/backupninja.d/*', '/etc/backupninja/*'], unowned: 0.05, isRead: true },
]; // prettier-ignore
