import { describe, expect, it } from 'vitest';
import { dayStart, event, findingsOf } from '../../../../tests/support/event-store.ts';
import type { EventOf } from '../../../events/event.ts';
import { analytic } from './index.ts';

let line = 0;
const request = (second: number, fields: Partial<EventOf<'http'>>) =>
  event('http', {
    source_ip: '203.0.113.9',
    host_name: 'WEB01',
    http_request_method: 'GET',
    url_original: '/owa/',
    http_response_status_code: 401,
    time: dayStart + second * 1_000_000,
    evidence_at: ++line,
    ...fields,
  });
const many = (count: number, fields: (index: number) => Partial<EventOf<'http'>>, step = 1) =>
  Array.from({ length: count }, (_none, index) => request(index * step, fields(index)));

describe('guessed passwords of web sites', () => {
  it('are told of a page that is refused in haste, with the server that refused', async () => {
    expect(
      await findingsOf(
        analytic,
        many(300, () => ({})),
      ),
    ).toMatchObject([
      {
        detector: 'analytics/brute-force',
        title: '203.0.113.9 guesses a password on WEB01',
        severity: 'low',
        count: 300,
        first_seen: dayStart,
        last_seen: dayStart + 299_000_000,
        entities: [
          { kind: 'host', value: 'WEB01' },
          { kind: 'address', value: '203.0.113.9' },
        ],
      },
    ]);
  });

  it('are high when the page is given after them, with the account that the log names', async () => {
    const events = [
      ...many(120, (index) => ({ url_domain: 'shop.example', user_name: ['anna', 'bo', 'cy'][index % 3] ?? null })),
      request(130, { url_domain: 'shop.example', user_name: 'bo', http_response_status_code: 200 }),
    ];
    expect(await findingsOf(analytic, events)).toMatchObject([
      {
        title: '203.0.113.9 guessed passwords of 3 accounts on shop.example and was let in',
        severity: 'high',
        last_seen: dayStart + 130_000_000,
        entities: [
          { kind: 'domain', value: 'shop.example' },
          { kind: 'address', value: '203.0.113.9' },
          { kind: 'user', value: 'bo' },
        ],
      },
    ]);
  });

  it('name an account as it is, whatever it is called', async () => {
    const events = [
      ...many(60, () => ({ user_name: 'a?b' })),
      request(70, { user_name: 'a?b', http_response_status_code: 200 }),
    ];
    const [finding] = await findingsOf(analytic, events);
    expect(finding?.reasons).toContainEqual({ what: 'let in afterwards', value: 'a?b', weight: 0.5 });
  });

  it('do not name an account that the log does not', async () => {
    const events = [...many(60, () => ({})), request(70, { http_response_status_code: 200 })];
    const [finding] = await findingsOf(analytic, events);
    expect(finding).toMatchObject({
      severity: 'high',
      sentence: '203.0.113.9 was refused 60 times by WEB01, then let in',
    });
    expect(finding?.entities.filter(({ kind }) => kind === 'user')).toEqual([]);
  });

  it.each([
    ['403 to the form of a log-in page', 403, '/account/login?next=/', 15],
    ['the page of WordPress again', 200, '/blog/wp-login.php', 15],
  ])('are seen in %s', async (_what, status, target, count) => {
    const form = { http_request_method: 'POST', url_original: target, http_response_status_code: status };
    expect(
      await findingsOf(
        analytic,
        many(count, () => form, 10),
      ),
    ).toMatchObject([{ count }]);
  });

  it('are told of many accounts with few tries each, and once though a sensor saw them too', async () => {
    const sprayed = many(9, (index) => ({ source_ip: '10.0.0.7', user_name: `user${index}` }), 600);
    const seen = sprayed.map((one) => ({ ...one, sensor: 'zeek', user_name: null }));
    expect(await findingsOf(analytic, [...sprayed, ...seen])).toMatchObject([
      { title: '10.0.0.7 guesses passwords of 9 accounts on WEB01', attack: ['T1110.003'] },
    ]);
  });

  it.each([
    [
      'three mistakes',
      [...many(3, () => ({ user_name: 'anna' })), request(9, { user_name: 'anna', http_response_status_code: 200 })],
    ],
    [
      'the refusals before each answer of Windows authentication',
      many(600, (index) => (index % 3 === 2 ? { http_response_status_code: 200 } : {})),
    ],
    ['a probe without a password', many(500, () => ({ url_original: '/health' }), 5)],
    ['many pages that are refused once each', many(300, (index) => ({ url_original: `/page/${index}` }))],
    ['pages that are forbidden', many(300, () => ({ http_response_status_code: 403 }))],
  ])('are not %s', async (_what, events) => {
    expect(await findingsOf(analytic, events)).toEqual([]);
  });

  it('are no more than low of a program with an old password, though it is given the new one', async () => {
    const events = [
      ...many(100, () => ({ source_ip: '10.0.0.7', user_name: 'backup' }), 60),
      request(7000, { source_ip: '10.0.0.7', user_name: 'backup', http_response_status_code: 200 }),
    ];
    expect(await findingsOf(analytic, events)).toMatchObject([{ severity: 'low', attack: ['T1110.001'] }]);
  });
});
