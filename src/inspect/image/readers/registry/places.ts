import { VakthundError } from '../../../../base/errors.ts';
import { quote } from '../../../../base/problem.ts';
import { asList, asObject, asText } from '../../../packages/json.ts';
import { parseToml } from '../../../packages/toml.ts';
import type { RegistryReference } from '../../reference.ts';

/** Where what is named may be fetched instead: `mirror.example:5000/cache`. */
export interface Place {
  readonly location: string;
  /** It may be asked without TLS. */
  readonly isInsecure: boolean;
  /** What a mirror is good for: tags may be old there, digests cannot. */
  readonly serves: 'all' | 'digest-only' | 'tag-only';
  /** Only of containerd, which also tells a mirror what registry it is asked in place of. */
  readonly manner?: Omit<AskingManner, 'namespace'>;
}

/** How a place is asked. */
export interface AskingManner {
  /** What stands before `/v2` in every path: `/hub`. */
  readonly basePath?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The registry that is asked for there, which goes along as `?ns=`. */
  readonly namespace?: string;
}

/** What is said about names that begin so: a registry, a part of one, or `*.example.com`; of all names when it is empty. */
export interface RegistryRule {
  readonly prefix: string;
  /** In this order, before the place itself. */
  readonly mirrors: readonly Place[];
  /** The place itself; the name as it is when undefined. */
  readonly location?: Place;
  readonly isBlocked: boolean;
}

/** One place to ask, by the name that the image has there. */
export interface RegistryPlace {
  readonly reference: RegistryReference;
  readonly isInsecure: boolean;
  readonly isMirror: boolean;
  readonly manner?: AskingManner;
}

const hub = 'docker.io';

/** `NAME=PLACE` as a person types it: `docker.io=mirror.example/hub`. Throws `USAGE`. */
export function parseMirror(text: string): RegistryRule {
  const { name, place } = /^(?<name>[^=\s]+)=(?:https?:\/\/)?(?<place>[^=\s]*[^=\s/])\/?$/.exec(text)?.groups ?? {};
  if (name === undefined || place === undefined) {
    throw new VakthundError('USAGE', `${quote(text)} names no mirror`, {
      hint: 'such as: docker.io=mirror.example:5000, registry.example/team=mirror.example/cache/team',
    });
  }
  const isInsecure = text.includes('=http://');
  return { prefix: name, mirrors: [{ location: place, isInsecure, serves: 'all' }], isBlocked: false };
}

/** The second version of `containers-registries.conf(5)`. Throws when it is no TOML. */
export function parseRegistriesConf(text: string): RegistryRule[] {
  return asList(parseToml(text)['registry']).flatMap((entry): RegistryRule[] => {
    const rule = asObject(entry);
    const own = placeOf(rule);
    const prefix = asText(rule['prefix']) ?? own?.location;
    if (prefix === undefined) return [];
    const isByDigest = rule['mirror-by-digest-only'] === true;
    const mirrors = asList(rule['mirror']).flatMap((mirror) => placeOf(asObject(mirror), isByDigest) ?? []);
    const location = own === undefined ? {} : { location: own };
    return [{ prefix, mirrors, ...location, isBlocked: rule['blocked'] === true }];
  });
}

function placeOf(entry: Readonly<Record<string, unknown>>, isByDigest = false): Place | undefined {
  const location = asText(entry['location']);
  const word = asText(entry['pull-from-mirror']);
  const serves = word === 'digest-only' || word === 'tag-only' ? word : 'all';
  return location === undefined
    ? undefined
    : { location, isInsecure: entry['insecure'] === true, serves: isByDigest ? 'digest-only' : serves };
}

/** `registry-mirrors` of Docker's `daemon.json`, which are asked for Docker Hub alone. */
export function parseDockerMirrors(daemon: unknown): RegistryRule[] {
  const mirrors = asList(asObject(daemon)['registry-mirrors']).flatMap((address): Place[] => {
    const text = asText(address);
    if (text === undefined || !URL.canParse(text)) return [];
    const { protocol, host, pathname } = new URL(text);
    const location = `${host}${pathname.replace(/\/+$/, '')}`;
    return [{ location, isInsecure: protocol === 'http:', serves: 'all' }];
  });
  return mirrors.length === 0 ? [] : [{ prefix: hub, mirrors, isBlocked: false }];
}

/**
 * Where to ask for an image, in order: mirrors first, the registry itself last. Of the rules the one with the longest prefix counts, of equal ones the
 * first. Throws `CONFIG` for a name that is blocked.
 */
export function placesOf(reference: RegistryReference, rules: readonly RegistryRule[]): RegistryPlace[] {
  const name = `${reference.registry}/${reference.repository}`;
  let rule: RegistryRule | undefined;
  for (const one of rules) {
    if (matchedLength(one.prefix, name) !== undefined && one.prefix.length > (rule?.prefix.length ?? -1)) rule = one;
  }
  const plain = { reference, isInsecure: false, isMirror: false };
  if (rule === undefined) return [plain];
  const { prefix, mirrors, location, isBlocked } = rule;
  if (isBlocked) throw new VakthundError('CONFIG', `${quote(name)} is blocked by registries.conf`);
  const rest = prefix === '' ? `/${reference.repository}` : name.slice(matchedLength(prefix, name));
  const fitting = mirrors.filter(
    ({ serves }) => serves === 'all' || (serves === 'digest-only') === isByDigest(reference),
  );
  return [
    ...fitting.flatMap((mirror) => renamed(reference, mirror, rest, true)),
    ...(location === undefined ? [plain] : renamed(reference, location, rest, false)),
  ];
}

function isByDigest({ digest }: RegistryReference): boolean {
  return digest !== undefined;
}

/** How much of the name a prefix takes; undefined when it is another one. `*.example.com` takes the host, or a part of it with the rest behind. */
function matchedLength(prefix: string, name: string): number | undefined {
  if (prefix === '') return 0;
  if (prefix.startsWith('*.')) {
    const host = name.slice(0, name.indexOf('/'));
    return host.endsWith(prefix.slice(1)) ? host.length : undefined;
  }
  return name === prefix || name.startsWith(`${prefix}/`) ? prefix.length : undefined;
}

/** The same image at another place; none for a place that is no registry with a repository. */
function renamed(
  reference: RegistryReference,
  { location, isInsecure, manner }: Place,
  rest: string,
  isMirror: boolean,
): RegistryPlace[] {
  const { registry, repository } = /^(?<registry>[^/]+)\/(?<repository>.+)$/.exec(`${location}${rest}`)?.groups ?? {};
  if (registry === undefined || repository === undefined) return [];
  const { tag, digest } = reference;
  const renamedTo = {
    registry,
    repository,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  };
  const place = { reference: renamedTo, isInsecure, isMirror };
  if (manner === undefined) return [place];
  return [
    { ...place, manner: registry === reference.registry ? manner : { ...manner, namespace: reference.registry } },
  ];
}
