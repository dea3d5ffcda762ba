import { defineSource } from '../../source.ts';
import { decode } from './decode.ts';
import { detect } from './detect.ts';

export const source = defineSource({
  id: 'auditd',
  title: 'Linux audit log',
  description:
    'audit.log of auditd in both formats (RAW, ENRICHED), what `ausearch --raw` and the default output of ausearch ' +
    'write, and audit records inside syslog lines. Records are put together into events: programs with all their ' +
    'arguments, files with absolute paths, sockets, sessions and accounts, kernel modules; all other records are kept ' +
    'as log records. Gaps in the numbering and counters of lost events are reported. Interpreted output ' +
    '(`ausearch -i`) and the binary journal are left out.',
  references: [
    'https://github.com/linux-audit/audit-documentation',
    'https://man7.org/linux/man-pages/man8/auditd.8.html',
    'https://github.com/torvalds/linux/blob/master/include/uapi/linux/audit.h',
  ],
  guide: ['B03', 'B06', 'C14', 'C15', 'C16'],
  emits: ['process', 'file_access', 'socket', 'user_session', 'kernel_module', 'log'],
  detect,
  decode,
});
