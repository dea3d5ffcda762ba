import { defineAnalytic } from '../../analytic.ts';
import { ritaFindings } from '../../rita/findings.ts';
import { findBeacons } from './run.ts';
import { settings } from './settings.ts';

export const analytic = defineAnalytic({
  id: 'beacon',
  title: 'Beacons',
  description:
    'Finds local hosts that call a destination at regular intervals. Intervals are held against what any mix of memoryless ' +
    'arrivals could do at most, so jitter, missed calls, working hours and bursts need no settings, and slow beacons count ' +
    'over all stored days. Calls are taken per address and port, and per TLS or QUIC server name, HTTP host or CONNECT target. ' +
    'What many hosts do (updaters, time servers, resolvers) is left out by how common the destination is. ' +
    "RITA's own score can be chosen instead.",
  reads: ['flow', 'tls', 'quic', 'http'],
  countsCalls: true,
  attack: ['T1071', 'T1071.001', 'T1071.004', 'T1095', 'T1573', 'T1571', 'T1090', 'T1029'],
  guide: ['B01', 'B12'],
  references: ['https://attack.mitre.org/techniques/T1071/', 'https://github.com/activecm/rita'],
  settings,
  async *run(context) {
    const { profile } = context.settings;
    if (profile === 'vakthund') yield* await findBeacons(context);
    else yield* await ritaFindings(context, profile, 'analytics/beacon', ['beacon', 'subdomains', 'threatIntel']);
  },
});
