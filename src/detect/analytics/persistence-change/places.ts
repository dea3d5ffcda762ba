/** A place from which something is started later, or that decides who may log in. */
export interface PersistencePlace {
  readonly id: string;
  readonly says: string;
  /** Paths that begin with one of these, or (without a final slash) are one of these. */
  readonly paths: readonly string[];
  /** Paths that end with one of these, wherever they stand (files in home folders). */
  readonly endings?: readonly string[];
  /** Parts of paths that tell the place wherever it is mounted. */
  readonly inside?: readonly string[];
  /** Keys that audit rule sets give their watches on the place. */
  readonly keys?: readonly string[];
  /** How much a change there says on its own, 0 to 1. */
  readonly weight: number;
  readonly attack: readonly string[];
}

export const persistencePlaces: readonly PersistencePlace[] = [
  {
    id: 'cron',
    says: 'scheduled job',
    paths: [
      '/etc/cron.d/',
      '/etc/cron.hourly/',
      '/etc/cron.daily/',
      '/etc/cron.weekly/',
      '/etc/cron.monthly/',
      '/etc/crontab',
      '/etc/anacrontab',
      '/var/spool/cron/',
    ],
    inside: ['/cron.d/', '/cron.hourly/', '/cron.daily/', '/cron.weekly/', '/cron.monthly/', '/crontabs/'],
    keys: ['cron', 'cron.d', 'crontab'],
    weight: 0.6,
    attack: ['T1053.003'],
  },
  {
    id: 'at',
    says: 'one-time job',
    paths: ['/var/spool/at/', '/var/spool/cron/atjobs/'],
    weight: 0.6,
    attack: ['T1053.002'],
  },
  {
    id: 'systemd',
    says: 'systemd unit',
    paths: ['/etc/systemd/', '/usr/lib/systemd/', '/lib/systemd/', '/run/systemd/system/', '/run/systemd/generator/'],
    endings: ['.service', '.timer'],
    inside: ['/systemd/system/'],
    keys: ['systemd', 'systemd_generator'],
    weight: 0.55,
    attack: ['T1543.002'],
  },
  {
    id: 'init',
    says: 'start-up script',
    paths: ['/etc/init.d/', '/etc/rc.local', '/etc/rc.d/'],
    weight: 0.6,
    attack: ['T1037.004'],
  },
  {
    id: 'shell-start',
    says: 'shell start-up file',
    paths: ['/etc/profile', '/etc/profile.d/', '/etc/bash.bashrc', '/etc/environment', '/etc/zsh/'],
    endings: ['/.bashrc', '/.bash_profile', '/.profile', '/.zshrc', '/.bash_login'],
    weight: 0.45,
    attack: ['T1546.004'],
  },
  {
    id: 'loader',
    says: 'dynamic loader configuration',
    paths: ['/etc/ld.so.preload', '/etc/ld.so.conf', '/etc/ld.so.conf.d/'],
    keys: ['libpath', 'systemwide_preloads'],
    weight: 0.8,
    attack: ['T1574.006'],
  },
  {
    id: 'ssh',
    says: 'SSH access',
    paths: ['/etc/ssh/sshd_config', '/etc/ssh/sshd_config.d/', '/etc/ssh/sshrc'],
    endings: ['/.ssh/authorized_keys', '/.ssh/authorized_keys2', '/.ssh/rc'],
    weight: 0.6,
    attack: ['T1098.004'],
  },
  {
    id: 'pam',
    says: 'log-in modules',
    paths: ['/etc/pam.d/', '/lib/security/', '/usr/lib/security/', '/etc/nsswitch.conf'],
    weight: 0.65,
    attack: ['T1556.003'],
  },
  {
    id: 'sudo',
    says: 'sudo rights',
    paths: ['/etc/sudoers', '/etc/sudoers.d/', '/etc/polkit-1/', '/usr/share/polkit-1/'],
    inside: ['/sudoers.d/'],
    keys: ['scope', 'sudoers'],
    weight: 0.6,
    attack: ['T1548.003'],
  },
  {
    id: 'accounts',
    says: 'accounts',
    paths: ['/etc/passwd', '/etc/shadow', '/etc/group', '/etc/gshadow'],
    weight: 0.45,
    attack: ['T1136.001'],
  },
  {
    id: 'kernel',
    says: 'kernel module loading',
    paths: ['/etc/modules', '/etc/modules-load.d/', '/etc/modprobe.d/', '/lib/modules/', '/usr/lib/modules/'],
    weight: 0.6,
    attack: ['T1547.006'],
  },
  {
    id: 'udev',
    says: 'device rule',
    paths: ['/etc/udev/rules.d/', '/lib/udev/rules.d/', '/usr/lib/udev/rules.d/'],
    weight: 0.6,
    attack: ['T1546.017'],
  },
  {
    id: 'desktop',
    says: 'desktop autostart',
    paths: ['/etc/xdg/autostart/'],
    endings: ['.desktop'],
    weight: 0.4,
    attack: ['T1547.013'],
  },
  { id: 'message', says: 'message-of-the-day script', paths: ['/etc/update-motd.d/'], weight: 0.6, attack: ['T1546'] },
  {
    id: 'package-hook',
    says: 'package manager hook',
    paths: ['/etc/apt/apt.conf.d/', '/etc/dpkg/dpkg.cfg.d/', '/etc/yum/', '/etc/dnf/plugins/'],
    weight: 0.5,
    attack: ['T1546.016'],
  },
  {
    id: 'engine',
    says: 'container engine configuration',
    paths: [
      '/etc/docker/daemon.json',
      '/etc/docker/plugins/',
      '/etc/containerd/config.toml',
      '/etc/containers/containers.conf',
      '/etc/containers/policy.json',
      '/etc/containers/registries.conf',
      '/etc/containers/registries.conf.d/',
      '/etc/containers/storage.conf',
    ],
    weight: 0.55,
    attack: ['T1610'],
  },
  { id: 'kubernetes', says: 'static pod', paths: ['/etc/kubernetes/manifests/'], weight: 0.7, attack: ['T1053.007'] },
  {
    id: 'boot',
    says: 'boot configuration',
    paths: ['/boot/', '/etc/default/grub', '/etc/grub.d/', '/etc/initramfs-tools/'],
    weight: 0.55,
    attack: ['T1542'],
  },
  {
    id: 'audit',
    says: 'audit and logging configuration',
    paths: ['/etc/audit/', '/etc/rsyslog.conf', '/etc/rsyslog.d/', '/etc/falco/'],
    weight: 0.55,
    attack: ['T1562.012'],
  },
];

