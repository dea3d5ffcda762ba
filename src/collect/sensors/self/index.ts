import { defineSensor } from '../../sensor.ts';

export const sensor = defineSensor({
  id: 'self',
  title: 'Tampering with the watch',
  description:
    "What is done to Vakthund while it watches: its program with its libraries, rules, lists, settings, secrets, unit, baseline, suppressions or store changed, records of its sensors and its word for the next watch cut, written or removed, itself held (SIGSTOP), the clock set, the kernel's audit switched off, throttled, robbed of its rules or its daemon, or given rules that hide others. Of the store it tells that another program wrote it while nobody had it open, and that sealed files of it are gone or damaged. When a watch begins it tells that the one before was killed, from when to when nobody watched, and what was changed meanwhile. Looks every five seconds; at files of the program when the kernel tells of a change in their folders, and every five minutes. Whoever is root can do all this and stop the watch too: what was seen before is delivered and kept, and a receiver that hears nothing more should ask why.",
  references: ['https://attack.mitre.org/techniques/T1562/'],
  guide: ['B03', 'B06'],
  needs: 'nothing; CAP_AUDIT_CONTROL to see the audit.',
  source: 'vakthund-export',
  whyNot: () => Promise.resolve(undefined),
  record: async (context) => (await import('./record.ts')).recordTampering(context),
});
