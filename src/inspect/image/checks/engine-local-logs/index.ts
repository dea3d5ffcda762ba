import { defineCheck } from '../../check.ts';
import { cis } from '../_shared/references.ts';

const local = new Set(['json-file', 'local', 'none', '']);

export const check = defineCheck({
  id: 'engine-local-logs',
  title: 'logs that stay on the host',
  severity: 'info',
  why: 'Who owns the host deletes the traces; what containers write is lost with them.',
  fix: 'set a `log-driver` that sends (journald with forwarding, syslog, fluentd, gelf), or collect the files',
  vanishes: 'logs were sent to another machine',
  references: cis('2.13'),
  guide: ['C14', 'C18'],
  attack: ['T1070'],
  *engine({ isConfigured, logDriver, at }) {
    const driver = logDriver?.value ?? (isConfigured ? 'json-file' : undefined);
    if (driver === undefined || !local.has(driver)) return;
    yield { at: logDriver?.at ?? at, what: driver === 'none' ? 'keeps no logs' : `keeps logs in files (${driver})` };
  },
});
