import { describe, expect, it } from 'vitest';
import { readJsonTree } from '../inputs/json-tree.ts';
import { Cursor } from '../inputs/cursor.ts';
import { clusterObjects } from '../inputs/kubernetes/object.ts';
import { podOf, type Pod } from '../inputs/kubernetes/pod.ts';
import type { PodSecurityLevel } from './control.ts';
import { brokenControls } from './evaluate.ts';

function podWith(spec: object, container: object = {}): Pod {
  const whole = { ...spec, containers: [{ name: 'c', image: 'a', ...container }] };
  const document = readJsonTree(
    JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: whole }),
  );
  if ('fault' in document) throw new Error(document.fault.message);
  const [pod] = clusterObjects(Cursor.root(document.root, 'p.json')).flatMap((object) => podOf(object) ?? []);
  if (pod === undefined) throw new Error('no pod');
  return pod;
}

function broken(pod: Pod, level: PodSecurityLevel, minor?: number): string[] {
  return brokenControls(pod, level, minor).map(({ control }) => control.id);
}

const sound = { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } };
const soundContainer = { securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } } };

describe('the standards', () => {
  it('let a pod through that has all they ask for', () => {
    const pod = podWith({ securityContext: sound }, soundContainer);
    expect([broken(pod, 'baseline'), broken(pod, 'restricted')]).toEqual([[], []]);
  });

  it('ask for more from version to version', () => {
    const pod = podWith({});
    expect(broken(pod, 'restricted', 7)).toEqual(['runAsNonRoot']);
    expect(broken(pod, 'restricted', 21)).toEqual([
      'allowPrivilegeEscalation',
      'runAsNonRoot',
      'seccompProfile_restricted',
    ]);
    expect(broken(pod, 'restricted')).toContain('capabilities_restricted');
  });

  it.each([
    ['net.ipv4.tcp_rmem', 31, ['sysctls']],
    ['net.ipv4.tcp_rmem', 32, []],
    ['net.ipv4.tcp_keepalive_time', 28, ['sysctls']],
    ['net.ipv4.ip_local_reserved_ports', 27, []],
  ] as const)('allow the setting %s from a version on: 1.%i', (name, minor, controls) => {
    expect(broken(podWith({ securityContext: { sysctls: [{ name, value: '1' }] } }), 'baseline', minor)).toEqual(
      controls,
    );
  });

  it('take a user namespace for what it is worth', () => {
    const own = { hostUsers: false, securityContext: { seccompProfile: { type: 'RuntimeDefault' }, runAsUser: 0 } };
    expect(broken(podWith(own, soundContainer), 'restricted')).toEqual([]);
    const unmasked = podWith({ hostUsers: false }, { securityContext: { procMount: 'Unmasked' } });
    expect([broken(unmasked, 'baseline', 34), broken(unmasked, 'baseline', 35)]).toEqual([['procMount'], []]);
  });

  it('ask of Windows only what it knows', () => {
    const pod = podWith({ os: { name: 'windows' }, securityContext: { runAsNonRoot: true } });
    expect([broken(pod, 'restricted', 24).length > 0, broken(pod, 'restricted', 25)]).toEqual([true, []]);
  });

  it('forbid probes of other hosts from 1.34 on', () => {
    const pod = podWith({}, { livenessProbe: { httpGet: { host: '192.0.2.1', port: 80 } } });
    expect([broken(pod, 'baseline', 33), broken(pod, 'baseline', 34)]).toEqual([[], ['hostProbesAndHostLifecycle']]);
  });

  it('point at what breaks them', () => {
    const [first] = brokenControls(podWith({ volumes: [{ name: 'v', hostPath: { path: '/' } }] }), 'restricted');
    expect(first?.violations).toEqual([
      { at: { path: 'p.json', line: 1, pointer: 'spec.volumes[0]' }, what: 'has a volume of the kind hostPath' },
    ]);
  });
});
