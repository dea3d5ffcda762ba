import { describe, expect, it } from 'vitest';
import { claimsOf } from './claims.ts';
import { dayStart, entities, finding } from './testdata/scenarios.ts';

describe('the handles of a claim', () => {
  it('are the same for all accounts of one person', () => {
    const acts = ['anna', String.raw`CORP\anna`, 'bo'].map((user, index) =>
      finding({ detector: `d${index}`, title: 't', entities: entities(['host', `ws0${index}`], ['user', user]) }),
    );
    const usersOf = (person?: (user: string) => string | undefined): string[] =>
      claimsOf(acts, {
        prevalence: () => undefined,
        lastEventTime: dayStart,
        ...(person === undefined ? {} : { person }),
      })
        .flatMap((claim) => [...claim.handles.values()])
        .filter(({ entity }) => entity.kind === 'user')
        .map(({ key }) => key);
    expect(new Set(usersOf()).size).toBe(3);
    expect(new Set(usersOf((user) => (user.toLowerCase().endsWith('anna') ? 'anna' : undefined))).size).toBe(2);
  });
});
