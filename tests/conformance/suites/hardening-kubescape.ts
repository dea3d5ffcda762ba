import type { Claim } from '../../../src/inspect/claim.ts';
import { readInput } from '../../../src/inspect/image/inputs/read-input.ts';
import { SceneParts } from '../../../src/inspect/image/inputs/scene-parts.ts';
import { runChecks } from '../../../src/inspect/image/run-checks.ts';
import { archivesIn } from '../hardening/archive.ts';
import { judge, type Case } from '../hardening/cases.ts';
import type { Suite, SuiteResult } from '../suite.ts';

/** Which checks of ours mean what a rule of kubescape means. A privileged container is also one with the capability SYS_ADMIN there. */
const meaning: Readonly<Record<string, (claim: Claim) => boolean>> = {
  'alert-any-hostpath': is('host-path-volume'),
  'containers-mounting-docker-socket': is('engine-socket'),
  'host-network-access': is('host-network'),
  'host-pid-ipc-privileges': is('host-pid', 'host-ipc'),
  'immutable-container-filesystem': is('writable-root'),
  'insecure-capabilities': is('dangerous-capabilities'),
  'non-root-containers': is('root-user', 'root-group'),
  'rule-allow-privilege-escalation': is('privilege-escalation'),
  'rule-privileged-container': (claim) =>
    is('privileged')(claim) ||
    (is('dangerous-capabilities')(claim) && /capability SYS_ADMIN/.test(claim.sentence ?? '')),
};

function is(...ids: readonly string[]): (claim: Claim) => boolean {
  const detectors = new Set(ids.map((id) => `checks/${id}`));
  return ({ detector }) => detectors.has(detector);
}

interface Alert {
  readonly alertMessage: string;
  readonly failedPaths?: readonly string[] | null;
  readonly fixPaths?: readonly { readonly path: string }[] | null;
}

interface RuleTest {
  readonly inputs: { readonly name: string; readonly text: string }[];
  expected?: readonly Alert[];
}

/** Tests of kubescape's rules, `RULE/test/CASE/{input/*,expected.json}`: the same containers, volumes and settings are pointed at. */
export const suite: Suite = {
  id: 'hardening/kubescape',
  async run(corpus): Promise<SuiteResult> {
    const tests = new Map<string, RuleTest>();
    for await (const { name, text } of archivesIn(corpus, /^kubescape-.*\.tar\.xz$/)) {
      const [, rule, test, file] = /^(?:\.\/)?(?:.*\/)?([^/]+)\/test\/([^/]+)\/((?:input\/)?[^/]+)$/.exec(name) ?? [];
      if (rule === undefined || test === undefined || file === undefined) continue;
      const found = tests.get(`${rule} ${test}`) ?? { inputs: [] };
      tests.set(`${rule} ${test}`, found);
      if (file === 'expected.json') found.expected = JSON.parse(text) as readonly Alert[];
      else if (file.startsWith('input/')) found.inputs.push({ name, text });
    }
    return judge([...tests].flatMap(([name, test]) => caseOf(name, test)));
  },
};

function caseOf(name: string, { inputs, expected }: RuleTest): Case[] {
  const fits = meaning[name.split(' ')[0] ?? ''];
  if (expected === undefined || fits === undefined) return [];
  const parts = new SceneParts();
  for (const input of inputs) readInput(input.name, input.text, parts);
  const claims = runChecks(parts.scene(0)).claims.filter(fits);
  const got = claims.map((claim) => objectOf(claim.about?.[1] ?? ''));
  const named = expected.flatMap(objectsOf);
  // An alert about a container of a running pod names no path.
  const nameless = expected.filter((alert) => objectsOf(alert).length === 0).length;
  const extra = new Set(got.filter((object) => !named.includes(object)));
  return [
    {
      name,
      got:
        [...new Set(got)]
          .filter((object) => named.includes(object))
          .sort()
          .join(' ') + (extra.size === 0 ? '' : ` and ${extra.size} besides`),
      want: [...new Set(named)].sort().join(' ') + (nameless === 0 ? '' : ` and ${nameless} besides`),
    },
  ];
}

function objectsOf({ failedPaths, fixPaths }: Alert): string[] {
  const failed = (failedPaths ?? []).filter((path) => !path.includes('volumeMounts'));
  const paths = failed.length > 0 ? failed : (fixPaths ?? []).map(({ path }) => path);
  return paths.filter((path) => path !== '').map(objectOf);
}

/** A path as far as the container or the volume in it; of a setting of the pod, all of it. */
function objectOf(path: string): string {
  return /^.*?(?:[cC]ontainers|volumes)\[\d+\]/.exec(path)?.[0] ?? path;
}
