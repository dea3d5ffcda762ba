import type { Cursor } from '../cursor.ts';
import type { ClusterObject } from './object.ts';

/** A pod, or the template from which a workload makes its pods. */
export interface Pod {
  readonly object: ClusterObject;
  readonly annotations: Cursor;
  /** Of the pods themselves, not of what makes them. */
  readonly labels: Cursor;
  readonly spec: Cursor;
  readonly containers: readonly PodContainer[];
}

export interface PodContainer {
  readonly role: 'main' | 'init' | 'ephemeral';
  readonly name: string;
  readonly cursor: Cursor;
}

/** Where workloads keep the template of their pods. */
const templateOf: Readonly<Record<string, readonly string[]>> = {
  Pod: [],
  PodTemplate: ['template'],
  Deployment: ['spec', 'template'],
  ReplicaSet: ['spec', 'template'],
  ReplicationController: ['spec', 'template'],
  StatefulSet: ['spec', 'template'],
  DaemonSet: ['spec', 'template'],
  Job: ['spec', 'template'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
};

/** The pod of an object of the cluster; undefined for kinds that have none. */
export function podOf(object: ClusterObject): Pod | undefined {
  const way = templateOf[object.kind];
  if (way === undefined) return undefined;
  const pod = object.root.get(...way);
  const spec = pod.get('spec');
  if (spec.node?.kind !== 'map') return undefined;
  return {
    object,
    annotations: pod.get('metadata', 'annotations'),
    labels: pod.get('metadata', 'labels'),
    spec,
    containers: [
      ...containersIn(spec.get('containers'), 'main'),
      ...containersIn(spec.get('initContainers'), 'init'),
      ...containersIn(spec.get('ephemeralContainers'), 'ephemeral'),
    ],
  };
}

function containersIn(list: Cursor, role: PodContainer['role']): PodContainer[] {
  return list.items().map((cursor) => ({ role, name: cursor.get('name').text() ?? '', cursor }));
}

/** `Deployment/web`, the way kubectl names it. */
export function podName({ object }: Pod): string {
  return `${object.kind}/${object.name}`;
}
