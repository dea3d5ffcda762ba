import { ProblemList, type Problem } from '../../../base/problem.ts';
import type { Micros } from '../../../base/time.ts';
import type { Firewall } from '../../exposure/firewall.ts';
import type { IpSet } from '../../exposure/ipset.ts';
import type { Scene } from '../check.ts';
import type { BuildFile } from './build-file.ts';
import { mergeEngines, type EngineFacts } from './engine.ts';
import type { FileFacts } from './file-facts.ts';
import type { HostCapture, OuterNetwork } from './host.ts';
import type { ImageFacts } from './image/image-facts.ts';
import type { ClusterObject } from './kubernetes/object.ts';
import type { Pod } from './kubernetes/pod.ts';
import type { Workload } from './workload.ts';

/** Things of one kind that one run looks at: a folder of manifests has hundreds. */
const maxThings = 100_000;

/** What the files that were read so far tell: it becomes the scene that checks look at. */
export class SceneParts {
  readonly workloads: Workload[] = [];
  readonly pods: Pod[] = [];
  readonly objects: ClusterObject[] = [];
  readonly builds: BuildFile[] = [];
  readonly images: ImageFacts[] = [];
  readonly files: FileFacts[] = [];
  /** Facts from what is set, then from what the engine reports: the first ones count. */
  readonly engineSettings: EngineFacts[] = [];
  readonly engineReports: EngineFacts[] = [];
  readonly sockets: HostCapture['sockets'][number][] = [];
  readonly firewalls: { readonly path: string; readonly firewall: Firewall }[] = [];
  readonly ipSets = new Map<string, IpSet>();
  readonly outerNetworks = new Map<string, OuterNetwork>();
  readonly ufw: HostCapture['ufw'][number][] = [];
  readonly auditRules: HostCapture['auditRules'][number][] = [];
  readonly containersByAddress = new Map<string, string>();
  readonly problems = new ProblemList();
  /** Text of another file of the tree that is being read: manifests name what stands beside them. */
  readText: (path: string) => string | undefined = () => undefined;

  addWorkloads(workloads: readonly Workload[]): void {
    for (const workload of workloads) {
      if (this.workloads.length >= maxThings) {
        this.problems.add({ code: 'limit-reached', at: workload.at, message: `more than ${maxThings} containers` });
        return;
      }
      this.workloads.push(workload);
      for (const { address } of workload.addresses) this.containersByAddress.set(address, workload.name);
    }
  }

  addFile(file: FileFacts): void {
    if (this.files.length < maxThings) this.files.push(file);
    else {
      this.problems.add({ code: 'limit-reached', at: file.at, message: `more than ${maxThings} files with findings` });
    }
  }

  /** `now` is what ages are counted from. */
  scene(now: Micros): Scene {
    const facts = [...this.engineSettings, ...this.engineReports];
    return {
      workloads: this.workloads,
      pods: this.pods,
      objects: this.objects,
      builds: this.builds,
      images: this.images,
      files: this.files,
      now,
      engine: facts.length === 0 ? undefined : mergeEngines(facts, { path: '' }),
      host: {
        sockets: this.sockets,
        firewalls: this.firewalls,
        ipSets: this.ipSets,
        outerNetworks: this.outerNetworks,
        ufw: this.ufw,
        containersByAddress: this.containersByAddress,
        auditRules: this.auditRules,
      },
    };
  }

  drainProblems(): Problem[] {
    return this.problems.drain();
  }
}
