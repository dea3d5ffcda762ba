import { describe, expect, it } from 'vitest';
import type { Problem } from '../../../../base/problem.ts';
import { readRecord } from '../records/record.ts';
import { LossReports } from './loss-reports.ts';

function see(line: string): Problem[] {
  const bytes = Buffer.from(line, 'latin1');
  const record = readRecord({ bytes, text: line }, 0, bytes.length, 3, 0);
  if (typeof record === 'string') throw new Error(record);
  const problems: Problem[] = [];
  const { time, serial, node } = record;
  new LossReports().see({ time, serial, node, records: [record], isCut: false }, problems);
  return problems;
}

describe('counters of lost events', () => {
  it('are reported where the kernel or the daemon writes them', () => {
    const reset = 'type=CONFIG_CHANGE msg=audit(1.0:1): op=set lost=0 old=38 auid=0 ses=1 res=1';
    expect(see(reset)).toMatchObject([{ code: 'events-lost', count: 38, at: { line: 3 } }]);
    expect(see('type=KERNEL msg=audit(1.0:1): audit_lost=5 audit_rate_limit=0')).toMatchObject([{ count: 5 }]);
    expect(see('type=DAEMON_END msg=audit(1.0:1): op=terminate lost=7')).toMatchObject([{ count: 7 }]);
  });

  it('are nothing when they are zero, no number, or a field of something else', () => {
    expect(see('type=CONFIG_CHANGE msg=audit(1.0:1): op=set lost=0 old=0 res=1')).toEqual([]);
    expect(see('type=CONFIG_CHANGE msg=audit(1.0:1): op=add_rule old=8192 res=1')).toEqual([]);
    expect(see('type=CONFIG_CHANGE msg=audit(1.0:1): lost=many')).toEqual([]);
    expect(see('type=USER_CMD msg=audit(1.0:1): lost=7')).toEqual([]);
  });
});
