import type { Severity } from '../../../../events/finding.ts';

/**
 * What container engines give without being asked, and nobody need ask for. Two of their default set are left out: forging packets, and
 * handing capabilities on, are rights that a hardened container gives up, and that the level `baseline` forbids to ask for or that
 * scanners warn of.
 */
export const defaultCapabilities: ReadonlySet<string> = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETUID',
  'SYS_CHROOT',
]);

/** What the capabilities are good for that open the host; the end of a sentence that begins `which`. */
const risks: Readonly<Record<string, readonly [severity: Severity, why: string]>> = {
  ALL: ['critical', 'are all there are'],
  SYS_ADMIN: ['critical', 'lets it mount file systems and leave the container'],
  SYS_MODULE: ['critical', 'lets it load kernel modules'],
  SYS_PTRACE: ['high', 'lets it read and change other processes, with the host pids those of the host'],
  SYS_RAWIO: ['critical', 'lets it write to ports and memory of the machine'],
  SYS_BOOT: ['high', 'lets it restart the machine and load another kernel'],
  SYS_TIME: ['medium', 'lets it set the clock of the host'],
  DAC_READ_SEARCH: ['critical', 'lets it open any file of the host by its number'],
  NET_ADMIN: ['high', 'lets it change addresses, routes and firewall rules'],
  BPF: ['critical', 'lets it load programs into the kernel'],
  PERFMON: ['high', 'lets it watch the kernel and all processes'],
  CHECKPOINT_RESTORE: ['high', 'lets it choose process numbers and read the memory of others'],
  MAC_ADMIN: ['high', 'lets it change mandatory access control'],
  MAC_OVERRIDE: ['high', 'lets it go around mandatory access control'],
  AUDIT_CONTROL: ['high', 'lets it switch the audit of the kernel off'],
  NET_RAW: ['low', 'lets it forge and listen to packets'],
  SETPCAP: ['low', 'lets it hand capabilities on'],
  SYSLOG: ['medium', 'lets it read addresses of the kernel'],
};

export function capabilityRisk(name: string): { readonly severity: Severity; readonly why: string } {
  const [severity, why] = risks[name] ?? ['medium', ''];
  return { severity, why };
}
