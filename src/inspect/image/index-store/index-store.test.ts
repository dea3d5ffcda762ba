import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findBases } from './base-images.ts';
import { findPackages, parsePackageQuery } from './find-package.ts';
import { ImageIndex } from './image-index.ts';
import type { IndexedImage, IndexedPackage } from './record.ts';
import { findUses } from './uses.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-index-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function image(id: string, fields: Partial<IndexedImage> = {}): IndexedImage {
  return {
    id,
    digest: undefined,
    names: [],
    places: [],
    platform: 'linux/amd64',
    created: undefined,
    layers: [],
    distribution: undefined,
    user: '',
    signature: undefined,
    packages: [],
    indexedAt: '2026-03-10T00:00:00.000000Z',
    problems: 0,
    ...fields,
  };
}

function pack(name: string, version: string, type = 'apk'): IndexedPackage {
  return { name, version, type, purl: `pkg:${type}/${name}@${version}`, path: '/db', layer: 0 };
}

const alpine = {
  id: 'alpine',
  idLike: [],
  versionId: '3.11.5',
  codename: undefined,
  prettyName: 'Alpine Linux v3.11',
  repositoryRelease: '3.11',
};

const digest = `sha256:${'d'.repeat(64)}`;

describe('the index', () => {
  it('keeps what a registry told of signatures when an archive of the image says nothing', () => {
    const index = ImageIndex.open(join(folder, 'images.jsonl'));
    const judged = { judgedAt: '2026-03-10T00:00:00.000000Z', trust: 'ab' };
    const valid = { ...judged, state: 'valid', detail: 'a key' } as const;
    const silent = { ...judged, state: 'unreadable', detail: 'an archive' } as const;
    index.put(image('sha256:1', { signature: valid }));
    index.put(image('sha256:1', { signature: silent }));
    index.put(image('sha256:1'));
    expect(index.byId('sha256:1')?.signature).toEqual(valid);
    index.put(image('sha256:1', { signature: { ...silent, trust: 'other' } }));
    expect(index.byId('sha256:1')?.signature).toMatchObject({ state: 'unreadable', trust: 'other' });
  });

  it('comes back from its file as it was, and only its owner may read it', () => {
    const path = join(folder, 'images.jsonl');
    const index = ImageIndex.open(path);
    const whole = image('sha256:1', {
      digest,
      names: ['docker.io/library/app:1'],
      places: ['app.tar'],
      created: '2026-01-01T00:00:00.000000Z',
      layers: ['a', 'b'],
      distribution: alpine,
      user: '1000',
      signature: { state: 'valid', detail: 'a key', judgedAt: '2026-03-10T00:00:00.000000Z', trust: 'ab' },
      packages: [pack('musl', '1'), { ...pack('x', '2'), layer: undefined, more: { ownedBy: 'musl 1' } }],
      problems: 3,
    });
    const uses = [{ reference: 'app:1', path: 'compose.yaml', line: 3, what: 'service web' }];
    index.put(whole);
    index.putUses('compose.yaml', uses);
    index.save();
    const again = ImageIndex.open(path);
    expect(again.images).toEqual([whole]);
    expect(again.uses).toEqual(uses);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    again.save();
    expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(4);
  });

  it('lets a name lead to one image, and collects names and places', () => {
    const index = ImageIndex.open(join(folder, 'none'));
    index.put(image('1', { names: ['docker.io/library/app:1'], places: ['a'], digest }));
    index.put(image('1', { names: ['docker.io/library/app:2'], places: ['b'] }));
    index.put(image('2', { names: ['docker.io/library/app:1'], places: ['c'] }));
    expect(index.images).toMatchObject([
      { id: '1', names: ['docker.io/library/app:2'], places: ['a', 'b'], digest },
      { id: '2', names: ['docker.io/library/app:1'] },
    ]);
    expect(['app:1', 'library/app:2', `other/name@${digest}`, 'app:3'].map((name) => index.find(name)?.id)).toEqual([
      '2',
      '1',
      '1',
      undefined,
    ]);
  });

  it('is refused when its file is another one, or damaged', () => {
    const path = join(folder, 'images.jsonl');
    for (const text of ['', '{}\n', '{"schema":"vakthund.image-index/1"}\n{"image":\n']) {
      writeFileSync(path, text);
      expect(() => ImageIndex.open(path)).toThrow(expect.objectContaining({ code: 'CONFIG' }));
    }
  });
});

