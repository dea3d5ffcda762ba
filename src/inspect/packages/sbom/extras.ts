import { formatIso, parseIsoMicros } from '../../../base/time.ts';
import type { Distribution, Package } from '../package.ts';

/** A property that no bill of materials has a field for, by name; names may come several times. */
export type Extra = readonly [name: string, value: string];

type Facts = Partial<Package>;

/** What a package knows beyond name, version, licences and package URL. */
export function extrasOf(one: Package): Extra[] {
  const { source, architecture, layer, installedAt, isDevelopment, isProject, ownedBy, details } = one;
  const optional: (readonly [string, string | undefined])[] = [
    ['foundBy', one.foundBy],
    ...one.locations.map((location) => ['location', location] as const),
    ['layer', layer === undefined ? undefined : String(layer)],
    ['sourceName', source?.name],
    ['sourceVersion', source?.version],
    ['architecture', architecture],
    ['installedAt', installedAt === undefined ? undefined : formatIso(installedAt)],
    ['development', isDevelopment === true ? 'true' : undefined],
    ['project', isProject === true ? 'true' : undefined],
    ['ownedBy', ownedBy],
    ...Object.entries(details ?? {}).map(([key, value]) => [`detail:${key}`, value] as const),
  ];
  return optional.filter((pair): pair is Extra => pair[1] !== undefined);
}

/** The other way. Names that are not known, and values that do not fit, are passed over. */
export function factsOf(extras: readonly Extra[]): Facts {
  const locations: string[] = [];
  const licenses: string[] = [];
  const details: Record<string, string> = {};
  const first = new Map<string, string>();
  for (const [name, value] of extras) {
    if (name === 'location') locations.push(value);
    else if (name === 'license') licenses.push(value);
    else if (name.startsWith('detail:')) details[name.slice('detail:'.length)] = value;
    else if (!first.has(name)) first.set(name, value);
  }
  const layer = first.get('layer') ?? '';
  const installedAt = parseIsoMicros(first.get('installedAt') ?? '');
  const source = { name: first.get('sourceName') ?? '', version: first.get('sourceVersion') ?? '' };
  return known({
    locations: locations.length > 0 ? locations : undefined,
    licenses: licenses.length > 0 ? licenses : undefined,
    details: Object.keys(details).length > 0 ? details : undefined,
    foundBy: first.get('foundBy'),
    architecture: first.get('architecture'),
    ownedBy: first.get('ownedBy'),
    source: source.name === '' ? undefined : source,
    layer: /^\d{1,6}$/.test(layer) ? Number(layer) : undefined,
    installedAt,
    isDevelopment: first.get('development') === 'true' ? true : undefined,
    isProject: first.get('project') === 'true' ? true : undefined,
  });
}

function known(facts: { readonly [Key in keyof Package]?: Package[Key] | undefined }): Facts {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

/** What a distribution knows beyond its id and version. */
export function distributionExtras({ idLike, codename, prettyName, ...rest }: Distribution): Extra[] {
  const optional: (readonly [string, string | undefined])[] = [
    ...idLike.map((id) => ['idLike', id] as const),
    ['codename', codename],
    ['prettyName', prettyName],
    ['exactRelease', rest.exactRelease],
    ['repositoryRelease', rest.repositoryRelease],
  ];
  return optional.filter((pair): pair is Extra => pair[1] !== undefined);
}

/** Distributions whose `VERSION_ID` is the major release alone; other tools write the point release in its place. */
const majorOnly: ReadonlySet<string> = new Set(['debian', 'centos']);

/** What Trivy calls distributions, and the `ID` of their os-release. */
const trivyNames: Readonly<Record<string, string>> = {
  alma: 'almalinux',
  amazon: 'amzn',
  azure: 'azurelinux',
  'cbl-mariner': 'mariner',
  'opensuse.leap': 'opensuse-leap',
  'opensuse.tumbleweed': 'opensuse-tumbleweed',
  oracle: 'ol',
  redhat: 'rhel',
  'suse linux enterprise server': 'sles',
};

/** A distribution from what a bill says. */
export function distributionOf(name: string, version: string | undefined, extras: readonly Extra[]): Distribution {
  const value = (key: string): string | undefined => extras.find(([one]) => one === key)?.[1];
  const id = trivyNames[name.toLowerCase()] ?? name.toLowerCase();
  const isExact = majorOnly.has(id) && /^\d+\.\d/.test(version ?? '');
  const exactRelease = value('exactRelease') ?? (isExact ? version : undefined);
  const repositoryRelease = value('repositoryRelease');
  return {
    id,
    idLike: extras.filter(([key]) => key === 'idLike').map(([, like]) => like),
    // Amazon's has a name behind it.
    versionId: isExact ? version?.split('.')[0] : version?.split(' ')[0],
    codename: value('codename'),
    prettyName: value('prettyName') ?? [name, version].filter(Boolean).join(' '),
    ...(exactRelease === undefined ? {} : { exactRelease }),
    ...(repositoryRelease === undefined ? {} : { repositoryRelease }),
  };
}
