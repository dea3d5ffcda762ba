import type { Micros } from '../../base/time.ts';
import type { Entity } from '../../events/entity.ts';
import type { Reason, Severity } from '../../events/finding.ts';
import type { BuildFile } from './inputs/build-file.ts';
import type { Engine } from './inputs/engine.ts';
import type { FileFacts } from './inputs/file-facts.ts';
import type { HostCapture } from './inputs/host.ts';
import type { ImageFacts } from './inputs/image/image-facts.ts';
import type { Pod } from './inputs/kubernetes/pod.ts';
import type { ClusterObject } from './inputs/kubernetes/object.ts';
import type { Place } from './inputs/place.ts';
import type { Workload } from './inputs/workload.ts';

/** A recommendation that a check stands for, as its publisher names it. */
export interface Reference {
  readonly of:
    | 'CIS Docker 1.6'
    | 'CIS Docker 1.8'
    | 'CIS Kubernetes 1.10'
    | 'Pod Security Standards'
    | 'guide'
    | 'CWE'
    | 'docs';
  /** `5.5`, `baseline`, `restricted`, `CWE-798`, an address. */
  readonly id: string;
}

/** One place where something is not as it should be. */
export interface Fault {
  readonly at: Place;
  /** The object and what is odd about it, as the end of a sentence: `mounts /etc of the host (read-only) at /host/etc`. */
  readonly what: string;
  /** Where it is worse or milder than the check's own. */
  readonly severity?: Severity;
  /** Strength of the claim, 0 to 1; 1 when not given. */
  readonly score?: number;
  readonly reasons?: readonly Reason[];
  /** What else it is about, besides the workload or image that is looked at. */
  readonly entities?: readonly Entity[];
  /** The recommendations that this fault alone is against, where a check stands for many. */
  readonly references?: readonly Reference[];
  /** ATT&CK techniques, where they are not the check's own. */
  readonly attack?: readonly string[];
}

/** Everything that is looked at together: a check of one thing may need what stands beside it. */
export interface Scene {
  readonly workloads: readonly Workload[];
  readonly pods: readonly Pod[];
  readonly objects: readonly ClusterObject[];
  readonly builds: readonly BuildFile[];
  readonly images: readonly ImageFacts[];
  /** Files in which something was found. */
  readonly files: readonly FileFacts[];
  /** What ages are counted from. */
  readonly now: Micros;
  readonly engine: Engine | undefined;
  readonly host: HostCapture;
}

/**
 * One hardening check: data about it, and a pure function for each kind of thing that it can judge. A function gives nothing when all
 * is well, and when the thing does not say.
 */
export interface Check<Id extends string = string> {
  readonly id: Id;
  /** What is wrong when it fires, as a noun: `container with all rights of the host`. */
  readonly title: string;
  readonly severity: Severity;
  /** What an attacker makes of it: one or two sentences. */
  readonly why: string;
  /** How to put it right, with the setting by name. */
  readonly fix: string;
  /** End of a sentence that begins `It would vanish if`. */
  readonly vanishes: string;
  readonly references: readonly Reference[];
  /** Points of the guides that it serves. */
  readonly guide: readonly string[];
  /** ATT&CK techniques that it opens the door for. */
  readonly attack: readonly string[];
  workload?(workload: Workload, scene: Scene): Iterable<Fault>;
  pod?(pod: Pod, scene: Scene): Iterable<Fault>;
  object?(object: ClusterObject, scene: Scene): Iterable<Fault>;
  build?(build: BuildFile, scene: Scene): Iterable<Fault>;
  image?(image: ImageFacts, scene: Scene): Iterable<Fault>;
  file?(file: FileFacts, scene: Scene): Iterable<Fault>;
  engine?(engine: Engine, scene: Scene): Iterable<Fault>;
  host?(host: HostCapture, scene: Scene): Iterable<Fault>;
}

/** Checks a definition while keeping its literal id. */
export function defineCheck<const Id extends string>(check: Check<Id>): Check<Id> {
  return check;
}
