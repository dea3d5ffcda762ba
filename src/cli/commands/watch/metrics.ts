import type { Notice, WatchStatus } from '../../../case/watch/notice.ts';
import { severities, type Severity } from '../../../events/finding.ts';

/** Counters in Prometheus' text format (version 0.0.4). */
export class WatchMetrics {
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

  get lost(): number {
    return this.#lost;
  }

  text(): string {
    const { events = 0, incidents = 0, judgedInMs = 0 } = this.#status ?? {};
    const lines = [
      ...metric('vakthund_events_total', 'counter', 'Events read since the start.', [['', events]]),
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
      ...metric('vakthund_judge_seconds', 'gauge', 'Time of the last judgement over everything.', [
        ['', judgedInMs / 1000],
      ]),
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
