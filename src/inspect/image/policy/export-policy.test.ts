import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Environment } from '@marcbachmann/cel-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import type { IndexedImage } from '../index-store/record.ts';
import { exportPolicy } from './export-policy.ts';
import type { PolicyVerdict } from './judge-image.ts';
import { readImagePolicy, type ImagePolicy } from './policy.ts';

const digest = `sha256:${'d'.repeat(64)}`;
const refused: PolicyVerdict = {
  image: {
    id: 'sha256:1',
    digest,
    names: ['registry.example/team/bad:1', 'docker.io/library/old:latest', "a'\n]"],
  } as unknown as IndexedImage,
  state: 'refused',
  faults: [],
  excused: [],
  notChecked: [],
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-export-'));
  writeFileSync(join(folder, 'team.pub'), 'PUBLIC KEY\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function policyOf(text: string): ImagePolicy {
  const path = join(folder, 'policy.yaml');
  writeFileSync(path, text);
  return readImagePolicy(path);
}

interface Admission {
  readonly spec: {
    readonly variables: readonly { readonly name: string; readonly expression: string }[];
    readonly validations: readonly { readonly expression: string; readonly message: string }[];
  };
}

/** Messages of the validations that a pod with these images does not pass, as the API server evaluates them. */
function refusals(text: string, spec: Readonly<Record<string, unknown>>): string[] {
  const [admission] = parseAllDocuments(text).map((document) => document.toJS() as Admission);
  const environment = new Environment().registerVariable('object', 'dyn').registerVariable('variables', 'dyn');
  const variables: Record<string, unknown> = {};
  const context = { object: { spec }, variables };
  for (const { name, expression } of admission?.spec.variables ?? []) {
    variables[name] = environment.evaluate(expression, context);
  }
  const failed = admission?.spec.validations.filter(
    ({ expression }) => environment.evaluate(expression, context) !== true,
  );
  return (failed ?? []).map(({ message }) => message);
}

const images = (...names: string[]): Readonly<Record<string, unknown>> => ({
  containers: names.map((image) => ({ image })),
});

describe('for Kubernetes', () => {
  const allowed = 'registries: [registry.example/team, docker.io/library]';

  it.each([
    [images('registry.example/team/app:1'), []],
    [images('nginx:1', 'registry.example/team'), []],
    [images('registry.example/teamwork/app:1'), ['images come from registry.example/team, docker.io/library']],
    [images('other/app'), ['images come from registry.example/team, docker.io/library']],
    [
      { ...images('nginx'), initContainers: [{ image: 'evil.example/x' }] },
      ['images come from registry.example/team, docker.io/library'],
    ],
    [
      { ...images('nginx'), ephemeralContainers: [{ image: 'evil.example/x' }] },
      ['images come from registry.example/team, docker.io/library'],
    ],
    [
      images('registry.example/team/bad:1'),
      ['the image is refused by the policy: vakthund image index judge tells why'],
    ],
    [
      images(`registry.example/team/renamed@${digest}`),
      ['the image is refused by the policy: vakthund image index judge tells why'],
    ],
    [images('old'), ['the image is refused by the policy: vakthund image index judge tells why']],
    [images('registry.example/team/bad:2'), []],
  ])('a pod of %j is met by %j', (spec, messages) => {
    const { text } = exportPolicy('kubernetes', policyOf(allowed), [refused]);
    expect(refusals(text, spec)).toEqual(messages);
  });

  it('asks for digests when the policy does, and says what it cannot ask for', () => {
    const { text, left } = exportPolicy(
      'kubernetes',
      policyOf(`${allowed}\npinned: true\nsigned: {keys: [team.pub]}`),
      [],
    );
    expect(refusals(text, images('nginx:1'))).toEqual(['images are named by digest: image@sha256:…']);
    expect(refusals(text, images(`nginx@${digest}`))).toEqual([]);
    expect(left).toEqual(['signatures: the API server cannot verify them; export kyverno as well']);
    const [, binding] = parseAllDocuments(text).map((document) => document.toJS() as unknown);
    expect(binding).toMatchObject({ spec: { policyName: 'vakthund-image-policy', validationActions: ['Deny'] } });
  });
});

it('for Kyverno has registries, digests, keys and identities', () => {
  const text =
    'registries: [registry.example/team]\npinned: true\nsigned: {keys: [team.pub], trusted_root: r.json, identity: "a@b", issuer: "https://i"}';
  const { text: written } = exportPolicy('kyverno', policyOf(text), []);
  const container = [
    { image: 'registry.example/team/*@sha256:* | registry.example/team:*@sha256:* | registry.example/team@sha256:*' },
  ];
  expect(parse(written)).toMatchObject({
    apiVersion: 'kyverno.io/v1',
    kind: 'ClusterPolicy',
    spec: {
      validationFailureAction: 'Enforce',
      rules: [
        { validate: { pattern: { spec: { containers: container, '=(initContainers)': container } } } },
        {
          verifyImages: [
            {
              imageReferences: ['registry.example/team/*', 'registry.example/team:*', 'registry.example/team@*'],
              attestors: [
                {
                  entries: [
                    { keys: { publicKeys: 'PUBLIC KEY\n' } },
                    { keyless: { subjectRegExp: '^(?:a@b)$', issuer: 'https://i' } },
                  ],
                },
              ],
            },
          ],
        },
      ],
    },
  });
});

it('for podman rejects all others, and says what it cannot ask for', () => {
  const { text, left } = exportPolicy(
    'containers',
    policyOf('registries: [registry.example/team/]\npinned: true\nsigned: {keys: [team.pub]}'),
    [],
  );
  expect(JSON.parse(text)).toEqual({
    default: [{ type: 'reject' }],
    transports: {
      docker: {
        'registry.example/team': [
          { type: 'sigstoreSigned', keyPath: join(folder, 'team.pub'), signedIdentity: { type: 'matchRepository' } },
        ],
      },
    },
  });
  expect(left).toHaveLength(2);
});

it('needs registries', () => {
  expect(() => exportPolicy('kubernetes', policyOf('pinned: true'), [])).toThrow(/allows every registry/);
});