describe('the base of an image', () => {
  it('is the largest other one whose layers are all in it', () => {
    const alpine = image('alpine', { layers: ['a'] });
    const node = image('node', { layers: ['a', 'b'] });
    const app = image('app', { layers: ['a', 'b', 'c'] });
    const twin = image('twin', { layers: ['a', 'b', 'c'] });
    const bases = findBases([app, twin, alpine, node]);
    const of = (one: IndexedImage): unknown => [
      bases.get(one)?.image.id,
      bases.get(one)?.shared,
      bases.get(one)?.isWhole,
    ];
    expect([app, twin, node, alpine].map(of)).toEqual([
      ['node', 2, true],
      ['node', 2, true],
      ['alpine', 1, true],
      [undefined, undefined, undefined],
    ]);
  });

  it('that is not in the index shows by the layers that two share', () => {
    const one = image('one', { layers: ['a', 'b', 'x'] });
    const two = image('two', { layers: ['a', 'b', 'y'] });
    const other = image('other', { layers: ['z', 'b'] });
    const bases = findBases([one, two, other]);
    expect(bases.get(one)).toMatchObject({ image: { id: 'two' }, shared: 2, isWhole: false });
    expect(bases.get(two)).toMatchObject({ image: { id: 'one' }, shared: 2, isWhole: false });
    expect(bases.has(other)).toBe(false);
  });
});

describe('a package', () => {
  const images = [
    image('unnamed', { packages: [pack('musl', '1.2')] }),
    image('java', {
      names: ['x'],
      packages: [
        pack('org.apache.logging.log4j:log4j-core', '2.14.1', 'maven'),
        pack('log4j-core-extra', '2.14.1', 'maven'),
      ],
    }),
    image('node', {
      names: ['y'],
      packages: [
        pack('@babel/core', '7.0.0', 'npm'),
        pack('Core', '7.0.0', 'nuget'),
        pack('typing-extensions', '4', 'pypi'),
      ],
    }),
  ];
  it.each([
    ['log4j-core@2.14.1', ['org.apache.logging.log4j:log4j-core']],
    ['log4j-core@2.15.0', []],
    ['LOG4J-CORE', ['org.apache.logging.log4j:log4j-core']],
    ['pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1?type=jar', ['org.apache.logging.log4j:log4j-core']],
    ['@babel/core@7.0.0', ['@babel/core']],
    ['pkg:npm/%40babel/core@7.0.0', ['@babel/core']],
    ['core', ['@babel/core', 'Core']],
    ['log4j-core<2.15.0', ['org.apache.logging.log4j:log4j-core']],
    ['log4j-core<=2.14.1', ['org.apache.logging.log4j:log4j-core']],
    ['log4j-core>=2.9', ['org.apache.logging.log4j:log4j-core']],
    ['log4j-core>2.14.1', []],
    ['@babel/core<7.0.1', ['@babel/core']],
    ['Typing_Extensions', ['typing-extensions']],
    ['pkg:deb/core', []],
    ['musl', ['musl']],
    ['mus', []],
  ])('%s is found', (query, names) => {
    const found = [...findPackages(images, parsePackageQuery(query))];
    expect(found.map((one) => one.found.name)).toEqual(names);
  });

  it.each(['', '\n', 'a@'])('%j is none', (text) => {
    expect(() => parsePackageQuery(text)).toThrow(/is no package/);
  });

  it('is told of named images first', () => {
    const both = [images[0], image('named', { names: ['z'], packages: [pack('musl', '1.2')] })].filter(
      (one) => one !== undefined,
    );
    expect([...findPackages(both, parsePackageQuery('musl'))].map((one) => one.image.id)).toEqual(['named', 'unnamed']);
  });
});

describe('images that files name', () => {
  const uses = (path: string, text: string): string[] =>
    findUses(path, text).uses.map(({ reference, line, what }) => `${line} ${what}: ${reference}`);

  it('stand in services of Compose', () => {
    const text =
      'services:\n  web:\n    image: "${REGISTRY:-r.example}/web:${TAG}"\n  job:\n    build: .\n  db:\n    image: postgres\n';
    expect(uses('compose.yaml', text)).toEqual(['3 service web: r.example/web:${TAG}', '7 service db: postgres']);
  });

  it('stand in objects of Kubernetes, also in lists, jobs and several documents', () => {
    const pod =
      'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, image: a:1}], initContainers: [{name: i, image: b}]}\n';
    const list =
      'apiVersion: v1\nkind: List\nitems:\n- apiVersion: batch/v1\n  kind: CronJob\n  metadata: {name: j}\n  spec: {jobTemplate: {spec: {template: {spec: {containers: [{name: x, image: c}]}}}}}\n';
    expect(uses('k.yml', `${pod}---\n${list}---\nplain: {image: no, name: no}\n`)).toEqual([
      '4 Pod p: a:1',
      '4 Pod p: b',
      '12 CronJob j: c',
    ]);
  });

  it('are bases of Dockerfiles, without stages and nothing', () => {
    const text =
      'ARG V=1\nFROM --platform=linux/amd64 node:20 AS build\nRUN true\nfrom build as test\nFROM scratch\nFROM alpine:3.20\n';
    expect(uses('Dockerfile', text)).toEqual(['2 FROM: node:20', '6 FROM: alpine:3.20']);
    expect(uses('web/app.dockerfile', 'FROM x')).toEqual(['1 FROM: x']);
  });

  it('of a file that cannot be read are a problem with its line', () => {
    expect(findUses('a.yaml', 'services:\n  a: [').problems).toMatchObject([
      { code: 'bad-record', at: { path: 'a.yaml' } },
    ]);
    expect(findUses('a.yaml', 'just text')).toEqual({ uses: [], problems: [] });
  });
});
