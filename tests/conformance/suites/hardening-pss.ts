import { readYaml } from '../../../src/base/yaml-tree.ts';
import { Cursor } from '../../../src/inspect/image/inputs/cursor.ts';
import { clusterObjects } from '../../../src/inspect/image/inputs/kubernetes/object.ts';
import { podOf } from '../../../src/inspect/image/inputs/kubernetes/pod.ts';
import type { PodSecurityLevel } from '../../../src/inspect/image/pod-security/control.ts';
import { brokenControls } from '../../../src/inspect/image/pod-security/evaluate.ts';
import { archivesIn } from '../hardening/archive.ts';
import { judge, type Case } from '../hardening/cases.ts';
import type { Suite, SuiteResult } from '../suite.ts';

/** Pods of the admission's own tests: `LEVEL/vMAJOR.MINOR/{pass,fail}/CONTROL.yaml`. */
const form = /^(?:.*\/)?(?<level>baseline|restricted)\/v1\.(?<minor>\d+)\/(?<want>pass|fail)\/(?<name>[^/]+)\.yaml$/;

export const suite: Suite = {
  id: 'hardening/pss',
  async run(corpus): Promise<SuiteResult> {
    const cases: Case[] = [];
    for await (const { name, text } of archivesIn(corpus, /^pss-.*\.tar\.xz$/)) {
      const groups = form.exec(name)?.groups;
      if (groups === undefined) continue;
      const level = groups['level'] as PodSecurityLevel;
      const broken = podsIn(text, name).flatMap((pod) => brokenControls(pod, level, Number(groups['minor'])));
      cases.push({
        name,
        got: broken.length === 0 ? 'pass' : 'fail',
        want: groups['want'] ?? '',
      });
    }
    return judge(cases);
  },
};

function podsIn(text: string, path: string): NonNullable<ReturnType<typeof podOf>>[] {
  return readYaml(text).flatMap((document) =>
    'fault' in document
      ? []
      : clusterObjects(Cursor.root(document.root, path)).flatMap((object) => podOf(object) ?? []),
  );
}
