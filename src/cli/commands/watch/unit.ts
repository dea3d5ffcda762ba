import { sensorRights } from '../../../collect/linux/rights.ts';

/** Where systemd looks for a unit of the administrator. */
export const unitPath = '/etc/systemd/system/vakthund.service';

export interface UnitOptions {
  /** Absolute path of the launcher. */
  readonly program: string;
  /** Arguments as they were given, without `--print-unit`. */
  readonly args: readonly string[];
  /** Where relative paths begin. */
  readonly workingFolder: string;
  /** Folder of the case: the only place that is written. */
  readonly caseFolder: string;
  readonly sensors: readonly string[];
}

/** System calls beyond those of any service that sensors make. */
const calls: readonly { readonly sensor: string; readonly names: string }[] = [
  { sensor: 'fanotify', names: 'fanotify_init fanotify_mark open_by_handle_at' },
  { sensor: 'ebpf', names: 'bpf perf_event_open' },
];

/** A unit of systemd that runs this watch: without a right that it does not use, bounded in memory, processor and disk. */
export function unitText({ program, args, workingFolder, caseFolder, sensors }: UnitOptions): string {
  // What `auto` does not start is named.
  const isChosen = (sensor: string): boolean =>
    sensors.includes(sensor) || (sensors.includes('auto') && sensor !== 'ebpf');
  const isNeeded = (by: readonly string[]): boolean => by.length === 0 || by.some(isChosen);
  const needed = sensorRights.filter((one) => isNeeded(one.sensors));
  const names = needed.map(({ name }) => name).join(' ');
  const more = calls.filter(({ sensor }) => isNeeded([sensor])).map(({ names: own }) => `SystemCallFilter=${own}\n`);
  return `# Vakthund, watching. Put it at ${unitPath}, then:
# mkdir -p ${caseFolder} && systemctl daemon-reload && systemctl enable --now vakthund
[Unit]
Description=Vakthund: watch for what happens on this machine
Documentation=file://${program.replace(/\/[^/]*$/, '')}/docs/guide/watch.md
After=auditd.service network-online.target
Wants=network-online.target

[Service]
ExecStart=${[program, ...args].map(quoted).join(' ')}
# Loads its rules anew.
ExecReload=/bin/kill -HUP $MAINPID
WorkingDirectory=${workingFolder}
Restart=always
RestartSec=5
# Ctrl-C: what is committed stays, what is queued is delivered at the next start.
KillSignal=SIGINT
TimeoutStopSec=30

# Bounds: a watch must never starve what it watches. Beyond MemoryHigh it is slowed, beyond MemoryMax started anew.
MemoryHigh=600M
MemoryMax=1G
CPUWeight=20
CPUQuota=50%
IOWeight=20
TasksMax=64

# Rights, and what each is for:
${needed.map(({ name, why }) => `#   ${name}: ${why}`).join('\n')}
CapabilityBoundingSet=${names}
AmbientCapabilities=${names}
NoNewPrivileges=yes

# It reads everything and writes its case only, and the folder of its compiled code.
ProtectSystem=strict
ReadWritePaths=${quoted(caseFolder)}
# Compiled code from start to start: making it anew takes time, and memory that stays.
CacheDirectory=vakthund
CacheDirectoryMode=0700
Environment=NODE_COMPILE_CACHE=%C/vakthund
PrivateTmp=yes
ProtectHome=read-only
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
RestrictNamespaces=yes
RestrictSUIDSGID=yes
RestrictRealtime=yes
LockPersonality=yes
# MemoryDenyWriteExecute is left out: V8 makes machine code while it runs.
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@mount @swap @reboot @module @raw-io @obsolete
${more.join('')}UMask=0077

[Install]
WantedBy=multi-user.target
`;
}

/** As systemd reads a word: `%` begins a specifier and `$` a variable. */
function quoted(word: string): string {
  const plain = word.replaceAll('%', '%%').replaceAll('$', '$$$$');
  return /^[\w%$./:@=,+-]+$/.test(plain) ? plain : `"${plain.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
