import { elf, program, sly, type Planted } from '../row.ts';
import { smallDebian } from '../../support/inspect-files.ts';
import { elf as elfOf } from '../../support/elf.ts';

const key = `ssh-ed25519 ${'A'.repeat(68)} x@y`;
const passwd = (line: string): Record<string, string> => ({ '/etc/passwd': `${smallDebian['/etc/passwd']}${line}\n` });
const shadow = (line: string): Record<string, string> => ({ '/etc/shadow': `${smallDebian['/etc/shadow']}${line}\n` });

/** Who gets in, and what becomes root. */
export const entry: readonly Planted[] = [
  ['a second file of keys of a service', 'ssh-keys', 'medium', '/var/www/.ssh/authorized_keys2', { '/var/www/.ssh/authorized_keys2': `${key}\n` }],
  ['keys where sshd was told to look', 'ssh-keys', 'medium', '/etc/ssh/keys/www-data', { '/etc/ssh/sshd_config.d/9.conf': 'AuthorizedKeysFile /etc/ssh/keys/%u\n', '/etc/ssh/keys/www-data': `${key}\n` }],
  ['a key with variables', 'ssh-keys', 'medium', '/root/.ssh/authorized_keys', { '/root/.ssh/authorized_keys': `environment="LD_PRELOAD=/usr/lib/x.so" ${key}\n` }],
  ['a key whose command opens a connection', 'ssh-keys', 'high', '/root/.ssh/authorized_keys', { '/root/.ssh/authorized_keys': `command="${sly.busybox}" ${key}\n` }],
  ['keys that are a link', 'ssh-keys', 'medium', '/root/.ssh/authorized_keys', { '/root/.ssh/authorized_keys': { target: '/dev/shm/.k' }, '/dev/shm/.k': `${key}\n` }],
  ['one key of several accounts', 'ssh-keys', 'low', '/root/.ssh/authorized_keys', { '/root/.ssh/authorized_keys': `${key}\n`, '/home/dev/.ssh/authorized_keys': `${key}\n` }],
  ['a program that names the keys', 'sshd-config', 'high', '/etc/ssh/sshd_config.d/ldap.conf', { '/etc/ssh/sshd_config.d/ldap.conf': 'Match User *\n  AuthorizedKeysCommand /usr/lib/.keys %u\n  AuthorizedKeysCommandUser root\n' }],
  ['keys from a hidden place', 'sshd-config', 'medium', '/etc/ssh/sshd_config', { '/etc/ssh/sshd_config': 'AuthorizedKeysFile .ssh/authorized_keys /usr/share/.k/%u\n' }],
  ['variables for all logins', 'sshd-config', 'high', '/etc/ssh/sshd_config.d/1.conf', { '/etc/ssh/sshd_config.d/1.conf': 'SetEnv LD_PRELOAD=/usr/lib/libx.so\n' }],
  ['settings from elsewhere', 'sshd-config', 'medium', '/etc/ssh/sshd_config', { '/etc/ssh/sshd_config': 'Include /var/tmp/*.conf\n' }],
  ['a subsystem with a shell', 'sshd-config', 'medium', '/etc/ssh/sshd_config', { '/etc/ssh/sshd_config': 'Subsystem admin /bin/sh\n' }],
  ['settings behind an option', 'sshd-config', 'medium', '/etc/default/ssh', { '/etc/default/ssh': 'SSHD_OPTS="-o AuthorizedKeysFile=/var/tmp/.k -o PermitRootLogin=yes"\n' }],

  ['a session that runs a program', 'pam', 'high', '/etc/pam.d/sshd', { '/etc/pam.d/sshd': 'session optional pam_exec.so seteuid type=open_session /bin/sh -c "/usr/lib/.s &"\n' }],
  ['a name that opens', 'pam', 'medium', '/etc/pam.d/common-auth', { '/etc/pam.d/common-auth': 'auth sufficient pam_succeed_if.so user = dbus-helper\n' }],
  ['a jump over the password', 'pam', 'high', '/etc/pam.d/common-auth', { '/etc/pam.d/common-auth': 'auth [success=2 default=ignore] pam_permit.so\nauth required pam_unix.so\n' }],
  ['a module that says what it is told', 'pam', 'high', '/etc/pam.d/su', { '/etc/pam.d/su': 'auth sufficient pam_debug.so auth=success\n' }],
  ['a stack that is read in from elsewhere', 'pam', 'medium', '/etc/pam.d/sshd', { '/etc/pam.d/sshd': '@include /var/tmp/.auth\n' }],
  ['a module under a packaged name\'s shade', 'pam', 'high', '/etc/pam.d/login', { '/etc/pam.d/login': 'auth sufficient /lib/security/pam_unlx.so\n', '/lib/security/pam_unlx.so': elf }],
  ['a module that Python writes', 'pam', 'high', '/etc/pam.d/sshd', { '/etc/pam.d/sshd': 'auth sufficient pam_python.so /usr/lib/security/.a.py\n' }],
  ['variables from a file of the account', 'pam', 'medium', '/etc/pam.d/sshd', { '/etc/pam.d/sshd': 'session required pam_env.so user_readenv=1 envfile=/var/tmp/.env\n' }],
  ['a new module', 'pam/module', 'high', '/usr/lib/x86_64-linux-gnu/security/pam_systemd_home2.so', { '/usr/lib/x86_64-linux-gnu/security/pam_systemd_home2.so': elf }],

  ['a right of sudo behind an alias', 'sudoers', 'high', '/etc/sudoers.d/deploy', { '/etc/sudoers.d/deploy': 'Cmnd_Alias DEPLOY = /usr/bin/rsync, /usr/bin/vim\nUser_Alias WEB = www-data\nWEB ALL = NOPASSWD: DEPLOY\n' }],
  ['a right by number', 'sudoers', 'high', '/etc/sudoers', { '/etc/sudoers': '#33 ALL=(ALL) NOPASSWD: ALL\n' }],
  ['a right of a group of a service', 'sudoers', 'high', '/etc/sudoers.d/x', { '/etc/group': 'root:x:0:\nwww-data:x:33:\n', '/etc/sudoers.d/x': '%www-data ALL=(ALL) NOPASSWD: ALL\n' }],
  ['rights from a folder elsewhere', 'sudoers', 'medium', '/var/tmp/s/x', { '/etc/sudoers': '@includedir /var/tmp/s\n', '/var/tmp/s/x': 'dev ALL=(ALL) NOPASSWD: ALL\n' }],
  ['no password for anybody', 'sudoers', 'high', '/etc/sudoers.d/10', { '/etc/sudoers.d/10': 'Defaults:ALL !authenticate\n' }],
  ['a right to run what is writable', 'sudoers', 'medium', '/etc/sudoers.d/b', { '/etc/sudoers.d/b': 'dev ALL=(root) NOPASSWD: /opt/b/run.sh\n', '/opt/b/run.sh': program('#!/bin/sh\n', 0o777) }],
  ['a plug-in of sudo', 'sudoers', 'high', '/etc/sudo.conf', { '/etc/sudo.conf': 'Plugin sudoers_policy /usr/lib/sudo/.p.so\n' }],
  ['a right of doas', 'sudoers', 'high', '/etc/doas.d/x.conf', { '/etc/doas.d/x.conf': 'permit nopass keepenv www-data as root\n' }],
  ['a rule of polkit for one account', 'polkit', 'high', '/etc/polkit-1/rules.d/49-net.rules', { '/etc/polkit-1/rules.d/49-net.rules': 'polkit.addRule(function(action, subject) { if (subject.user == "www-data") return polkit.Result.YES; });\n' }],
  ['a rule of polkit in other words', 'polkit', 'high', '/etc/polkit-1/rules.d/00.rules', { '/etc/polkit-1/rules.d/00.rules': 'polkit.addRule(function(a,s){ return "yes"; });\n' }],
  ['a rule of polkit that asks nothing that matters', 'polkit', 'high', '/etc/polkit-1/rules.d/00.rules', { '/etc/polkit-1/rules.d/00.rules': 'polkit.addRule(function(a,s){ if (a.id.length > 0) { return polkit.Result.YES; } });\n' }],
  ['a rule of polkit that runs a program', 'polkit', 'medium', '/etc/polkit-1/rules.d/10.rules', { '/etc/polkit-1/rules.d/10.rules': 'polkit.addRule(function(a,s){ polkit.spawn(["/usr/lib/.p", s.user]); });\n' }],
  ['a grant of the old kind', 'polkit', 'medium', '/etc/polkit-1/localauthority/50-local.d/x.pkla', { '/etc/polkit-1/localauthority/50-local.d/x.pkla': '[x]\nIdentity=unix-user:*\nAction=*\nResultAny=yes\n' }],
  ['an action that anybody may do', 'polkit', 'medium', '/usr/share/polkit-1/actions/x.policy', { '/usr/share/polkit-1/actions/x.policy': '<policyconfig><action id="org.x.exec"><defaults><allow_any>yes</allow_any></defaults><annotate key="org.freedesktop.policykit.exec.path">/bin/sh</annotate></action></policyconfig>' }],

  ['a copy of a shell among libraries', 'suid', 'critical', '/usr/lib/openssh/ssh-pkcs11', { '/usr/lib/openssh/ssh-pkcs11': program(elfOf('shell'), 0o4755) }],
  ['a set-id program of one\'s own', 'suid', 'medium', '/usr/lib/dbus-1.0/helper2', { '/usr/lib/dbus-1.0/helper2': program(elf, 0o4755) }],
  ['a set-group program', 'suid', 'medium', '/usr/lib/x/dotlock', { '/usr/lib/x/dotlock': program(elf, 0o2755) }],
  ['a second root under a usual name', 'accounts/uid0', 'critical', '/etc/passwd', passwd('toor:x:0:0::/root:/bin/sh')],
  ['a number with zeros before it', 'accounts/uid0', 'critical', '/etc/passwd', passwd('lpd:x:00:0::/:/bin/bash')],
  ['a line for a name service of old', 'accounts/uid0', 'critical', '/etc/passwd', passwd('+::0:0:::')],
  ['a hash in the list that all may read', 'accounts/uid0', 'critical', '/etc/passwd', passwd('ftpd:$1$abcdefgh$ijklmnopqrstuvwxyz01:0:0::/:/bin/sh')],
  ['an account without a password', 'accounts/empty-password', 'critical', '/etc/passwd', { ...passwd('sysop:x:1005:1005::/home/sysop:/bin/bash'), ...shadow('sysop::19700:0:99999:7:::') }],
  ['a service that may log in', 'accounts/service-login', 'medium', '/etc/passwd', { '/etc/shadow': 'www-data:$6$abcdefgh$ijklmnop:1\n' }],
  ['a shell that never was one', 'accounts/odd-shell', 'medium', '/etc/passwd', passwd('ops:x:1002:1002::/home/ops:/usr/lib/.sh')],
  ['a service in the group of disks', 'accounts/group', 'high', '/etc/group', { '/etc/group': 'disk:x:6:www-data\n' }],
  ['a person whose own group is root\'s', 'accounts/group', 'medium', '/etc/passwd', passwd('ops:x:1003:0::/home/ops:/bin/bash')],
  ['a name service', 'nss', 'medium', '/etc/nsswitch.conf', { '/etc/nsswitch.conf': 'hosts: files mdns4x dns\n', '/lib/x86_64-linux-gnu/libnss_mdns4x.so.2': elf }],
]; // prettier-ignore
