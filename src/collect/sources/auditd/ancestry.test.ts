import { describe, expect, it } from 'vitest';
import { Ancestry, type KnownProcess } from './ancestry.ts';

const process = (name: string, parentPid = 1): Omit<KnownProcess, 'seen'> => ({
  parentPid,
  name,
  executable: `/bin/${name}`,
  commandLine: name,
  isWhole: true,
  user: 0,
});
const minute = 60_000_000;

describe('remembered processes', () => {
  it('are those that were seen last under an id', () => {
    const ancestry = new Ancestry();
    ancestry.see(7, process('sh'), 0);
    ancestry.see(7, process('ls'), 1);
    expect(ancestry.get(7)?.name).toBe('ls');
    expect(ancestry.get(8)).toBeUndefined();
  });

  it('are copied by a fork', () => {
    const ancestry = new Ancestry();
    ancestry.see(7, process('sh'), 0);
    ancestry.fork(8, 7, 1);
    expect(ancestry.get(8)).toMatchObject({ name: 'sh', parentPid: 7 });
  });

  it('are not replaced by a fork soon after they were seen: its id may be one of a container', () => {
    const ancestry = new Ancestry();
    ancestry.see(1, process('systemd', 0), 0);
    ancestry.see(7, process('runc'), 0);
    ancestry.fork(1, 7, minute);
    expect(ancestry.get(1)?.name).toBe('systemd');
    ancestry.fork(1, 7, 20 * minute);
    expect(ancestry.get(1)?.name).toBe('runc');
  });

  it('are bounded in number and size, and those in use stay', () => {
    const ancestry = new Ancestry();
    ancestry.see(1, { ...process('init'), commandLine: 'x'.repeat(1_000_000) }, 0);
    for (let pid = 2; pid < 20_000; pid++) {
      ancestry.see(pid, process('sh'), 0);
      ancestry.get(1);
    }
    expect([...ancestry.entries()].length).toBeLessThanOrEqual(8192);
    expect(ancestry.get(1)?.commandLine).toHaveLength(4096);
    expect(ancestry.get(2)).toBeUndefined();
  });

  it('come back from their entries', () => {
    const ancestry = new Ancestry();
    for (let pid = 1; pid < 9; pid++) ancestry.see(pid, process(`p${pid}`), 0);
    const other = new Ancestry();
    other.restore([...ancestry.entries()]);
    expect([...other.entries()]).toEqual([...ancestry.entries()]);
  });
});
