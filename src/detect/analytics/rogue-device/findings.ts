import type { Entity } from '../../../events/entity.ts';
import type { Finding, Reason, Severity } from '../../../events/finding.ts';
import { makeFinding, pointersOf, severityOf, textsOf } from '../../make-finding.ts';
import type { SqlRow } from '../../../store/store.ts';
import type { Device } from './device.ts';
import { hardwareOf } from './hardware.ts';

export function deviceFinding(
  device: Device,
  judged: {
    readonly score: number;
    readonly reasons: readonly Reason[];
    readonly isActive: boolean;
    readonly isNew: boolean;
  },
): Finding {
  const { mac, ips } = device;
  const kind = hardwareOf(mac) ?? 'device';
  const where = ips[0] === undefined ? '' : ` (${ips[0]})`;
  return makeFinding({
    about: [mac],
    detector: 'analytics/rogue-device',
    title: `${judged.isNew ? 'new ' : ''}${kind} ${mac}${where} in the network`,
    sentence: `${judged.isNew ? 'a new ' : ''}${kind} ${mac} showed up in the network${ips[0] === undefined ? '' : ` as ${ips[0]}`}`,
    severity: severity(judged),
    score: judged.score,
    first_seen: device.first,
    last_seen: device.last,
    entities: [{ kind: 'device', value: mac }, ...ips.map((value): Entity => ({ kind: 'host', value }))],
    attack: judged.isActive ? ['T1200', 'T1018'] : ['T1200'],
    reasons: judged.reasons,
    evidence: device.evidence,
    count: device.count,
    vanishes: 'the device was there in earlier evidence, is hardware that belongs here, and does not look for others',
    next: `find the switch port of ${mac}, and who put it there; leave it running until its traffic is recorded`,
  });
}

/** Somebody's board on a desk is news at most: it must be new, or look around, to be worth a walk to the switch. */
function severity({ score, isActive, isNew }: { score: number; isActive: boolean; isNew: boolean }): Severity {
  const severity = severityOf(score);
  if (isActive || isNew || severity === 'info') return severity;
  return 'low';
}

/** Two devices that answer for one address: somebody stands in another's place, or two machines were given the same one. */
export function contestedFinding(row: SqlRow): Finding {
  const ip = String(row['ip']);
  const macs = textsOf(row['macs']);
  const turns = Number(row['n']);
  const score = Math.min(0.69, 0.45 + 0.05 * Math.log2(turns));
  return makeFinding({
    about: ['contested', ip],
    detector: 'analytics/rogue-device',
    title: `${macs.length} devices claim ${ip} in turn`,
    severity: severityOf(score),
    score,
    first_seen: Number(row['first']),
    last_seen: Number(row['last']),
    entities: [{ kind: 'host', value: ip }, ...macs.map((value): Entity => ({ kind: 'device', value }))],
    attack: ['T1557.002'],
    reasons: [
      { what: 'changes of hands within an hour', value: String(turns), weight: score },
      { what: 'devices', value: macs.join(', ') },
    ],
    evidence: pointersOf(row),
    count: turns,
    vanishes: 'one device alone sends from the address, or it changes hands only once',
    next: `look which of ${macs.join(', ')} should have ${ip}, and what the other one is`,
  });
}
