import { at } from '../base/clock.ts';
import type { Evidence } from '../model/evidence.ts';
import type { AuditEvent } from '../model/host.ts';
import { dockerHost } from '../world/hosts.ts';
import type { Line, LogFile } from './line.ts';

/** Number of the first event of the day: the count goes on from the start of the host. */
const firstSerial = 184_201;
/** The kernel's clock for audit moves four milliseconds at a time (250 Hz). */
const tickMillis = 4;
/** Group separator: what stands behind it on a line was added by auditd (log_format = ENRICHED). */
const separator = '\u001d';

/** dockerhost1's audit.log and the older one, which was rotated late in the evening and compressed. */
export function auditFiles(evidence: Evidence): LogFile[] {
  const events = [...evidence.audit].sort((a, b) => a.time - b.time);
  const rotatedAt = at('23:30');
  const lines = events.flatMap((event, index) => eventLines(event, firstSerial + index));
  const file = (path: string, part: readonly Line[]): LogFile => ({ path, header: [], lines: part, footer: [] });
  return [
    file(
      'auditd/audit.log.1.gz',
      lines.filter((line) => line.at < rotatedAt),
    ),
    file(
      'auditd/audit.log',
      lines.filter((line) => line.at >= rotatedAt),
    ),
  ];
}

function eventLines(event: AuditEvent, serial: number): Line[] {
  const millis = Math.floor(event.time / 1000 / tickMillis) * tickMillis;
  const stamp = `${Math.floor(millis / 1000)}.${String(millis % 1000).padStart(3, '0')}:${serial}`;
  return event.records.map((record) => ({
    at: event.time,
    step: event.step,
    text: `node=${dockerHost.name} type=${record.type} msg=audit(${stamp}): ${record.body}${record.enrichment === '' ? '' : separator + record.enrichment}`,
  }));
}
