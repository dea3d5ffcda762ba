import { describe, expect, it } from 'vitest';
import type { Entity } from '../events/entity.ts';
import type { Finding } from '../events/finding.ts';
import { correlate } from './correlate.ts';
import { context, entities, finding, minutes } from './testdata/scenarios.ts';

const image: Entity = { kind: 'image', value: 'registry.example/shop/web:4.2' };
const vulnerability: Entity = { kind: 'vulnerability', value: 'CVE-2021-44228' };
const exploit: Finding = finding({
  detector: 'analytics/exploit-string',
  title: 'Log4Shell (JNDI lookup) worked',
  severity: 'critical',
  score: 0.97,
  first_seen: minutes(60),
  last_seen: minutes(61),
  entities: [...entities(['host', 'web01'], ['container', 'web']), image, vulnerability],
  attack: ['T1190'],
});
const weakness = (id: string, place: Entity): Finding =>
  finding({
    detector: `advisories/${id}`,
    title: `log4j-core 2.14.1 has ${id}`,
    sentence: `${place.value} holds log4j-core 2.14.1, which has ${id}`,
    severity: 'critical',
    score: 0.9,
    first_seen: minutes(-60 * 24 * 900),
    last_seen: minutes(-60 * 24 * 900),
    entities: [place, { kind: 'package', value: 'log4j-core 2.14.1' }, { kind: 'vulnerability', value: id }],
    attack: [],
    next: 'Update log4j-core to 2.15.0 and rebuild.',
  });

describe('a weakness that was made use of', () => {
  it('is in the incident however long ago it was published, told before the act, and to be mended', () => {
    const used = weakness('CVE-2021-44228', image);
    const [incident, ...others] = correlate([exploit, used], context);
    expect(others).toEqual([]);
    expect(incident?.findings).toContain(used.id);
    expect(incident?.first_seen).toBe(exploit.first_seen);
    expect(incident?.story[0]).toEqual({ time: exploit.first_seen, text: used.sentence, finding: used.id });
    expect(incident?.next).toContain('Update log4j-core to 2.15.0 and rebuild.');
  });

  it.each([
    ['another vulnerability of the image', weakness('CVE-2020-1', image)],
    ['the same one of another image', weakness('CVE-2021-44228', { kind: 'image', value: 'other:1' })],
  ])('is not %s', (_what, other) => {
    const [incident] = correlate([exploit, other], context);
    expect(incident?.findings).toEqual([exploit.id]);
    expect(incident?.story).toHaveLength(1);
  });
});
