import { describe, expect, it, vi } from 'vitest';
import { containerInCgroup } from '../../collect/linux/container-of.ts';
import { newEvent } from '../../events/event.ts';
import { Attribution } from './attribution.ts';

const id = '0123456789abcdef'.repeat(4);
const now = 1_700_000_000_000_000;

function process(pid: number, parent: number, time = now) {
  const event = newEvent('process');
  Object.assign(event, { time, host_name: 'web01', process_pid: pid, process_parent_pid: parent });
  return event;
}

describe('containers of processes', () => {
  it('are filled in with name and image, also for children that were never seen alive', () => {
    const running = new Map([[10, id]]);
    const attribution = new Attribution(
      'web01',
      () => now,
      (pid) => running.get(pid),
    );
    attribution.container({ id, name: 'shop', image: 'shop:1', pid: 9 });
    const events = [process(10, 1), process(11, 10), process(12, 11), process(50, 1), process(60, 9)];
    void attribution.amend(events);
    expect(events.map((event) => event.container_name)).toEqual(['shop', 'shop', 'shop', null, 'shop']);
    expect(events[2]).toMatchObject({ container_id: id, container_image_name: 'shop:1' });
  });

  it('say what the container was given, also when its engine tells less of it later', () => {
    const attribution = new Attribution(
      'web01',
      () => now,
      () => undefined,
    );
    const powers = {
      privileged: true,
      host_pid: true,
      host_network: false,
      host_ipc: false,
      mounts: ['/:/host::true:'],
    };
    attribution.container({ id, name: 'shop', image: 'shop:1', pid: 9, powers });
    attribution.container({ id, name: 'store', image: 'shop:1', pid: 0 });
    const events = [process(9, 1), Object.assign(process(9, 1), { fields: '{"cap_effective":"1"}' })];
    void attribution.amend(events);
    const given = { container_privileged: true, container_host_pid: true, container_mounts: ['/:/host::true:'] };
    expect(events.map((event) => JSON.parse(String(event.fields)) as unknown)).toEqual([
      given,
      { cap_effective: '1', ...given },
    ]);
    expect(events[0]?.container_name).toBe('store');
  });

  it('leave users of the host their names, and those of a container none', () => {
    const attribution = new Attribution(
      'web01',
      () => now,
      (pid) => (pid === 10 ? id : undefined),
    );
    const events = [process(10, 1), process(11, 1)].map((event) => Object.assign(event, { user_id: 0 }));
    void attribution.amend(events);
    expect(events.map((event) => event.user_name)).toEqual([null, 'root']);
  });

  it('tell what a container with the process ids of the machine was started with', () => {
    const powers = { privileged: true, host_pid: true, host_network: false, host_ipc: false, mounts: [] };
    const attribution = new Attribution(
      'web01',
      () => now,
      () => id,
    );
    const isFirst = (pid: number, event_action = 'exec', process_executable = '/bin/sleep'): boolean => {
      const event = Object.assign(process(pid, 1), { event_action, process_executable });
      void attribution.amend([event]);
      return 'container_pid' in (JSON.parse(String(event.fields)) as object);
    };
    attribution.container({ id, name: 'shop', image: 'shop:1', pid: 0, powers });
    expect(isFirst(9, 'exec', '/usr/sbin/runc')).toBe(false);
    expect([isFirst(10, 'prctl'), isFirst(11), isFirst(12), isFirst(11)]).toEqual([false, true, false, true]);
    attribution.container({ id, name: 'shop', image: 'shop:1', pid: 11, powers });
    expect([isFirst(11), isFirst(13)]).toEqual([true, false]);
    attribution.container({ id, name: 'shop', image: 'shop:1', pid: 0, powers });
    expect([isFirst(20), isFirst(21)]).toEqual([true, false]);
    attribution.container({ id, name: 'shop', image: 'shop:1', pid: 0, powers: { ...powers, host_pid: false } });
    expect(isFirst(20)).toBe(false);
  });

  it('wait for an engine that tells of a container late, once and for half a second', async () => {
    vi.useFakeTimers();
    try {
      const powers = { privileged: true, host_pid: false, host_network: false, host_ipc: false, mounts: [] };
      const unknown: string[] = [];
      const attribution = new Attribution(
        'web01',
        () => now,
        () => id,
      );
      const early = process(10, 1);
      expect(attribution.amend([early])).toBeUndefined();
      attribution.expectNames((containerId) => unknown.push(containerId));
      const [held, alsoHeld] = [process(10, 1), process(11, 1)];
      const named = Promise.all([attribution.amend([held]), attribution.amend([alsoHeld])]);
      await vi.advanceTimersByTimeAsync(300);
      // Its name alone: what it may do follows.
      attribution.container({ id, name: 'shop', image: 'shop:1', pid: 0 });
      expect(held.container_name).toBeNull();
      attribution.container({ id, name: 'shop', image: 'shop:1', pid: 9, powers });
      await named;
      expect([held, alsoHeld].map((event) => event.container_name)).toEqual(['shop', 'shop']);
      expect(JSON.parse(String(held.fields))).toEqual({ container_privileged: true });
      const other = 'f'.repeat(64);
      const never = attribution.amend([Object.assign(process(12, 1), { container_id: other })]);
      await vi.advanceTimersByTimeAsync(500);
      await never;
      expect(unknown).toEqual([other]);
      expect(attribution.amend([Object.assign(process(12, 1), { container_id: other })])).toBeUndefined();
    } finally {
      vi.useRealTimers();
    }
  });

  it('are waited for some times more where the name is known and the rights are not', async () => {
    vi.useFakeTimers();
    try {
      const unknown: string[] = [];
      const attribution = new Attribution(
        'web01',
        () => now,
        () => id,
      );
      attribution.expectNames((containerId) => unknown.push(containerId));
      attribution.container({ id, name: 'shop', image: 'shop:1', pid: 0 });
      let waits = 0;
      for (let tries = 0; tries < 6; tries++) {
        const named = attribution.amend([process(10, 1)]);
        if (named !== undefined) waits++;
        await vi.advanceTimersByTimeAsync(500);
        await named;
      }
      expect(waits).toBe(4);
      expect(unknown).toEqual([]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('are not waited for where very many are made up', async () => {
    vi.useFakeTimers();
    try {
      let unknown = 0;
      const attribution = new Attribution(
        'web01',
        () => now,
        () => undefined,
      );
      attribution.expectNames(() => unknown++);
      const made = (index: number) =>
        attribution.amend([Object.assign(process(10, 1), { container_id: String(index).padStart(64, '0') })]);
      for (let index = 0; index < 30; index++) {
        void made(index);
        await vi.advanceTimersByTimeAsync(500);
      }
      expect(unknown).toBe(20);
      expect(made(99)).toBeUndefined();
      await vi.advanceTimersByTimeAsync(60_000);
      expect(made(100)).toBeInstanceOf(Promise);
    } finally {
      vi.useRealTimers();
    }
  });

  it('are not guessed for old events, for other machines, nor against what a record says', () => {
    const attribution = new Attribution(
      'web01',
      () => now,
      () => id,
    );
    attribution.container({ id, name: 'shop', image: 'shop:1', pid: 9 });
    const told = Object.assign(process(10, 1), { container_id: 'other', container_name: 'db' });
    const elsewhere = Object.assign(process(10, 1), { host_name: 'db01' });
    const events = [process(10, 1, now - 3_600_000_000), elsewhere, told];
    void attribution.amend(events);
    expect(events.map((event) => event.container_name)).toEqual([null, null, 'db']);
  });

  it('are read from control groups as each engine names them', () => {
    for (const path of [
      `0::/system.slice/docker-${id}.scope`,
      `12:pids:/docker/${id}`,
      `0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-${id}.scope`,
      `0::/machine.slice/libpod-${id}.scope/container`,
      `1:name=systemd:/libpod_parent/libpod-${id}\n0::/\n`,
      `0::/crio-${id}`,
    ]) {
      expect(containerInCgroup(path)).toBe(id);
    }
    for (const path of ['0::/', '0::/user.slice/user-0.slice', `0::/build-${id}0`, `0::/${id.slice(1)}`]) {
      expect(containerInCgroup(path)).toBeUndefined();
    }
  });
});
