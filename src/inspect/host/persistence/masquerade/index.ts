import { nameOf } from '../../../tree/tree.ts';
import { isInterpreter } from '../../../../match/commands/programs.ts';
import type { HostProcess } from '../../proc/process.ts';
import { executableSigns, isPackagedProgram, processItem } from '../../process-item.ts';
import { defineTechnique, type HostContext, type Sign } from '../../technique.ts';

/** Threads that every kernel has. */
const kernelNames =
  /^\[?(?:kworker\/|ksoftirqd\/|migration\/|rcu_|kthreadd|kswapd|khugepaged|kcompactd|kdevtmpfs|kauditd|kblockd|kintegrityd|cpuhp\/|watchdog\/|jbd2\/|scsi_eh_|irq\/|kthrotld|ata_sff|md\b|writeback|bioset|netns|oom_reaper|ext4-rsv-conver|xfs-|nvme-wq)/;
const daemonNames = new Set([
  'sshd',
  'cron',
  'crond',
  'dbus-daemon',
  'systemd',
  'systemd-journald',
  'systemd-logind',
  'systemd-udevd',
  'systemd-networkd',
  'systemd-resolved',
  'rsyslogd',
  'auditd',
  'polkitd',
  'NetworkManager',
  'agetty',
  'atd',
  'init',
  'udevd',
  'dockerd',
  'containerd',
  'nginx',
  'apache2',
  'httpd',
  'mysqld',
  'postgres',
  'irqbalance',
  'chronyd',
  'ntpd',
  'snapd',
  'accounts-daemon',
  'upowerd',
  'acpid',
]);

export const technique = defineTechnique({
  id: 'masquerade',
  title: 'Processes under a false name',
  description:
    'Processes that call themselves like a thread of the kernel, which has no program, or like a system daemon whose program they are not.',
  places: ['/proc/*/{comm,cmdline,exe,stat}'],
  attack: ['T1036.004'],
  guide: ['B03'],
  references: ['https://attack.mitre.org/techniques/T1036/004/'],
  needs: 'live',
  *find(context) {
    for (const process of context.live?.processes() ?? []) {
      const { executable, isKernelThread, argv, name } = process;
      if (executable === undefined || isKernelThread) continue;
      const claimed = argv[0] ?? '';
      const signs: Sign[] = [];
      if (/^\[.+\]$/.test(claimed) || kernelNames.test(claimed) || kernelNames.test(name)) {
        signs.push({
          what: 'calls itself like a thread of the kernel',
          value: claimed === '' ? name : claimed,
          weight: 0.75,
        });
      } else if (isFalseDaemon(process, claimed, context)) {
        signs.push({ what: 'calls itself like a daemon that it is not', value: claimed, weight: 0.65 });
      }
      if (signs.length > 0) {
        yield processItem(process, context, {
          title: 'process under a false name',
          signs: [...signs, ...executableSigns(process, context)],
        });
      }
    }
  },
});

/** Daemons change their title (`sshd: user [priv]`), but run from their own package; multi-call programs go by many names. */
function isFalseDaemon(process: HostProcess, claimed: string, context: HostContext): boolean {
  const { executable = '' } = process;
  const word = nameOf(claimed.split(/[\s:]/)[0] ?? '');
  if (!daemonNames.has(word) || nameOf(executable).startsWith(word) || /busybox|toybox/.test(executable)) return false;
  if (isInterpreter(executable) && isPackagedProgram(process, context)) return false;
  return context.live?.isElsewhere(process) !== true && !isPackagedProgram(process, context);
}
