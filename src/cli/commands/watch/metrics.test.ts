import { expect, it } from 'vitest';
import { WatchMetrics } from './metrics.ts';

it('counts what is told and read, and says what waits for whom', () => {
  const metrics = new WatchMetrics();
  metrics.read(7);
  metrics.read(5);
  const alert = { detector: 'd', title: 't', severity: 'high', host: undefined } as const;
  metrics.count({ type: 'alert', ...alert, time: 0, what: '', attack: [], evidence: { path: 'log', at: 1 } });
  metrics.count({ type: 'repeats', ...alert, count: 3, last: 0 });
  metrics.count({ type: 'sensor', sensor: 'audit', state: 'lost', message: '', count: 9 });
  const queues = [{ label: 'webhook-1', waitingBytes: 2048, refused: 4 }];
  const lines = metrics.text(queues, { cpuSeconds: 1.5, residentBytes: 1e8 }).split('\n');
  expect(lines).toEqual(
    expect.arrayContaining([
      'vakthund_events_total 12',
      'vakthund_alerts_total{severity="high"} 4',
      'vakthund_alerts_total{severity="low"} 0',
      'vakthund_lost_records_total 9',
      'vakthund_queue_bytes{receiver="webhook-1"} 2048',
      'vakthund_refused_messages_total{receiver="webhook-1"} 4',
      'process_cpu_seconds_total 1.5',
      'process_resident_memory_bytes 100000000',
    ]),
  );
  // Each metric is explained before its values, and ends with a line end.
  expect(lines.filter((line) => line.startsWith('# TYPE')).length).toBe(
    new Set(lines.filter((line) => /^\w/.test(line)).map((line) => /^\w+/.exec(line)?.[0])).size + 1,
  );
  expect(lines.at(-1)).toBe('');
});
