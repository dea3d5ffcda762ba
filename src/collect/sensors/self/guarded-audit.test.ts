import { describe, expect, it } from 'vitest';
import { GuardedAudit, type AuditGuardState } from './guarded-audit.ts';

const [exitList, excludeList] = [4, 5];
const [never, always] = [0, 2];
const [uid, msgtype] = [1, 12];

/** `struct audit_rule_data` of a rule with one field that equals a value, for all calls. */
function kernelRule(list: number, action: number, field: number, value: number): Buffer {
  const bytes = Buffer.alloc(12 + 64 * 4 * 4 + 4);
  for (const [at, word] of [list, action, 1].entries()) bytes.writeUInt32LE(word, at * 4);
  bytes.fill(0xff, 12, 12 + 64 * 4);
  bytes.writeUInt32LE(field, 268);
  bytes.writeUInt32LE(value, 524);
  bytes.writeUInt32LE(0x40000000, 780);
  return bytes;
}

const recording = (user: number): Buffer => kernelRule(exitList, always, uid, user);
const some = [recording(1), recording(2), recording(3), recording(4), recording(5)];

/** What each look tells, after a first one of an audit that is on and has these five rules. */
function teller(): (changed: Partial<AuditGuardState>) => string[] {
  const guard = new GuardedAudit();
  const before = { isEnabled: true, rules: some, daemonPid: 7, rateLimit: 0, backlogLimit: 8192 };
  const look = (state: AuditGuardState): string[] =>
    [...guard.look(state)].map(({ rule, severity, message }) => `${rule} ${severity}: ${message}`);
  expect(look(before)).toEqual([]);
  expect(look(before)).toEqual([]);
  return (changed) => look({ ...before, ...changed });
}

describe('the audit of the kernel', () => {
  it('that is switched off, and a daemon that goes, are told once', () => {
    const told = teller();
    expect(told({ isEnabled: false, rules: [] })).toEqual([
      'audit-off high: the audit of the kernel was switched off while the watch ran',
      expect.stringMatching(/^audit-rules-removed high: of 5 audit rules 5 were removed .*, and 2 more$/),
    ]);
    expect(told({ isEnabled: false, rules: [] })).toEqual([]);
    expect(told({ isEnabled: false, rules: [], daemonPid: 0 })).toEqual([
      'auditd-gone medium: auditd (process 7) is gone: its log does not grow any more',
    ]);
    expect(told({ isEnabled: false, rules: [], daemonPid: 0 })).toEqual([]);
  });

  it('that loses rules is told which, also when others come in their place', () => {
    const told = teller();
    const removed = 'audit-rules-removed medium: of 5 audit rules 1 were removed while the watch ran:';
    expect(told({ rules: [...some.slice(1), recording(9)] })).toEqual([`${removed} -a always,exit -F uid=1`]);
  });

  it('that is loaded anew, in another order or with more, is not told', () => {
    const told = teller();
    expect(told({ rules: some.toReversed() })).toEqual([]);
    expect(told({ rules: [...some, recording(6)] })).toEqual([]);
    // A rule that leaves out what no other one behind it records takes nothing away.
    expect(told({ rules: [...some, recording(6), kernelRule(exitList, never, uid, 0)] })).toEqual([]);
  });

  it('that gets rules by which others do not see is told once', () => {
    const told = teller();
    const hides = 'audit-rules-hide high: audit rules were added while the watch ran that keep records back:';
    const excluded = kernelRule(excludeList, always, msgtype, 1309);
    const first = kernelRule(exitList, never, uid, 0);
    expect(told({ rules: [excluded, ...some] })).toEqual([`${hides} -a always,exclude -F msgtype=1309`]);
    expect(told({ rules: [excluded, first, ...some] })).toEqual([`${hides} -a never,exit -F uid=0`]);
    expect(told({ rules: [first, excluded, ...some] })).toEqual([]);
  });

  it('that lets less through than before is told, and more is not', () => {
    const told = teller();
    expect(told({ rateLimit: 5, backlogLimit: 0 })).toEqual([
      'audit-throttled medium: the audit of the kernel was throttled while the watch ran, to 5 records a second (auditctl -r): it drops the rest',
    ]);
    expect(told({ rateLimit: 50, backlogLimit: 1 })).toEqual([
      expect.stringContaining('to 1 records that may wait, after any number (auditctl -b)'),
    ]);
    expect(told({ rateLimit: 0, backlogLimit: 8192 })).toEqual([]);
  });
});
