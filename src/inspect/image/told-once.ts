import type { Claim } from '../claim.ts';

/** Checks that tell a secret with its name; the search for secrets in files finds some of them by their form. */
const namedSecrets: ReadonlySet<string> = new Set([
  'checks/secret-in-manifest',
  'checks/secret-in-environment',
  'checks/secret-in-instruction',
]);

/**
 * Claims without those that say again what another one says: of a base that several kustomizations build, each build has the same faults at
 * the same places, and a secret in a template of Helm is a secret of the file and of what is rendered from it.
 */
export function toldOnce(claims: readonly Claim[]): Claim[] {
  const secretPlaces = new Set(claims.filter(({ detector }) => namedSecrets.has(detector)).map(placeOf));
  const told = new Set<string>();
  return claims.filter((claim) => {
    const { detector, line, sentence, about } = claim;
    if (detector === 'checks/secret-in-file' && line !== undefined && secretPlaces.has(placeOf(claim))) return false;
    const key = JSON.stringify([detector, placeOf(claim), sentence, about]);
    if (told.has(key)) return false;
    told.add(key);
    return true;
  });
}

function placeOf({ path, line }: Claim): string {
  return `${path}:${line ?? ''}`;
}
