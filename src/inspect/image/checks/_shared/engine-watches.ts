export interface EngineWatch {
  /** The same thing in the places where distributions put it: one of them is enough. */
  readonly paths: readonly string[];
  readonly what: string;
  /** Numbers in the CIS Docker Benchmark 1.6. */
  readonly cis: readonly string[];
}

/** What the audit of a host with Docker watches: programs, data, settings, units and sockets, as they are called today. */
export const engineWatches: readonly EngineWatch[] = [
  { paths: ['/usr/bin/dockerd', '/usr/sbin/dockerd'], what: 'the engine', cis: ['1.1.3'] },
  { paths: ['/usr/bin/docker'], what: 'the command line of the engine', cis: [] },
  { paths: ['/run/containerd'], what: 'the state of containerd', cis: ['1.1.4'] },
  { paths: ['/var/lib/docker'], what: 'images, containers and volumes', cis: ['1.1.5'] },
  { paths: ['/etc/docker'], what: 'settings and certificates', cis: ['1.1.6'] },
  {
    paths: [
      '/usr/lib/systemd/system/docker.service',
      '/lib/systemd/system/docker.service',
      '/etc/systemd/system/docker.service',
    ],
    what: 'the unit that starts the engine',
    cis: ['1.1.7'],
  },
  { paths: ['/run/containerd/containerd.sock'], what: 'the socket of containerd', cis: ['1.1.8'] },
  {
    paths: [
      '/usr/lib/systemd/system/docker.socket',
      '/lib/systemd/system/docker.socket',
      '/etc/systemd/system/docker.socket',
    ],
    what: 'the unit of its socket',
    cis: ['1.1.9'],
  },
  { paths: ['/etc/default/docker', '/etc/sysconfig/docker'], what: 'its defaults', cis: ['1.1.10', '1.1.13'] },
  { paths: ['/etc/docker/daemon.json'], what: 'its settings', cis: ['1.1.11'] },
  { paths: ['/etc/containerd/config.toml'], what: 'the settings of containerd', cis: ['1.1.12'] },
  { paths: ['/usr/bin/containerd', '/usr/bin/docker-containerd'], what: 'containerd', cis: ['1.1.14'] },
  {
    paths: ['/usr/bin/containerd-shim-runc-v2', '/usr/bin/containerd-shim-runc-v1', '/usr/bin/containerd-shim'],
    what: 'what stands between containerd and a container',
    cis: ['1.1.15', '1.1.16', '1.1.17'],
  },
  {
    paths: ['/usr/bin/runc', '/usr/sbin/runc', '/usr/bin/docker-runc'],
    what: 'what starts containers',
    cis: ['1.1.18'],
  },
];
