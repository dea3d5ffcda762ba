import { describe, expect, it } from 'vitest';
import { communityId } from '../samples/base/community-id.ts';
import { createEvidence, type Evidence } from '../samples/model/evidence.ts';
import { createScene } from '../samples/model/scene.ts';
import { workstations } from '../samples/world/hosts.ts';
import { plantFloor } from './behaviours/plant-floor.ts';
import { microsPerDay as dayMicros, weekEnd, weekStart } from './calendar.ts';
import { zeekWeek } from './files.ts';
import { planted, playPlanted } from './planted/all.ts';
import { playWeek } from './week.ts';

const week = playWeek();

function flowsByDay({ flows }: Evidence): number[] {
  return Array.from(
    { length: 7 },
    (_none, day) => flows.filter(({ start }) => Math.floor((start - weekStart) / dayMicros) === day).length,
  );
}

describe('the week', () => {
  it('has work on five days and little on two', () => {
    const [mon = 0, , , , fri = 0, sat = 0, sun = 0] = flowsByDay(week);
    expect(Math.min(mon, fri)).toBeGreaterThan(1.5 * Math.max(sat, sun));
    expect(Math.min(sat, sun)).toBeGreaterThan(1000);
  });

  it('has nights and weekends in a hospital', () => {
    const [mon = 0, , , , , sat = 0] = flowsByDay(playWeek(undefined, 'hospital'));
    expect(mon).toBeGreaterThan(1.2 * (flowsByDay(week)[0] ?? 0));
    expect(sat).toBeGreaterThan(0.8 * mon);
  });

  it('has machines in a factory that work by night as by day', () => {
    const day = createEvidence();
    plantFloor(createScene('plant-floor', day));
    const hours = Array.from({ length: 24 }, () => 0);
    for (const { start } of day.flows) {
      const hour = new Date(start / 1000).getUTCHours();
      hours[hour] = (hours[hour] ?? 0) + 1;
    }
    expect(Math.min(...hours)).toBeGreaterThan(0.7 * Math.max(...hours));
    expect(new Set(day.flows.map(({ server }) => server.port))).toEqual(
      new Set([502, 102, 4840, 123, 445, 8080, 8883, 53]),
    );
  });

  it('shows one address in place of the desks of a branch', () => {
    const branch = playWeek(undefined, 'branch');
    const desks = new Set(workstations.map(({ ip }) => ip));
    expect(branch.flows.filter(({ client }) => desks.has(client.ip))).toEqual([]);
    expect(branch.dns.filter(({ flow }) => desks.has(flow.client.ip))).toEqual([]);
    const [flow] = branch.flows.filter(({ client }) => client.ip === '10.20.4.2');
    expect(flow?.communityId).toBe(
      flow && communityId(flow.transport, flow.client.ip, flow.client.port, flow.server.ip, flow.server.port),
    );
  });

  it('is a folder for each day, and the same text each time', () => {
    const files = zeekWeek(week);
    expect(new Set([...files.keys()].map((path) => path.slice(0, 10))).size).toBeGreaterThanOrEqual(7);
    expect(files.get('2026-03-11/conn.log')).toBe(zeekWeek(playWeek()).get('2026-03-11/conn.log'));
  });

  it.each(Object.entries(planted))('holds %s within its days, under ids of its own', (name, one) => {
    const own = playPlanted(name, one);
    const known = new Set(week.flows.map(({ uid }) => uid));
    expect(own.flows.length + own.dhcp.length).toBeGreaterThan(0);
    expect(own.flows.filter(({ uid }) => known.has(uid))).toEqual([]);
    expect(own.flows.filter(({ start }) => start < weekStart || start >= weekEnd)).toEqual([]);
  });
});
