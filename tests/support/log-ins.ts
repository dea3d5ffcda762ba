import type { EventOf, VakthundEvent } from '../../src/events/event.ts';
import { event } from './event-store.ts';

/** 2026-02-02T00:00:00Z in µs. */
export const monday = 1_769_990_400_000_000;

/** A log-in of anna on a day after `monday`, at an hour. */
export function logIn(day: number, hour: number, fields: Partial<EventOf<'user_session'>> = {}): VakthundEvent {
  return event('user_session', {
    time: monday + day * 86_400_000_000 + hour * 3_600_000_000,
    event_action: 'login',
    event_outcome: 'success',
    target_user_name: 'anna',
    host_name: 'ws07',
    source_ip: '10.1.1.7',
    ...fields,
  });
}

/** Log-ins in the morning and after noon (or at `from` and six hours later) on so many days from Monday to Friday. */
export function workdays(count: number, from = 7): VakthundEvent[] {
  return Array.from({ length: count }, (_none, index) => {
    const day = Math.floor(index / 5) * 7 + (index % 5);
    return [logIn(day, from), logIn(day, from + 6)];
  }).flat();
}
