import type { Notice, WatchStatus } from '../../../case/watch/notice.ts';
import { severities, type Severity } from '../../../events/finding.ts';

/** What waits for one receiver. */
export interface QueueState {
  readonly label: string;
  readonly waitingBytes: number;
  /** Messages for which there was no room. */
  readonly refused: number;
}

/** What the process itself takes. */
export interface Usage {
  readonly cpuSeconds: number;
  readonly residentBytes: number;
}

/** Counters in Prometheus' text format (version 0.0.4). */
export class WatchMetrics {
  #events = 0;
  readonly #alerts = new Map<Severity, number>();
  readonly #incidents = new Map<string, number>();
  #problems = 0;
  #lost = 0;
  #status: WatchStatus | undefined;

  count(notice: Notice): void {
    if (notice.type === 'alert') add(this.#alerts, notice.severity, 1);
    else if (notice.type === 'repeats') add(this.#alerts, notice.severity, notice.count);
    else if (notice.type === 'incident') add(this.#incidents, notice.change, 1);
    else if (notice.type === 'problem') this.#problems += notice.problem.count ?? 1;
    else if (notice.type === 'sensor') this.#lost += notice.count ?? 0;
    else if (notice.type === 'status') this.#status = notice.status;
  }

  /** Events that came in, which a status tells later. */
  read(events: number): void {
    this.#events += events;
  }

  get lost(): number {
    return this.#lost;
  }

  text(queues: readonly QueueState[], { cpuSeconds, residentBytes }: Usage): string {
    const { incidents = 0, judgedInMs = 0 } = this.#status ?? {};
    const lines = [
      ...metric('vakthund_events_total', 'counter', 'Events read since the start.', [['', this.#events]]),
      ...metric(
        'vakthund_alerts_total',
        'counter',
        'Alerts by severity, repeats included.',
        severities.map((severity) => [`{severity="${severity}"}`, this.#alerts.get(severity) ?? 0]),
      ),
      ...metric('vakthund_incidents', 'gauge', 'Incidents that stand.', [['', incidents]]),
      ...metric(
        'vakthund_incident_changes_total',
        'counter',
        'Changes of incidents.',
        [...this.#incidents].map(([change, count]) => [`{change="${change}"}`, count]),
      ),
      ...metric('vakthund_problems_total', 'counter', 'Things that could not be read or checked.', [
        ['', this.#problems],
      ]),
      ...metric('vakthund_lost_records_total', 'counter', 'Records that sensors lost.', [['', this.#lost]]),
      ...metric('vakthund_judge_seconds', 'gauge', 'Time of the last judgement.', [['', judgedInMs / 1000]]),
      ...metric(
        'vakthund_queue_bytes',
        'gauge',
        'What waits to be taken by each receiver.',
        queues.map(({ label, waitingBytes }) => [`{receiver="${label}"}`, waitingBytes]),
      ),
      ...metric(
        'vakthund_refused_messages_total',
        'counter',
        'Messages that found no room in the queue of a receiver.',
        queues.map(({ label, refused }) => [`{receiver="${label}"}`, refused]),
      ),
      ...metric('process_cpu_seconds_total', 'counter', 'Processor time of the watch.', [['', cpuSeconds]]),
      ...metric('process_resident_memory_bytes', 'gauge', 'Memory of the watch.', [['', residentBytes]]),
    ];
    return `${lines.join('\n')}\n`;
  }
}

function add<K>(map: Map<K, number>, key: K, count: number): void {
  map.set(key, (map.get(key) ?? 0) + count);
}

function metric(
  name: string,
  type: 'counter' | 'gauge',
  help: string,
  values: readonly (readonly [labels: string, value: number])[],
): string[] {
  return [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    ...values.map(([labels, value]) => `${name}${labels} ${value}`),
  ];
}
