import { randomUUID } from 'node:crypto';
import { formatIso, type Micros } from '../../../base/time.ts';
import { severityRank, type Severity } from '../../../events/finding.ts';
import type { Notice } from '../notice.ts';
import { alertId } from '../told.ts';

/** A notice for the outside: what every receiver needs in fixed places, and the notice itself. */
export interface Message {
  /** Unique: a receiver that gets it twice can tell. */
  readonly id: string;
  readonly type: Notice['type'];
  readonly time: Micros;
  readonly host: string;
  readonly severity: Severity;
  /** One line. */
  readonly text: string;
  readonly notice: Notice;
}

/** What is told outside: alerts and incidents from a severity on. `host` is the machine that watches. */
export function messageOf(
  notice: Notice,
  minSeverity: Severity,
  options: { readonly host: string; readonly now: Micros },
): Message | undefined {
  const core = coreOf(notice);
  if (core === undefined || severityRank(core.severity) < severityRank(minSeverity)) return undefined;
  return {
    id: notice.type === 'alert' ? alertId(notice) : randomUUID(),
    type: notice.type,
    time: core.time ?? options.now,
    host: options.host,
    ...core,
    notice,
  } as Message;
}

function coreOf(notice: Notice): (Pick<Message, 'severity' | 'text'> & { readonly time?: Micros }) | undefined {
  switch (notice.type) {
    case 'alert':
      return {
        severity: notice.severity,
        time: notice.time,
        text: [notice.title, notice.host === undefined ? '' : `on ${notice.host}`, notice.what]
          .filter(Boolean)
          .join(' '),
      };
    case 'repeats':
      return { severity: notice.severity, time: notice.last, text: `${notice.title}: ${notice.count} more` };
    case 'incident':
      if (notice.change === 'standing' || notice.change === 'over') return undefined;
      return {
        severity: notice.incident.severity,
        time: notice.incident.last_seen,
        text: `incident ${notice.change}, risk ${notice.incident.risk}: ${notice.incident.title}`,
      };
    case 'sensor':
      if (notice.state === 'started') return undefined;
      return {
        // Who is to see nothing begins with what sees.
        severity: notice.state === 'stopped' ? 'high' : 'medium',
        text: `sensor ${notice.sensor} ${notice.state}: ${notice.message}`,
      };
    case 'rules':
      return notice.state === 'loaded' ? undefined : { severity: 'medium', text: notice.message };
    case 'problem':
    case 'forgotten':
    case 'status':
      return undefined;
  }
}

const priorities: Readonly<Record<Severity, string>> = {
  critical: 'Critical',
  high: 'Error',
  medium: 'Warning',
  low: 'Notice',
  info: 'Informational',
};

/** The message as Falco's `http_output` would post it, for Falcosidekick and what stands behind it. */
export function falcoPayload(message: Message): string {
  const { notice } = message;
  const rule = notice.type === 'alert' || notice.type === 'repeats' ? notice.title : `vakthund ${notice.type}`;
  const fields: Record<string, unknown> = { 'vakthund.id': message.id, 'vakthund.type': notice.type };
  if (notice.type === 'alert') {
    fields['vakthund.detector'] = notice.detector;
    fields['evt.what'] = notice.what;
    if (notice.container !== undefined) fields['container.name'] = notice.container;
    if (notice.image !== undefined) fields['container.image'] = notice.image;
    if (notice.user !== undefined) fields['user.name'] = notice.user;
  }
  if (notice.type === 'incident') fields['vakthund.risk'] = notice.incident.risk;
  let tags: readonly string[] = [];
  if (notice.type === 'alert') tags = notice.attack;
  else if (notice.type === 'incident') tags = notice.incident.attack;
  return JSON.stringify({
    output: message.text,
    priority: priorities[message.severity],
    rule,
    source: 'vakthund',
    hostname: message.host,
    time: formatIso(message.time),
    tags,
    output_fields: fields,
  });
}
