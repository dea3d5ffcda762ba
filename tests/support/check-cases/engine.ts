import { type CheckCase } from '../check-sentences.ts';

function info(more: object): readonly [string, string] {
  return ['info.json', JSON.stringify({ ServerVersion: '28.0.0', SecurityOptions: [], ...more })];
}

/** The engine: its settings, its units, and what it says of itself. One line for each check and input: what it says, or nothing. */
export const engineCases: readonly CheckCase[] = [
  ['engine-inter-container', ['daemon.json', '{"icc": false}'], []],
  [
    'engine-inter-container',
    ['daemon.json', '{"live-restore": true}'],
    ['the engine lets containers on the default bridge talk to one another'],
  ],
  ['engine-live-restore', ['daemon.json', '{"live-restore": true}'], []],
  ['engine-live-restore', ['daemon.json', '{"icc": false}'], ['the engine stops all containers when it is restarted']],
  [
    'engine-experimental',
    ['daemon.json', '{"icc": false, "experimental": true}'],
    ['the engine has experimental features switched on'],
  ],
  ['engine-experimental', ['daemon.json', '{"icc": false}'], []],
  ['engine-userland-proxy', ['daemon.json', '{"userland-proxy": false}'], []],
  ['engine-userland-proxy', ['daemon.json', '{"icc": false}'], ['the engine forwards ports by docker-proxy']],
  ['engine-root-users', ['daemon.json', '{"userns-remap": "default"}'], []],
  [
    'engine-root-users',
    ['daemon.json', '{"icc": false}'],
    ['the engine does not map users: root inside is root outside'],
  ],
  ['engine-new-privileges', ['daemon.json', '{"icc": false, "no-new-privileges": true}'], []],
  [
    'engine-new-privileges',
    ['daemon.json', '{"icc": false}'],
    ['the engine lets processes gain rights unless a container forbids it'],
  ],
  [
    'engine-no-firewall-rules',
    ['daemon.json', '{"iptables": false}'],
    ['the engine writes no firewall rules (iptables: false)'],
  ],
  ['engine-no-firewall-rules', ['daemon.json', '{"icc": false}'], []],
  [
    'engine-insecure-registry',
    ['daemon.json', '{"insecure-registries": ["127.0.0.0/8", "r.example:5000"]}'],
    ['the engine believes the registry r.example:5000 without a certificate'],
  ],
  ['engine-insecure-registry', ['daemon.json', '{"icc": false}'], []],
  ['engine-no-authorization', ['daemon.json', '{"authorization-plugins": ["opa"]}'], []],
  ['engine-no-authorization', ['daemon.json', '{"icc": false}'], ['the engine has no authorization plug-in']],
  ['engine-local-logs', ['daemon.json', '{"log-driver": "syslog"}'], []],
  ['engine-local-logs', ['daemon.json', '{"icc": false}'], ['the engine keeps logs in files (json-file)']],
  ['engine-swarm', info({ Swarm: { LocalNodeState: 'active' } }), ['the engine is an active node of a swarm']],
  ['engine-swarm', info({ Swarm: { LocalNodeState: 'inactive' } }), []],
  ['engine-storage-driver', info({ Driver: 'aufs' }), ['the engine stores images with aufs']],
  ['engine-storage-driver', ['daemon.json', '{"storage-driver": "overlay2"}'], []],
  ['engine-log-level', ['daemon.json', '{"icc": false, "log-level": "debug"}'], ['the engine logs at the level debug']],
  ['engine-log-level', ['daemon.json', '{"icc": false, "log-level": "info"}'], []],
  [
    'engine-seccomp-off',
    ['daemon.json', '{"icc": false, "seccomp-profile": "unconfined"}'],
    ['the engine runs containers without seccomp'],
  ],
  ['engine-seccomp-off', ['daemon.json', '{"icc": false}'], []],
  [
    'engine-group',
    ['group', 'root:x:0:\ndocker:x:998:root,eve\nusers:x:100:mallory\n'],
    ['the engine lets eve use its socket (group docker), which is as good as root'],
  ],
  ['engine-group', ['group', 'root:x:0:\ndocker:x:998:\n'], []],
  [
    'engine-api-open',
    ['docker.service', '[Service]\nExecStart=/usr/bin/dockerd -H fd:// \\\n  -H tcp://0.0.0.0:2375\n'],
    ['the engine listens on every address, port 2375, without asking for a certificate'],
  ],
  [
    'engine-api-open',
    ['docker.service', '[Service]\nExecStart=/usr/bin/dockerd -H tcp://0.0.0.0:2376 --tlsverify --tlscacert=ca.pem\n'],
    [],
  ],
  [
    'no-sandbox-runtime',
    ['daemon.json', '{"runtimes": {"custom": {"path": "/usr/bin/crun"}}, "icc": false}'],
    ['the engine knows no runtime with a kernel of its own (custom)'],
  ],
  ['no-sandbox-runtime', ['daemon.json', '{"runtimes": {"runsc": {"path": "/usr/bin/runsc"}}, "icc": false}'], []],
  [
    'engine-api-open',
    [
      'ps.txt',
      'UID PID PPID C STIME TTY TIME CMD\nroot 1 0 0 10:00 ? 00:00:01 /usr/bin/dockerd -H tcp://10.0.0.1:2375 --icc=false\n',
    ],
    ['the engine listens on 10.0.0.1, port 2375, without asking for a certificate'],
  ],
  [
    'engine-outdated',
    ['version.json', '{"Server": {"Version": "27.1.0", "Components": [{"Name": "runc", "Version": "1.1.11"}]}}'],
    [
      'the engine is version 27.1.0, in which authorization plug-ins can be gone around (CVE-2024-41110, fixed in 27.1.1)',
      'the engine is version 27.1.0, which its makers stopped mending on 2025-05-03',
      'the engine runs runc 1.1.11, in which a container can get at the file system of the host through a descriptor left open (CVE-2024-21626, fixed in 1.1.12)',
      'the engine runs runc 1.1.11, in which masked paths can be exchanged for links, and /proc of the host be written to (CVE-2025-31133, fixed in 1.3.3)',
    ],
  ],
  [
    'engine-outdated',
    ['version.json', '{"Server": {"Version": "29.7.2", "Components": [{"Name": "runc", "Version": "1.3.3"}]}}'],
    [],
  ],
];