/** Programs whose business it is to change such files; what they do is an update, told apart by their own records. */
export const maintainers: ReadonlySet<string> = new Set([
  'dpkg',
  'dpkg-deb',
  'dpkg-divert',
  'dpkg-query',
  'apt',
  'apt-get',
  'aptitude',
  'unattended-upgr',
  'rpm',
  'yum',
  'dnf',
  'dnf-3',
  'zypper',
  'apk',
  'pacman',
  'snapd',
  'packagekitd',
  'systemd',
  'systemd-udevd',
  'systemctl',
  'deb-systemd-inv',
  'deb-systemd-hel',
  'update-rc.d',
  'ldconfig',
  'update-initramf',
  'grub-mkconfig',
  'depmod',
  'cloud-init',
  'puppet',
  'chef-client',
  'ansible',
  'salt-minion',
  'augenrules',
  'auditctl',
  'auditd',
]);

/** Programs that change accounts and jobs for whoever calls them: an act of a person, not an update. */
export const accountTools: ReadonlySet<string> = new Set([
  'useradd',
  'usermod',
  'userdel',
  'groupadd',
  'groupmod',
  'passwd',
  'chpasswd',
  'chage',
  'gpasswd',
  'crontab',
  'visudo',
  'vipw',
  'adduser',
]);

/** A place, and whether the path leads there by another name than its own (a mount or a link). */
export interface Placed {
  readonly place: PersistencePlace;
  readonly isElsewhere: boolean;
}

/** The place of a path: by its own name, by a name that is the same wherever it is mounted, or by the audit watch that it hit. */
export function placeOf(path: string, ruleKeys: readonly string[] = []): Placed | undefined {
  const outside = path.replace(/^\/(?:host|hostfs|rootfs|mnt)(?=\/)/, '');
  const own = persistencePlaces.find(({ paths, endings }) => isAt(outside, paths, endings ?? []));
  if (own !== undefined) return { place: own, isElsewhere: outside !== path };
  const watched = persistencePlaces.find(({ keys }) => keys?.some((key) => ruleKeys.includes(key)));
  if (watched !== undefined) return { place: watched, isElsewhere: true };
  const mounted = persistencePlaces.find(({ inside }) =>
    inside?.some((part) => path.includes(part) && !path.endsWith(part)),
  );
  return mounted === undefined ? undefined : { place: mounted, isElsewhere: false };
}

function isAt(path: string, paths: readonly string[], endings: readonly string[]): boolean {
  if (
    paths.some((prefix) =>
      prefix.endsWith('/') ? path.startsWith(prefix) && path.length > prefix.length : path === prefix,
    )
  ) {
    return true;
  }
  return endings.some((ending) => path.endsWith(ending) && (ending.startsWith('/') || path.includes('/.config/')));
}
