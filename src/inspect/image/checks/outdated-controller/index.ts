import { defineCheck } from '../../check.ts';
import { compareReleases } from '../_shared/releases.ts';
import { docs } from '../_shared/references.ts';
import { knownHoles, type KnownHole } from './known.ts';

export const check = defineCheck({
  id: 'outdated-controller',
  title: 'image of a version with a known hole',
  severity: 'high',
  why: 'One request to it is enough, and programs to make use of it are public.',
  fix: 'start a later version; `vakthund image scan` tells of all the rest that is in the image',
  vanishes: 'the version were a later one',
  references: docs('https://www.cisa.gov/known-exploited-vulnerabilities-catalog'),
  guide: ['C08'],
  attack: ['T1190', 'T1068'],
  *workload({ image, at }) {
    const { repository, version } = splitImage(image?.value ?? '');
    if (version === undefined) return;
    for (const hole of knownHoles) {
      if (!hole.image.test(repository)) continue;
      const fixed = fixOf(hole, version);
      if (fixed === undefined) continue;
      yield {
        at: image?.at ?? at,
        what: `starts ${hole.name} ${version}, in which ${hole.what} (${hole.id}, fixed in ${fixed})`,
        entities: [{ kind: 'vulnerability', value: hole.id }],
      };
    }
  },
});

/** The release that mends a version; undefined when it has the hole no longer, or not yet. A branch that nobody mended ends in the last one. */
function fixOf({ since, fixed }: KnownHole, version: string): string | undefined {
  if (since !== undefined && compareReleases(version, since) < 0) return undefined;
  const branch = version.split('.', 2).join('.');
  const own = fixed.find((release) => release.startsWith(`${branch}.`));
  const wanted = own ?? fixed.find((release) => compareReleases(release, version) > 0);
  if (wanted === undefined || compareReleases(version, wanted) >= 0) return undefined;
  return wanted;
}

/** Only a whole version says what it is: `8.0` may be any of its releases. */
function splitImage(image: string): { readonly repository: string; readonly version: string | undefined } {
  const [, repository = '', tag = ''] = /^([^@]*?)(?::([^/:@]*))?(?:@.*)?$/.exec(image.toLowerCase()) ?? [];
  return { repository, version: /^v?(\d{1,5}\.\d{1,5}\.\d{1,5})(?:-|$)/.exec(tag)?.[1] };
}
