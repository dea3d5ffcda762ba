import { describe, expect, it } from 'vitest';
import { parseReference } from '../../reference.ts';
import { parseDockerMirrors, parseMirror, parseRegistriesConf, placesOf, type RegistryRule } from './places.ts';

const conf = `
unqualified-search-registries = ["docker.io"]
[[registry]]
location = "registry.example"
[[registry.mirror]]
location = "mirror.example:5000/cache"
insecure = true
[[registry.mirror]]
location = "digests.example"
pull-from-mirror = "digest-only"
[[registry.mirror]]
location = "tags.example"
pull-from-mirror = "tag-only"

[[registry]]
prefix = "registry.example/team"
location = "moved.example/other/team"

[[registry]]
prefix = "*.blocked.example"
blocked = true

[[registry]]
prefix = "digest.example/a"
location = "digest.example/a"
mirror-by-digest-only = true
[[registry.mirror]]
location = "cache.example/a"

[[registry]]
blocked = true
`;

function namesOf(name: string, rules: readonly RegistryRule[]): string[] {
  return placesOf(parseReference(name), rules).map(({ reference, isInsecure, isMirror }) => {
    const { registry, repository, tag, digest } = reference;
    const end = digest === undefined ? `:${tag ?? ''}` : `@${digest.slice(0, 10)}`;
    return `${isMirror ? 'mirror ' : ''}${isInsecure ? 'insecure ' : ''}${registry} ${repository}${end}`;
  });
}

const digest = `sha256:${'a'.repeat(64)}`;

describe('places of an image', () => {
  const rules = parseRegistriesConf(conf);

  it.each([
    [
      'registry.example/app:1',
      ['mirror insecure mirror.example:5000 cache/app:1', 'mirror tags.example app:1', 'registry.example app:1'],
    ],
    [
      `registry.example/app@${digest}`,
      [
        'mirror insecure mirror.example:5000 cache/app@sha256:aaa',
        'mirror digests.example app@sha256:aaa',
        'registry.example app@sha256:aaa',
      ],
    ],
    ['registry.example/team/app:1', ['moved.example other/team/app:1']],
    [
      'registry.example/teams/app:1',
      [
        'mirror insecure mirror.example:5000 cache/teams/app:1',
        'mirror tags.example teams/app:1',
        'registry.example teams/app:1',
      ],
    ],
    ['digest.example/a/b:1', ['digest.example a/b:1']],
    [`digest.example/a/b@${digest}`, ['mirror cache.example a/b@sha256:aaa', 'digest.example a/b@sha256:aaa']],
    ['alpine', ['docker.io library/alpine:']],
  ])('%s is asked for in the order of registries.conf', (name, places) => {
    expect(namesOf(name, rules)).toEqual(places);
  });

  it('are none for what is blocked', () => {
    expect(() => namesOf('deep.blocked.example/app:1', rules)).toThrow(/blocked/);
    expect(namesOf('blocked.example/app:1', rules)).toEqual(['blocked.example app:1']);
  });

  it('are typed, and come before those of files', () => {
    expect(namesOf('alpine:3', [parseMirror('docker.io=mirror.example/hub/')])).toEqual([
      'mirror mirror.example hub/library/alpine:3',
      'docker.io library/alpine:3',
    ]);
    const typed = parseMirror('registry.example=http://127.0.0.1:5000');
    expect(namesOf('registry.example/app:1', [typed, ...rules])).toEqual([
      'mirror insecure 127.0.0.1:5000 app:1',
      'registry.example app:1',
    ]);
    for (const text of ['mirror.example', '=a', 'a=', 'a=/', 'a b=c']) {
      expect(() => parseMirror(text)).toThrow(/names no mirror/);
    }
  });

  it("are docker's for the Hub alone", () => {
    const daemon = {
      'registry-mirrors': ['https://mirror.example/', 'http://local.example:5000/hub', 'no address', 7],
    };
    const hub = parseDockerMirrors(daemon);
    expect(namesOf('alpine:3', hub)).toEqual([
      'mirror mirror.example library/alpine:3',
      'mirror insecure local.example:5000 hub/library/alpine:3',
      'docker.io library/alpine:3',
    ]);
    expect(namesOf('registry.example/alpine:3', hub)).toEqual(['registry.example alpine:3']);
    expect(parseDockerMirrors([])).toEqual([]);
  });

  it('are left out where they name no registry', () => {
    expect(namesOf('registry.example/app:1', [parseMirror('registry.example/app=mirror.example')])).toEqual([
      'registry.example app:1',
    ]);
  });
});
