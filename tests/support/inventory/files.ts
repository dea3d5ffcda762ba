import { elf, script, shell } from './contents.ts';
import type { InventoryRow } from './row.ts';
import { elf as elfOf } from '../elf.ts';

const year = 1_735_689_600_000_000;
const privatePod =
  'spec:\n  hostPID: true\n  containers: [{securityContext: {privileged: true}}]\n  volumes: [{hostPath: {path: /}}]\n';
/** A certificate authority made for this table, valid for 30 years: `CN = Inventory of tests`. */
const authority = `-----BEGIN CERTIFICATE-----
MIIBkDCCATegAwIBAgIUQIrt7Ab/lmyRXF9vT1/TJUr5jWkwCgYIKoZIzj0EAwIw
HTEbMBkGA1UEAwwSSW52ZW50b3J5IG9mIHRlc3RzMCAXDTI2MTEyNjIxNTAyNVoY
DzIwNTYxMTE4MjE1MDI1WjAdMRswGQYDVQQDDBJJbnZlbnRvcnkgb2YgdGVzdHMw
WTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATedVCEEo2vY5F+7Nko8YoBvj1o36+v
TLbsOt/MPGqKIY4LiqcEA8R9k7N+6pjw6ROuzD5dWT+zvblEUIvQX2BBo1MwUTAd
BgNVHQ4EFgQUG9MB/0VJxOBUoJ5JCn8QeHml0vIwHwYDVR0jBBgwFoAUG9MB/0VJ
xOBUoJ5JCn8QeHml0vIwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNHADBE
AiBOo3Igk0zQuvyoSoAW7jZ3D6PsFcPKRGxRQEcgkDNNPwIgeksGyE3VZIPupKs3
eyq6nKXPRgjlgfVKKaqxZ8WIjZQ=
-----END CERTIFICATE-----
`;

