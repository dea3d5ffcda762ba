import { z } from 'zod';
import { defineAnalytic } from '../../analytic.ts';
import { toFinding } from './finding.ts';
import { transferTables } from './queries.ts';
import { readSpan, readTransfers } from './read-transfers.ts';
import { scoreTransfer } from './score.ts';
import { joinSpread } from './spread.ts';

const settings = z.strictObject({
  min_bytes: z
    .number()
    .int()
    .min(1)
    .default(50_000_000)
    .describe('Bytes sent to one place over all time from which they are looked at.'),
  min_score: z.number().min(0).max(1).default(0.3).describe('Transfers below this make no finding.'),
});

export const analytic = defineAnalytic({
  id: 'exfiltration',
  title: 'Data sent out',
  description:
    'Volumes that a machine of ours sent to one place outside, over all days that are stored: a place is the registered domain of its names, else its network. Told by the amount, by how little comes back, by what the machine sends elsewhere, by pieces of one size (archives that were split, those that went to several places in turns told as one), by a destination that is new, and by nobody else sending there. Backups, synchronised folders and calls are told apart by their habit: regular from the beginning on, used by several machines, as much in both directions. What outsiders fetch from servers of ours does not count.',
  reads: ['flow'],
  countsCalls: true,
  attack: ['T1048', 'T1567', 'T1030'],
  guide: ['B16'],
  references: ['https://attack.mitre.org/techniques/T1048/', 'https://attack.mitre.org/techniques/T1030/'],
  settings,
  async *run({ store, timeCondition, settings: { min_bytes: leastBytes, min_score: leastScore } }) {
    const workTables = transferTables(store.macros, timeCondition, leastBytes);
    const { span, transfers } = await store.withTables(workTables, async (tables) => ({
      span: await readSpan(tables),
      transfers: await readTransfers(tables, { timeCondition, leastBytes }),
    }));
    const judged = transfers.map((transfer) => ({ transfer, ...scoreTransfer(transfer, span) }));
    for (const { transfer, ...one } of joinSpread(judged, leastScore, (joined) => scoreTransfer(joined, span))) {
      if (one.score >= leastScore) yield toFinding(transfer, one);
    }
  },
});
