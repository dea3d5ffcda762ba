import { meaningOfRecord } from '../interpret/meanings.ts';
import type { Key } from '../records/keys.ts';

/** `event_dataset` of records without a system call, by the class of their type. */
const datasets: Readonly<Record<string, string>> = {
  'user-login': 'auditd.user',
  'user-account': 'auditd.user',
  'user-space': 'auditd.user',
  'group-change': 'auditd.user',
  TTY: 'auditd.user',
  'system-services': 'auditd.service',
  configuration: 'auditd.config',
  'audit-daemon': 'auditd.daemon',
  'mac-decision': 'auditd.mac',
  mac: 'auditd.mac',
  'dac-decision': 'auditd.mac',
  'av-decision': 'auditd.mac',
  anomaly: 'auditd.anomaly',
  'anomaly-response': 'auditd.anomaly',
  integrity: 'auditd.integrity',
  crypto: 'auditd.crypto',
  virt: 'auditd.virt',
  'audit-rule': 'auditd.syscall',
};

export function datasetOf(type: Key): string {
  return datasets[meaningOfRecord(type.name).class] ?? 'auditd.kernel';
}
