import { describe, expect, it } from 'vitest';
import { dayStart, event, findingsOf } from '../../../../tests/support/event-store.ts';
import type { EventOf, VakthundEvent } from '../../../events/event.ts';
import { analytic } from './index.ts';

/** A strobe in small: 240 connections a day stand for 86,400. */
/** Each question goes through a real store, and machines that test are busy. */
const patient = { timeout: 30_000 };

const pace = { connections_per_day: 240 };
const hour = 3_600_000_000;

function calls(count: number, span: number, fields: Partial<EventOf<'flow'>> = {}): VakthundEvent[] {
  return Array.from({ length: count }, (_none, index) =>
    event('flow', {
      time: dayStart + Math.floor((index * span) / count),
      source_ip: '10.0.0.5',
      destination_ip: '203.0.113.9',
      destination_port: 443,
      conn_state: 'SF',
      evidence_at: index + 1,
      ...fields,
    }),
  );
}

const neighbours = Array.from({ length: 12 }, (_none, index) =>
  event('flow', { source_ip: `10.0.1.${index}`, destination_ip: '198.51.100.1' }),
);

describe('strobes', patient, () => {
  it('tells a whole day of it with the first and the last record', async () => {
    const [finding] = await findingsOf(analytic, [...neighbours, ...calls(240, 24 * hour)], pace);
    expect(finding).toMatchObject({ severity: 'high', score: 0.8, count: 240 });
    expect(finding?.evidence.map((pointer) => pointer.at)).toEqual([1, 240]);
  });

  it('counts the pace of an hour where there is no day, for less', async () => {
    const [finding] = await findingsOf(analytic, [...neighbours, ...calls(12, hour)], pace);
    expect(finding?.severity).toBe('low');
    expect(finding?.score).toBeCloseTo(0.417, 3);
  });

  it('says nothing below the pace', async () => {
    expect(await findingsOf(analytic, [...neighbours, ...calls(200, 24 * hour)], pace)).toEqual([]);
    expect(await findingsOf(analytic, calls(400, 24 * hour))).toEqual([]);
  });

  it('is quiet about the inside, about what all use, and about what comes from outside', async () => {
    const [inside] = await findingsOf(
      analytic,
      [...neighbours, ...calls(240, 24 * hour, { destination_ip: '10.0.9.9' })],
      pace,
    );
    expect(inside?.severity).toBe('low');
    const resolver = [...neighbours, ...calls(240, 24 * hour, { destination_ip: '198.51.100.1' })];
    expect(await findingsOf(analytic, resolver, pace)).toEqual([]);
    expect(
      await findingsOf(analytic, [...neighbours, ...calls(240, 24 * hour, { source_ip: '192.0.2.1' })], pace),
    ).toEqual([]);
  });

  it('tells how many were not answered and how many ports were tried', async () => {
    const scanned = calls(240, 24 * hour, { conn_state: 'S0' }).map((flow, index) =>
      Object.assign(flow, { destination_port: index }),
    );
    const [finding] = await findingsOf(analytic, [...neighbours, ...scanned], pace);
    expect(finding?.reasons).toContainEqual({ what: 'unanswered', value: '240 of 240' });
    expect(finding?.reasons).toContainEqual({ what: 'ports', value: '240 different ones' });
  });
});
