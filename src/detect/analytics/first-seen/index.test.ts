import { describe, expect, it } from 'vitest';
import { dayStart, event, findingsOf } from '../../../../tests/support/event-store.ts';
import type { EventOf, VakthundEvent } from '../../../events/event.ts';
import { analytic } from './index.ts';

const day = 86_400_000_000;
const also = ['networks', 'channels'] as const;

const call = (at: number, name: string, ip: string, fields: Partial<EventOf<'tls'>> = {}): VakthundEvent =>
  event('tls', {
    time: dayStart + at * day,
    source_ip: '10.0.0.5',
    destination_ip: ip,
    tls_client_server_name: name,
    tls_client_ja4: 'server',
    evidence_at: Math.round(at * 1000) + 1,
    ...fields,
  });
/** A server that calls two places every day. */
const habit = Array.from({ length: 14 }, (_none, index) => [
  call(index, 'updates.example.org', '8.8.8.8'),
  call(index + 0.2, 'time.example.net', '8.8.4.4'),
]).flat();
const find = (events: readonly VakthundEvent[], settings = {}) => findingsOf(analytic, events, settings, also);

describe('the first call to a place', () => {
  it('is told of a server that has no news, with what is new of it', async () => {
    const [finding, ...others] = await find([
      ...habit,
      call(12, 'c2.example.com', '193.0.6.139', { tls_client_ja4: 'implant' }),
    ]);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      title: '10.0.0.5 calls example.com for the first time',
      severity: 'low',
      first_seen: dayStart + 12 * day,
      entities: [
        { kind: 'host', value: '10.0.0.5' },
        { kind: 'domain', value: 'example.com' },
        { kind: 'address', value: '193.0.6.139' },
        { kind: 'tls-fingerprint', value: 'implant' },
      ],
      evidence: [{ evidence_id: expect.any(Number) as number, at: 12_001 }],
    });
    expect(finding?.reasons.map(({ what }) => what)).toEqual([
      'new destination',
      'new autonomous system',
      'new country',
      'new TLS fingerprint',
      'learnt before',
      'calls',
    ]);
    expect(finding?.reasons.find(({ what }) => what === 'learnt before')?.value).toMatch(/^12 d/);
    expect(finding?.reasons[1]?.value).toMatch(/^AS3333 /);
  });

  it('is told of a program, by the process that connected', async () => {
    const connect = (at: number, ip: string) =>
      event('socket', {
        time: dayStart + at * day,
        host_name: 'web01',
        process_executable: '/usr/bin/java',
        event_action: 'connect',
        destination_ip: ip,
        evidence_at: Math.round(at * 1000) + 1,
      });
    const events = Array.from({ length: 14 }, (_none, index) => connect(index, '8.8.8.8'));
    const [finding] = await find([...events, connect(13.5, '193.0.6.139')]);
    expect(finding).toMatchObject({
      title: '/usr/bin/java on web01 calls 193.0.6.139 for the first time',
      entities: [
        { kind: 'host', value: 'web01' },
        { kind: 'executable', value: '/usr/bin/java' },
        { kind: 'address', value: '193.0.6.139' },
      ],
    });
  });

  it('is not told in the learning time, of what was known, nor of a workstation that has news every day', async () => {
    expect(await find([...habit, call(5, 'c2.example.com', '193.0.6.139')])).toEqual([]);
    expect(await find(habit)).toEqual([]);
    const browsing = Array.from({ length: 14 * 20 }, (_none, index) =>
      call(index / 20, `www.site${index}.com`, '8.8.8.8'),
    );
    expect(await find([...browsing, call(12, 'www.one-more.com', '8.8.4.4')])).toEqual([]);
  });

  it('says that it is still learning', async () => {
    const why: string[] = [];
    const spied = {
      ...analytic,
      run: (context: Parameters<typeof analytic.run>[0]) =>
        analytic.run({ ...context, notChecked: (text) => void why.push(text) }),
    };
    await findingsOf(spied, habit.slice(0, 6), {}, also);
    expect(why).toEqual(['still learning: no machine was seen for 7 d yet']);
  });
});
