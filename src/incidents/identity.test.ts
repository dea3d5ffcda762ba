import { describe, expect, it } from 'vitest';
import { correlate } from './correlate.ts';
import { context, entities, finding, intrusion, minutes, noise, redAttacker, web01 } from './testdata/scenarios.ts';

const chain = intrusion(web01, redAttacker);
const later = finding({
  detector: 'rules/sigma/mining',
  title: 'Miner started',
  severity: 'high',
  first_seen: minutes(120),
  entities: entities(['host', web01.name], ['address', redAttacker.address]),
  attack: ['T1496'],
});

describe('the id of an incident', () => {
  const [before] = correlate(chain, context);

  it('stays when later findings and noise are added', () => {
    const [after] = correlate([later, ...noise(), ...chain], context);
    expect(after?.findings).toContain(later.id);
    expect(after?.id).toBe(before?.id);
  });
  it('stays when a finding goes on for longer', () => {
    const grown = chain.map((one) =>
      one.detector === 'analytics/beacon' ? { ...one, last_seen: minutes(9000), count: 9000 } : one,
    );
    expect(correlate(grown, context)[0]?.id).toBe(before?.id);
  });
  it('stays when low findings turn up before it on the same things', () => {
    const early = finding({
      detector: 'analytics/first-seen',
      title: 'First contact',
      severity: 'low',
      first_seen: minutes(-5),
      entities: entities(['host', web01.address], ['address', redAttacker.address]),
    });
    const [after] = correlate([early, ...chain], context);
    expect(after?.findings).toContain(early.id);
    expect(after?.id).toBe(before?.id);
  });
  it('is taken over from the run before when its beginning is found later', () => {
    const [, ...known] = chain;
    const previous = correlate(known, context);
    const [fresh] = correlate(chain, context);
    const [kept] = correlate(chain, { ...context, previous });
    expect(fresh?.id).not.toBe(previous[0]?.id);
    expect(kept?.id).toBe(previous[0]?.id);
  });
  it('is never given to two incidents', () => {
    const far = finding({
      detector: 'analytics/beacon',
      title: 'Beacon',
      entities: entities(['host', 'other'], ['address', '198.51.100.9']),
    });
    const [old] = correlate(chain, context);
    const claimed = old === undefined ? [] : [{ ...old, findings: [far.id] }];
    const ids = correlate([...chain, far], { ...context, previous: claimed }).map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
  });
});