/** What was changed, hidden or added among files, in languages, in web roots and for containers. */
export const files: readonly InventoryRow[] = [
  {
    id: 'pkg.integrity',
    title: 'a packaged file that was replaced',
    techniques: ['package-mismatch'],
    judged: 'that it differs from its package, and that a program became a script or a link to elsewhere',
    simulations: ['trojan-binary'],
    plant: { detector: 'package-mismatch', severity: 'critical', path: '/usr/bin/cat', files: { '/usr/bin/cat': { content: '#!/bin/sh\n/usr/bin/cat.bak "$@" | grep -v evil\n', mode: 0o755 }, '/usr/bin/cat.bak': { content: elfOf('cat'), mode: 0o755 } } },
    twin: { what: 'a configuration that its administrator changed', files: { '/etc/crontab': '30 * * * * root cd / && run-parts --report /etc/cron.hourly\n' } },
  },
  {
    id: 'unpackaged.exec',
    title: 'a program of no package among those of the system',
    techniques: ['unpackaged-program', 'path-hijack'],
    judged: 'that it is hidden, imitates a name, stands before a packaged command, or holds odd commands',
    plant: { detector: 'unpackaged-program', severity: 'high', path: '/usr/bin/.x', files: { '/usr/bin/.x': { content: elf, mode: 0o755 } } },
    twin: { what: 'programs of a vendor', files: { '/usr/local/bin/tool': { content: elf, mode: 0o755 }, '/opt/vendor/bin/run': script('exec /opt/vendor/lib/main "$@"') } },
  },
  {
    id: 'python',
    title: 'code that Python runs at every start',
    techniques: ['python'],
    judged: 'lines of .pth files that import, and start modules; what packaging tools write is known',
    simulations: ['py-pth'],
    plant: { detector: 'python', severity: 'high', path: '/usr/lib/python3/dist-packages/z.pth', files: { '/usr/lib/python3/dist-packages/z.pth': 'import os; os.system("id")\n' } },
    twin: { what: 'what setuptools and an editable install write', files: { '/usr/local/lib/python3.11/dist-packages/distutils-precedence.pth': "import os; var = 'SETUPTOOLS_USE_DISTUTILS'; enabled = os.environ.get(var, 'local') == 'local'; enabled and __import__('_distutils_hack')\n", '/usr/local/lib/python3.11/dist-packages/easy.pth': '/srv/app\n' } },
  },
  {
    id: 'lang.hooks',
    title: 'code that other interpreters load by themselves',
    techniques: ['language-hooks'],
    judged: 'variables and settings that load a file, and where that stands',
    plant: { detector: 'language-hooks', severity: 'high', path: '/etc/php/8/conf.d/9.ini', files: { '/etc/php/8/conf.d/9.ini': 'auto_prepend_file=/var/tmp/.p.php\n' } },
    twin: { what: 'memory for Node and a bound of PHP', files: { '/etc/environment': 'NODE_OPTIONS=--max-old-space-size=4096\n', '/etc/php/8/conf.d/9.ini': 'memory_limit=256M\n' } },
  },
  {
    id: 'web.shell',
    title: 'a web shell',
    techniques: ['webshell'],
    judged: 'values of a request that reach code or commands, packing, hidden names, scripts in pictures, times that were set back',
    simulations: ['webshell-php'],
    plant: { detector: 'webshell', severity: 'critical', path: '/var/www/html/.t.php', files: { '/var/www/html/.t.php': '<?php @eval(base64_decode($_POST["q"])); ?>' } },
    twin: { what: 'a page with a form', files: { '/var/www/html/form.php': '<?php echo htmlspecialchars($_POST["name"]); file_put_contents("log", date("c"));' } },
  },
  {
    id: 'web.conf',
    title: 'a module or setting of a web server',
    techniques: ['web-server', 'webshell', 'language-hooks'],
    judged: 'modules of no package, programs that settings start, handlers that run pictures',
    plant: { detector: 'web-server', severity: 'medium', path: '/etc/apache2/mods/x.load', files: { '/etc/apache2/mods/x.load': 'LoadModule x /usr/lib/apache2/modules/x.so\n', '/usr/lib/apache2/modules/x.so': elf } },
    twin: 'packaged',
  },
  {
    id: 'docker.daemon',
    title: 'the engine of containers open to others',
    techniques: ['docker-daemon'],
    others: ['check `engine-api-open`', 'check `engine-insecure-registry`'],
    judged: 'an API on TCP without verified clients, sockets that anybody may write to',
    simulations: ['docker-daemon-tcp'],
    plant: { detector: 'docker-daemon/daemon-exposed', severity: 'critical', path: '/etc/docker/daemon.json', files: { '/etc/docker/daemon.json': '{"hosts":["unix:///x","tcp://0.0.0.0:2375"]}' } },
    twin: { what: 'the engine on its socket', files: { '/etc/docker/daemon.json': '{"hosts":["unix:///var/run/docker.sock"],"log-driver":"local"}' } },
  },
  {
    id: 'docker.container',
    title: 'a container that is root on the host',
    techniques: ['container'],
    others: ['check `privileged`', 'check `changed-program`'],
    judged: 'rights, namespaces, mounts of the host, and that it comes back by itself',
    open: "containers of containerd are read from its socket by `image check`, not from its files",
    plant: { detector: 'container/privileged', severity: 'high', path: '/var/lib/docker/containers/a/hostconfig.json', files: { '/var/lib/docker/containers/a/hostconfig.json': '{"Privileged":true,"Binds":["/:/host"]}' } },
    twin: { what: 'a container with a folder of data', files: { '/var/lib/docker/containers/a/hostconfig.json': '{"Privileged":false,"Binds":["/srv/data:/data"],"RestartPolicy":{"Name":"unless-stopped"}}' } },
  },
  {
    id: 'k8s.static',
    title: 'a pod that the kubelet starts by itself',
    techniques: ['static-pod'],
    judged: 'rights and mounts of the host, and a name that no installer uses',
    simulations: ['k8s-static-pod'],
    plant: { detector: 'static-pod', severity: 'high', path: '/etc/kubernetes/manifests/p.yaml', files: { '/etc/kubernetes/manifests/p.yaml': privatePod } },
    twin: { what: 'a static pod of kubeadm', files: { '/etc/kubernetes/manifests/etcd.yaml': 'spec:\n  hostNetwork: true\n  volumes: [{hostPath: {path: /etc/kubernetes/pki/etcd}}]\n' } },
  },
  {
    id: 'k8s.client',
    title: 'objects of a cluster that bring themselves back',
    techniques: [],
    others: ['source `kubernetes-audit`', 'check `privileged`', 'check `cluster-admin`', 'check `service-account-token`'],
    judged: 'objects as `image check` reads them from manifests, and requests in the audit log of the API server by the rules',
    open: 'a cluster is not asked; kubeconfig files with tokens are told as secrets in images only',
  },
  {
    id: 'dns.resolver',
    title: 'names that lead elsewhere',
    techniques: ['resolver'],
    others: ['table `dns_resolvers`'],
    judged: 'names of update servers, registries and protection in the host file',
    open: 'an unknown resolver is no finding: `host baseline` tells that it changed',
    plant: { detector: 'resolver', severity: 'medium', path: '/etc/hosts', files: { '/etc/hosts': '203.0.113.9 deb.debian.org\n' } },
    twin: { what: 'a name of one\'s own', files: { '/etc/hosts': '127.0.0.1 localhost\n10.0.0.5 db.internal\n' } },
  },
  {
    id: 'certs',
    title: 'an added certificate authority',
    techniques: ['trust-store'],
    judged: 'each is shown; more is one that stands only in the bundle',
    open: 'the stores of Java and of browsers are not read',
    plant: { detector: 'trust-store', severity: 'low', path: '/usr/local/share/ca-certificates/x.crt', files: { '/usr/local/share/ca-certificates/x.crt': authority } },
    twin: 'packaged',
  },
  {
    id: 'antiforensics.logs',
    title: 'a log or a history that was emptied, cut or switched off',
    techniques: ['log', 'history'],
    judged: 'links to nowhere, emptied after they began, zeroed records, settings that keep nothing',
    simulations: ['history-null'],
    plant: { detector: 'log', severity: 'high', path: '/var/log/btmp', files: { '/var/log/btmp': Buffer.concat([Buffer.alloc(384, 1), Buffer.alloc(384), Buffer.alloc(384, 1)]) } },
    twin: { what: 'a log that was just rotated', files: { '/var/log/syslog': { content: '', mtime: year }, '/var/log/syslog.1': { content: 'Jan  1 00:00:00 web1 cron[1]: x\n', mtime: year } } },
  },
  {
    id: 'antiforensics.time',
    title: 'a time that was set back',
    techniques: ['timestomp'],
    judged: 'that a file came to be long after the time that it shows, to the whole second or with the time of a neighbour',
    plant: { detector: 'timestomp', severity: 'medium', path: '/usr/bin/x', files: { '/usr/bin/x': { content: elf, mode: 0o755, mtime: 1_600_000_000_000_000, btime: 1_700_000_000_000_000 } } },
    twin: { what: 'a program that an archive brought with its time', files: { '/usr/local/bin/tool': { content: elf, mode: 0o755, mtime: 1_600_000_000_000_000, btime: 1_700_000_000_000_000 } } },
  },
  {
    id: 'hidden.paths',
    title: 'a hidden or odd name',
    techniques: ['hidden-path'],
    judged: 'programs below hidden folders of the system, names of dots or blanks or control characters, files among devices',
    plant: { detector: 'hidden-path', severity: 'high', path: '/usr/lib/.../x', files: { '/usr/lib/.../x': { content: shell, mode: 0o755 } } },
    twin: { what: 'hidden files that tools leave', files: { '/opt/app/.git/HEAD': 'ref: refs/heads/main\n', '/etc/.pwd.lock': '', '/home/dev/.cache/x': 'x', '/usr/lib/node_modules/a/.eslintrc': '{}' } },
  },
]; // prettier-ignore
