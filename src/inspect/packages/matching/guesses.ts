import type { Package } from '../package.ts';

/** Names of one kind that are told; the rest is counted. */
const shownNames = 5;

interface Guess {
  readonly fits: (one: Package) => boolean;
  /** What such packages are: behind their number. */
  readonly what: string;
  readonly why: string;
}

const guesses: readonly Guess[] = [
  {
    fits: ({ type, name }) => type === 'maven' && !name.includes(':'),
    what: 'Java libraries without a group',
    why: 'advisories know libraries by group and artifact, and nothing in these tells the group: they fit none',
  },
  {
    fits: ({ type, details }) => type === 'maven' && details?.['group'] === 'guessed',
    what: 'Java libraries whose group is a guess',
    why: 'they have no pom.properties, so the group was taken from their manifest: if it is another one, their advisories were not found',
  },
  {
    fits: ({ type, details }) => type === 'nuget' && details?.['identifiedBy'] === 'version resource',
    what: 'assemblies of .NET by the name of their file',
    why: 'no deps.json tells their packages: they were judged as the NuGet packages of these names, which may be other ones',
  },
];

/** What packages are judged by a name that is a guess, or cannot be judged for want of one, each kind with its number and a few names. */
export function guessNotes(packages: readonly Package[]): { readonly what: string; readonly why: string }[] {
  return guesses.flatMap(({ fits, what, why }) => {
    const names = new Set<string>();
    for (const one of packages) {
      const isJudged = one.ownedBy === undefined && one.isProject !== true && one.isDevelopment !== true;
      if (isJudged && fits(one)) names.add(`${one.name} ${one.version}`);
    }
    if (names.size === 0) return [];
    const shown = [...names].slice(0, shownNames).join(', ');
    const more = names.size > shownNames ? ` and ${names.size - shownNames} more` : '';
    return [{ what: `${names.size} ${what} (${shown}${more})`, why }];
  });
}
