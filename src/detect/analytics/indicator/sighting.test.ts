import { describe, expect, it } from 'vitest';
import { observablesOf, type Observable } from '../../../match/indicators/observables.ts';
import { SightingTable, sightingOf, type Sighting } from './sighting.ts';
import { event } from './test-case.ts';

function observable(column: string): Observable {
  const found = observablesOf('socket').find((each) => each.column === column);
  if (found === undefined) throw new RangeError(column);
  return found;
}

function connect(pid: number, value: string, time: number, at: number): Sighting {
  const fields = {
    host_name: 'web1',
    destination_ip: value,
    process_pid: pid,
    process_name: 'x',
    time,
    evidence_at: at,
  };
  return sightingOf(event('socket', fields), observable('destination_ip'), value);
}

describe('SightingTable', () => {
  it('folds what differs in time and place only, and keeps the first and last place in any order of coming', () => {
    const stamps = [
      [5, 9],
      [3, 7],
      [3, 2],
      [8, 1],
      [8, 4],
    ] as const;
    for (const order of [stamps, stamps.toReversed()]) {
      const table = new SightingTable();
      for (const [time, at] of order) table.add(connect(1, '45.1.1.1', time, at));
      const all = [...table.all()];
      expect(all).toHaveLength(1);
      expect(all[0]).toMatchObject({ count: 5, first: 3, firstAt: 2, last: 8, lastAt: 4, pid: '1', host: 'web1' });
    }
  });

  it('does not let a flood on one value crowd out another, and loses no count', () => {
    const table = new SightingTable();
    for (let pid = 0; pid < 5000; pid++) table.add(connect(pid, '45.1.1.1', pid, pid));
    table.add(connect(1, '45.2.2.2', 1, 1));
    const all = [...table.all()];
    expect(all.length).toBeLessThan(1100);
    expect(all.reduce((sum, each) => sum + each.count, 0)).toBe(5001);
    expect(all.find((each) => each.value === '45.2.2.2')).toMatchObject({ pid: '1', process: 'x' });
    expect(table.cut).toBe(0);
  });

  it('counts what finds no room at all', () => {
    const table = new SightingTable();
    const one = connect(1, 'x', 1, 1);
    for (let index = 0; index < 200_010; index++) table.add({ ...one, value: String(index) });
    expect(table.cut).toBe(10);
  });
});
