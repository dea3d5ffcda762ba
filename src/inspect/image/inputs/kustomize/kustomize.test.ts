import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryTree } from '../../../../../tests/support/memory-tree.ts';
import { CheckRun } from '../../check-run.ts';

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - name: app
        image: shop:1.0
        securityContext:
          privileged: true
      - name: side
        image: side
`;

/** What is said about a folder by one check, and the problems. */
function said(files: Readonly<Record<string, string>>, check: string): { told: string[]; problems: string[] } {
  const run = new CheckRun({ now: 0 });
  run.addPath(new MemoryTree(files), '/k');
  const { claims, problems } = run.finish('k');
  const told = claims.filter(({ detector }) => detector === `checks/${check}`);
  return {
    told: told.map(({ sentence, path, line }) => `${sentence} ${path}:${line}`),
    problems: problems.map(({ code, at, message }) => `${code} ${at.path} ${message}`),
  };
}

const base = {
  '/k/base/kustomization.yaml': 'resources: [web.yaml]\n',
  '/k/base/web.yaml': deployment,
};

describe('a kustomization', () => {
  it('is what its overlay makes of it, and patches are no objects of their own', () => {
    const files = {
      ...base,
      '/k/prod/kustomization.yaml': 'resources: [../base]\npatches:\n- path: patch.yaml\n',
      '/k/prod/patch.yaml':
        'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n    spec:\n      containers:\n      - name: app\n        securityContext: {privileged: false}\n      - name: side\n        securityContext: {privileged: true}\n',
    };
    expect(said(base, 'privileged').told).toEqual(['container Deployment/web/app is privileged /k/base/web.yaml:11']);
    expect(said(files, 'privileged')).toEqual({
      told: ['container Deployment/web/side is privileged /k/base/web.yaml:12'],
      problems: [],
    });
  });

  it('puts values of one object into fields of others, last of all', () => {
    const files = {
      ...base,
      '/k/prod/kustomization.yaml': `resources: [../base, values.yaml]
images: [{name: shop, newName: registry.example/shop, newTag: "2.0"}]
replacements:
- source: {kind: ConfigMap, name: values, fieldPath: data.locked}
  targets:
  - select: {kind: Deployment}
    fieldPaths:
    - spec.template.spec.containers.[name=app].securityContext.privileged
- path: image.yaml
- source: {kind: ConfigMap, name: values, fieldPath: "data.[team.example/tag]", options: {delimiter: "-", index: 1}}
  targets:
  - select: {kind: Deployment}
    fieldPaths: [spec.template.spec.containers.0.image]
    options: {delimiter: ":", index: 1}
- source: {kind: ConfigMap, name: values, fieldPath: data.open}
  targets:
  - select: {kind: Deployment, name: web}
    fieldPaths: [spec.template.spec.hostNetwork]
    options: {create: true}
  - select: {kind: Deployment}
    reject: [{name: web}]
- source: {kind: Secret}
  targets: [{select: {kind: Deployment}}]
`,
      '/k/prod/values.yaml':
        'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: values}\ndata: {locked: false, open: true, host: side.example, team.example/tag: v-latest}\n',
      '/k/prod/image.yaml':
        'source: {kind: ConfigMap, fieldPath: data.host}\ntargets:\n- select: {kind: Deployment}\n  fieldPaths: ["spec.template.spec.containers.[name=side].image"]\n  options: {delimiter: /, index: -1}\n',
    };
    expect(said(files, 'privileged').told).toEqual([]);
    expect(said(files, 'host-network').told).toEqual([
      expect.stringContaining('Deployment/web/app'),
      expect.stringContaining('Deployment/web/side'),
    ]);
    expect(said(files, 'unpinned-image').told).toEqual([
      expect.stringContaining('registry.example/shop:latest'),
      expect.stringContaining('side.example/side'),
    ]);
    expect(said(files, 'privileged').problems).toEqual([
      expect.stringContaining('"the target of a replacement"'),
      expect.stringContaining('"the source of a replacement"'),
    ]);
  });

  it('changes images and namespaces, with JSON patches, components and texts in place', () => {
    const files = {
      ...base,
      '/k/prod/kustomization.yaml': `resources: [../base]
components: [../locked]
namespace: default
images: [{name: shop, newName: registry.example/shop, newTag: "2.0"}, {name: side, digest: "sha256:ab"}]
patches:
- target: {kind: Deployment}
  patch: |
    - {op: remove, path: /spec/template/spec/containers/0/securityContext/privileged}
    - {op: add, path: /spec/template/spec/hostPID, value: true}
