import type { StoryStep } from '../events/incident.ts';
import type { Claim } from './claim.ts';
import { oneLine } from './story.ts';

/** Weaknesses that a story tells: the ones that an act made use of. */
const maxTold = 3;

/** Weaknesses of an incident whose vulnerability an act names: what made it possible, with the first act that used it. */
export function usedWeaknesses(claims: readonly Claim[]): readonly { readonly claim: Claim; readonly by: Claim }[] {
  const acts = claims.filter(({ isWeakness }) => !isWeakness);
  return claims
    .filter(({ isWeakness }) => isWeakness)
    .flatMap((claim) => {
      const names = new Set(vulnerabilitiesOf(claim));
      const by = acts.find((act) => vulnerabilitiesOf(act).some((name) => names.has(name)));
      return by === undefined ? [] : [{ claim, by }];
    })
    .slice(0, maxTold);
}

/** A step for each, at the time of the act that made use of it. */
export function weaknessSteps(claims: readonly Claim[]): StoryStep[] {
  return usedWeaknesses(claims).map(({ claim: { lead }, by }) => ({
    time: by.first,
    text: oneLine(lead.sentence ?? lead.title),
    finding: lead.id,
  }));
}

function vulnerabilitiesOf({ findings }: Claim): string[] {
  return findings.flatMap(({ entities }) =>
    entities.flatMap(({ kind, value }) => (kind === 'vulnerability' ? [value] : [])),
  );
}
