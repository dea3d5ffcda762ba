import { describe, expect, it } from 'vitest';
import { ownUnit, unitFiles } from './unit-files.ts';

describe('files of the unit', () => {
  it('are those of the unit that the watch runs in, also in both hierarchies of control groups', () => {
    const hybrid =
      '12:pids:/system.slice/my-watch.service\n1:name=systemd:/system.slice/my-watch.service\n0::/init.scope\n';
    expect(ownUnit(hybrid)).toBe('my-watch.service');
    expect(ownUnit('0::/system.slice/system-watch.slice/watch@a.service\n')).toBe('watch@a.service');
  });

  it('are those of the written unit where it runs in none', () => {
    for (const text of ['', '0::/\n', '0::/user.slice/user-0.slice/session-1.scope\n', ':::\n', 'x']) {
      expect(ownUnit(text)).toBe('vakthund.service');
    }
  });

  it('are also what is laid over it for this start of the machine, and over all services', () => {
    expect(unitFiles('vakthund.service')).toEqual(
      expect.arrayContaining([
        '/etc/systemd/system/vakthund.service',
        '/etc/systemd/system/vakthund.service.d',
        '/run/systemd/system/vakthund.service',
        '/run/systemd/system.control/vakthund.service.d',
        '/etc/systemd/system.control/vakthund.service.d',
        '/etc/systemd/system/service.d',
        '/etc/systemd/system/multi-user.target.wants/vakthund.service',
      ]),
    );
  });
});
