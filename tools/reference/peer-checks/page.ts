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

/** That the checks of ours stand there is tested: a tree without plug-ins has a page too. */
export function peerChecksPage(): GeneratedFile {
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
