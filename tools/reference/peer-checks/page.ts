import { allChecks } from '../../../src/inspect/image/run-checks.ts';
import { code, codes, referencePage, table, type GeneratedFile } from '../page.ts';
import { dockerBench } from './docker-bench.ts';
import { dockle } from './dockle.ts';
import { hadolint } from './hadolint.ts';
import { kubescape } from './kubescape.ts';
import type { PeerCheck } from './list.ts';
import { trivyDocker, trivyKubernetes } from './trivy.ts';

/** What other tools for hardening check, by their ids, and which check of ours says the same, or why none does. */
export const peerLists: Readonly<Record<string, readonly PeerCheck[]>> = {
  'docker-bench-security 1.6 (CIS Docker 1.6)': dockerBench(),
  dockle: dockle,
  hadolint: hadolint,
  kubescape: kubescape,
  'Trivy, Dockerfiles': trivyDocker,
  'Trivy, Kubernetes': trivyKubernetes,
};

/** Fails where a list names a check that is not there, or gives neither a check nor a reason. */
export function peerChecksPage(): GeneratedFile {
  const ids = new Set(allChecks.map(({ id }) => id));
  for (const check of Object.values(peerLists).flat()) {
    const gone = check.ours.find((id) => !ids.has(id));
    if (gone !== undefined) throw new Error(`${check.ids.join(' ')} names the check "${gone}", which does not exist`);
    if (check.ours.length === 0 && check.why === undefined) throw new Error(`${check.ids.join(' ')} has no reason`);
  }
  return referencePage('peer-checks', 'Checks of other tools', [
    'What other tools for hardening ask, and the [check](checks.md) that says the same: for those who come from one of them. Where nothing of ours says it, the reason stands beside. A check of ours says more, in most cases, than the one that it stands beside; several have none beside them at all.',
    ...Object.entries(peerLists).flatMap(([name, checks]) => [
      `## ${name}`,
      table(['theirs', 'about', 'ours', 'besides'], checks.map(row)),
    ]),
  ]);
}

function row({ ids, about, ours, why }: PeerCheck): string[] {
  return [ids.map(code).join(', '), about === '' ? titleOf(ours) : about, codes(ours), why ?? ''];
}

function titleOf(ours: readonly string[]): string {
  return allChecks.find(({ id }) => id === ours[0])?.title ?? '';
}
