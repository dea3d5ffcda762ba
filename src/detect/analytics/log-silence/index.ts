import { z } from 'zod';
import { microsPerMinute } from '../../../base/time.ts';
import { kindIds } from '../../../events/event.ts';
import { defineAnalytic } from '../../analytic.ts';
import { clockFinding, lossFinding, silenceFinding } from './findings.ts';
import { clockJumps, losses } from './sensor-health.ts';
import { findSilences, type Silence } from './silence.ts';
import { readStreams } from './streams.ts';

const settings = z.strictObject({
  min_history_hours: z
    .number()
    .min(2)
    .default(24)
    .describe('Hours for which a log must have been written steadily before its silence counts.'),
  min_silence_hours: z
    .number()
    .min(1.5)
    .default(3)
    .describe('Hours of silence, and four times its longest pause before, from which it is told.'),
  min_loss_percent: z
    .number()
    .min(0)
    .max(100)
    .default(1)
    .describe('Share of packets, segments or bytes in percent that a network sensor may miss without being told.'),
  min_jump_minutes: z.number().min(1).default(10).describe('Minutes that a clock goes back from which it is told.'),
});

export const analytic = defineAnalytic({
  id: 'log-silence',
  title: 'Logs that fall silent',
  description:
    'A log that was written steadily for a day at least, and then is not while others of the same machine or the same evidence folder go on, for hours or until the end: somebody stopped its writer or took records out. Where nothing else went on, the evidence just ends, and nothing is told. Beside it: network sensors that missed much of what they should see, and clocks of machines that went back.',
  reads: kindIds,
  attack: ['T1562'],
  guide: ['B04', 'C14'],
  references: [
    'https://attack.mitre.org/techniques/T1562/',
    'https://docs.zeek.org/en/master/logs/capture-loss-and-reporter.html',
  ],
  settings,
  async *run({ store, timeCondition, settings: set }) {
    const silences = findSilences(await readStreams(store, timeCondition), {
      historyHours: set.min_history_hours,
      silenceHours: set.min_silence_hours,
    });
    for (const [owner, together] of groups(silences)) yield silenceFinding(owner, together);
    for (const row of await store.query(losses(store.macros, timeCondition))) {
      if (Number(row['percent']) >= set.min_loss_percent) yield lossFinding(row);
    }
    const jumpMicros = set.min_jump_minutes * microsPerMinute;
    for (const row of await store.query(clockJumps(store.macros, timeCondition, jumpMicros))) yield clockFinding(row);
  },
});

/** Logs of one writer stop at one time, but not to the second. */
const togetherMicros = 30 * microsPerMinute;

/** Silences by machine, or by folder where the records name none, that began within half an hour. */
function groups(silences: readonly Silence[]): [owner: string, silences: [Silence, ...Silence[]]][] {
  const grouped: [string, [Silence, ...Silence[]]][] = [];
  const byOwner = Map.groupBy(silences, ({ stream: { machine, folder } }) => (machine === '' ? folder : machine));
  for (const [owner, own] of byOwner) {
    for (const silence of own.toSorted((a, b) => a.from - b.from)) {
      const last = grouped.at(-1);
      const isTogether = last?.[0] === owner && silence.from - last[1][0].from <= togetherMicros;
      if (isTogether) last[1].push(silence);
      else grouped.push([owner, [silence]]);
    }
  }
  return grouped;
}
