import { describe, expect, it } from 'vitest';
import { dayStart, event, findingsOf } from '../../../../tests/support/event-store.ts';
import type { EventOf, VakthundEvent } from '../../../events/event.ts';
import { analytic } from './index.ts';

type Request = Partial<EventOf<'http'>>;

/** Requests of one client, some milliseconds apart, of sizes that a formula gives. */
function requests(count: number, everyMs: number, fields: (at: number) => Request): VakthundEvent[] {
  return Array.from({ length: count }, (_none, at) =>
    event('http', {
      time: dayStart + at * everyMs * 1000,
      evidence_at: at + 1,
      uid: `C${at}`,
      source_ip: '203.0.113.9',
      destination_ip: '10.0.0.5',
      destination_port: 80,
      url_domain: 'shop.test',
      url_original: '/img/view.jsp',
      http_request_method: 'POST',
      http_request_body_bytes: 40 + ((at * 37) % 400),
      http_response_body_bytes: 20 + ((at * 211) % 5000),
      ...fields(at),
    }),
  );
}

const tunnel = requests(120, 300, () => ({}));
const page = (source: string): VakthundEvent[] =>
  ['/', '/a.css', '/b.js', '/c.png'].map((url) =>
    event('http', { source_ip: source, destination_ip: '10.0.0.5', destination_port: 80, url_original: url }),
  );

describe('a stream cut into requests', () => {
  it('is told into our networks, as through a page that an intruder left', async () => {
    const found = await findingsOf(analytic, tunnel);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      title: 'A stream cut into web requests from 203.0.113.9 to shop.test',
      severity: 'medium',
      count: 120,
      attack: ['T1572', 'T1505.003'],
    });
  });

  it('is told out of them, whatever stands behind the question mark', async () => {
    const outward = (at: number): Request => ({
      source_ip: '10.0.0.7',
      destination_ip: '203.0.113.4',
      url_original: `/index.html?crap=${at}`,
      http_request_mime_type: 'application/octet-stream',
      http_response_mime_type: 'text/plain',
    });
    const [found] = await findingsOf(analytic, requests(120, 300, outward));
    expect(found).toMatchObject({ severity: 'medium', attack: ['T1572', 'T1071.001'], score: 0.65 });
  });

  it('weighs less among other requests of the same site', async () => {
    const [found] = await findingsOf(analytic, [...tunnel, ...page('203.0.113.9')]);
    expect(found?.score).toBeCloseTo(0.5);
  });

  it.each<[string, VakthundEvent[]]>([
    ['a chat that waits for answers', requests(300, 700, () => ({ http_response_mime_type: 'application/json' }))],
    ['forms', requests(120, 300, () => ({ http_request_mime_type: 'application/x-www-form-urlencoded' }))],
    ['reports that are answered alike', requests(300, 300, () => ({ http_response_body_bytes: 2 }))],
    ['updates in pieces', requests(300, 300, () => ({ http_request_method: 'GET', http_request_body_bytes: 0 }))],
    ['reports by the minute', requests(300, 60_000, () => ({}))],
    ['a few requests', requests(30, 300, () => ({}))],
    ['events of a server', requests(1, 300, () => ({ http_response_body_bytes: 9_000_000 }))],
  ])('is not %s', async (_what, events) => {
    expect(await findingsOf(analytic, events)).toEqual([]);
  });

  it('is not what a whole network uses', async () => {
    const cloud = Array.from({ length: 6 }, (_none, client) =>
      requests(120, 300, () => ({
        source_ip: `10.0.0.${20 + client}`,
        destination_ip: '203.0.113.4',
        url_original: '/lookup',
      })),
    ).flat();
    const found = await findingsOf(analytic, cloud);
    expect(found.every(({ severity }) => severity === 'low')).toBe(true);
  });
});