`,
      '/k/locked/kustomization.yaml':
        'kind: Component\npatches:\n- patch: |-\n    kind: Deployment\n    metadata: {name: any}\n    spec: {template: {spec: {hostIPC: true}}}\n  target: {kind: Deployment}\n',
    };
    expect(said(files, 'privileged')).toEqual({ told: [], problems: [] });
    expect(said(files, 'host-pid').told).toHaveLength(2);
    expect(said(files, 'host-ipc').told).toHaveLength(2);
    expect(said(files, 'default-namespace').told).toHaveLength(1);
    expect(said(files, 'unpinned-image').told).toEqual([]);
  });

  it('says what is not here, and what it cannot do', () => {
    const files = {
      '/k/kustomization.yaml':
        'resources: [https://example.com/x.yaml, gone.yaml, web.yaml]\nhelmCharts: [{name: x}]\npatchesStrategicMerge: ["kind: Job\\nmetadata: {name: none}\\n"]\npatches:\n- target: {kind: Deployment}\n  patch: "- {op: test, path: /a, value: 1}\\n"\n',
      '/k/web.yaml': deployment,
    };
    expect(said(files, 'privileged').problems).toEqual(
      ['"https://example.com/x.yaml"', '"gone.yaml"', '"helmCharts"', '"/a"', '"the object of a patch: Job none"'].map(
        (what) => `partly-seen /k/kustomization.yaml ${what} is not here, or not built: nothing is fetched or run`,
      ),
    );
  });

  it('that two others are built of tells a fault and a secret once', () => {
    const secret = 'apiVersion: v1\nkind: Secret\nmetadata: {name: key}\nstringData:\n  token: AKIA2E0A8F3B244C9986\n';
    const files = {
      '/k/base/kustomization.yaml': 'resources: [web.yaml, secret.yaml]\n',
      '/k/base/web.yaml': deployment,
      '/k/base/secret.yaml': secret,
      '/k/test/kustomization.yaml': 'resources: [../base]\nnamespace: test\n',
      '/k/prod/kustomization.yaml': 'resources: [../base]\nnamespace: prod\n',
    };
    expect(said(files, 'privileged').told).toHaveLength(1);
    expect(said(files, 'secret-in-manifest').told).toEqual([
      'Secret/key holds the value of token /k/base/secret.yaml:5',
    ]);
    expect(said(files, 'secret-in-file').told).toEqual([]);
  });

  it('generates secrets of texts, files and lists of variables', () => {
    const files = {
      '/k/base/kustomization.yaml': 'secretGenerator:\n- name: s\n  literals: [PASSWORD=hunter2-hunter2]\n',
      '/k/prod/kustomization.yaml':
        'resources: [../base]\nsecretGenerator:\n- name: s\n  behavior: merge\n  envs: [prod.env]\n  files: [key.pem, id=gone.txt]\n',
      '/k/prod/prod.env': '# here\nTOKEN=0123456789abcdef\n\n',
      '/k/prod/key.pem': 'not-a-real-key\n',
    };
    const { told, problems } = said(files, 'secret-in-manifest');
    expect(told.map((text) => text.replace(/ \/.*$/, '')).sort()).toEqual([
      'Secret/s holds the value of PASSWORD',
      'Secret/s holds the value of TOKEN',
      'Secret/s holds the value of key.pem',
    ]);
    expect(problems).toEqual([
      'partly-seen /k/prod/kustomization.yaml "gone.txt" is not here, or not built: nothing is fetched or run',
    ]);
  });

  it('gives names, labels, annotations and replicas, and patches still find the old names', () => {
    const run = new CheckRun({ now: 0 });
    const role = (name: string): string =>
      `apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: ${name}}\nroleRef: {kind: ClusterRole, name: cluster-admin}\nsubjects: [{kind: ServiceAccount, name: robot, namespace: x}]\n`;
    run.addPath(
      new MemoryTree({
        ...base,
        '/k/base/kustomization.yaml': 'resources: [web.yaml, role.yaml, robot.yaml]\nnamePrefix: a-\n',
        '/k/base/role.yaml': role('bind'),
        '/k/base/robot.yaml': 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: robot}\n',
        '/k/prod/kustomization.yaml':
          'resources: [../base]\nnameSuffix: -z\nnamespace: prod\ncommonAnnotations: {"container.apparmor.security.beta.kubernetes.io/side": unconfined}\nreplicas: [{name: web, count: 3}]\npatches:\n- patch: |\n    kind: Deployment\n    metadata: {name: web}\n    spec: {template: {spec: {hostPID: true, serviceAccountName: robot}}}\n- target: {kind: Deploy.*, labelSelector: "tier!=db"}\n  patch: "- {op: test, path: /metadata/name, value: a-web}\\n- {op: copy, from: /metadata/name, path: /metadata/labels}\\n"\n',
      }),
      '/k',
    );
    const { claims, problems } = run.finish('k');
    const sentences = claims.map(({ sentence }) => sentence ?? '');
    expect(problems.map(({ message }) => message)).toEqual([]);
    expect(sentences).toContain('container Deployment/a-web-z/app shares the processes of the host');
    expect(sentences.filter((text) => text.includes('cluster-admin'))).toEqual([
      expect.stringContaining('ClusterRoleBinding/a-bind-z'),
    ]);
    expect(claims.map(({ detector }) => detector)).toContain('checks/apparmor-off');
  });

  it('that is made of another which is made of it is told, and built', () => {
    const files = {
      '/k/a/kustomization.yaml': 'resources: [../b, web.yaml]\n',
      '/k/a/web.yaml': deployment,
      '/k/b/kustomization.yaml': 'resources: [../a]\n',
    };
    expect(said(files, 'privileged')).toEqual({
      told: ['container Deployment/web/app is privileged /k/a/web.yaml:11'],
      problems: [
        'bad-record /k/b/kustomization.yaml kustomizations that are made of one another: /k/a/kustomization.yaml, /k/b/kustomization.yaml, /k/a/kustomization.yaml',
      ],
    });
  });

  it('that names itself or others without end is read in bounded time', () => {
    const names = Array.from({ length: 20 }, (_, index) => `../k${index}`);
    const files = Object.fromEntries(
      names.map((name) => [`/k/${name.slice(3)}/kustomization.yaml`, `resources: ${JSON.stringify(names)}\n`]),
    );
    files['/k/top/kustomization.yaml'] = 'resources: [../k0]\n';
    const { problems } = said(files, 'privileged');
    expect(problems.some((problem) => problem.includes('more than 5000 files'))).toBe(true);
  });

  it('with patches and generators without end is bounded, and says so', () => {
    const items = '- {}\n'.repeat(501);
    const files = {
      '/k/kustomization.yaml': `resources: [web.yaml]\nconfigMapGenerator:\n${items}patches:\n${items}`,
      '/k/web.yaml': deployment,
    };
    const { problems } = said(files, 'privileged');
    for (const what of ['configMapGenerator after the first 500', 'patches after the first 500']) {
      expect(problems.some((problem) => problem.includes(what))).toBe(true);
    }
  });

  it.each([
    [
      'a map into itself, by replacements',
      'replacements:\n' +
        '- {source: {kind: Deployment, fieldPath: spec}, targets: [{select: {kind: Deployment}, fieldPaths: [spec.x, spec.y], options: {create: true}}]}\n'.repeat(
          60,
        ),
    ],
    [
      'a map into itself, by a JSON patch',
      `patches:\n- target: {kind: Deployment}\n  patch: |-\n${Array.from({ length: 60 }, (_none, at) => `    - {op: copy, from: /spec, path: /spec/x${at}}\n`).join('')}`,
    ],
  ])('that copies %s is not built to the end, and says so', (_what, body) => {
    const files = { ...base, '/k/prod/kustomization.yaml': `resources: [../base]\n${body}` };
    expect(said(files, 'privileged').problems).toEqual([
      'limit-reached /k/prod/kustomization.yaml patches and replacements make more than 1000000 nodes: what comes after is not built',
    ]);
  });

  it('does not put a text into itself until it is too long', () => {
    const one =
      '- {source: {kind: Deployment, fieldPath: metadata.name}, targets: [{select: {kind: Deployment}, options: {delimiter: "-", index: 9}}]}\n';
    const files = {
      ...base,
      '/k/prod/kustomization.yaml': `resources: [../base]\nreplacements:\n${one.repeat(200)}`,
    };
    const { told, problems } = said(files, 'privileged');
    expect(told).toHaveLength(1);
    expect(told[0]?.length).toBeLessThan(70_000);
    expect([...new Set(problems)]).toEqual([expect.stringContaining('"the target of a replacement"')]);
  });

  it('may be broken anywhere', () => {
    const parts = [
      'resources: ',
      'patches: ',
      '[',
      ']',
      '{',
      '}',
      'path: ',
      'web.yaml',
      '\n',
      '- ',
      'target: ',
      'patch: |\n  ',
      'op: add',
      ', ',
      'images: ',
      'name: a',
      'components: ',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...parts), { maxLength: 20 }), (chosen) => {
        const files = { '/k/kustomization.yaml': chosen.join(''), '/k/web.yaml': deployment };
        expect(said(files, 'privileged').told.length).toBeLessThanOrEqual(chosen.length + 1);
      }),
    );
  });
});
