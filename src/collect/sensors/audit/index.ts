import { messageOf } from '../../../base/errors.ts';
import { defineSensor } from '../../sensor.ts';
import { recordInThread } from '../_shared/record-in-thread.ts';

export const sensor = defineSensor({
  id: 'audit',
  title: 'Linux audit',
  description:
    "Records of the kernel's audit system as they occur, through its multicast group: beside auditd, which keeps working, or without it. What is recorded is what the loaded audit rules ask for; `content/audit-rules/vakthund.rules` is a set that the shipped detectors make use of. Records name no container: the control groups of their processes are read as they come. Does not load rules, and does not switch auditing on.",
  references: [
    'https://github.com/linux-audit/audit-documentation/wiki',
    'https://man7.org/linux/man-pages/man7/netlink.7.html',
  ],
  guide: ['C15', 'C16', 'B03', 'B06'],
  needs: 'CAP_AUDIT_READ in the first user namespace (root); CAP_AUDIT_CONTROL to count what the kernel dropped.',
  source: 'auditd',
  async whyNot() {
    try {
      const { AuditSocket } = await import('../../linux/audit/audit-socket.ts');
      new AuditSocket(0).close();
      return undefined;
    } catch (error) {
      return `the audit records of the kernel cannot be read: ${messageOf(error)} (it needs root, outside of a container)`;
    }
  },
  record: (context) => recordInThread(new URL('recorder.ts', import.meta.url), context),
});
