import { defineCheck, type Scene } from '../../check.ts';
import type { ClusterObject } from '../../inputs/kubernetes/object.ts';
import type { Pod } from '../../inputs/kubernetes/pod.ts';
import { isPublishedOutside } from '../../inputs/workload.ts';
import { docs } from '../_shared/references.ts';
import { consoleOf } from './consoles.ts';

const openTypes: ReadonlySet<string> = new Set(['LoadBalancer', 'NodePort']);

export const check = defineCheck({
  id: 'exposed-console',
  title: 'console that can be reached from outside',
  severity: 'high',
  why: 'Programs like this ask nobody who he is unless they are told to; open ones are found by scanners within hours, and are how miners come in.',
  fix: 'publish it on 127.0.0.1 or as a ClusterIP, and reach it by `kubectl port-forward`, a VPN, or a proxy that asks for a name',
  vanishes: 'it were not open to the outside',
  references: docs('https://attack.mitre.org/techniques/T1133/'),
  guide: ['C04', 'C24'],
  attack: ['T1133', 'T1190'],
  *workload({ image, ports, origin }) {
    const console = image === undefined ? undefined : consoleOf(image.value);
    const port = ports.find((one) => one.hostAddress === '' && isPublishedOutside(one));
    // A port of a node is told in the cluster by the pod.
    if (console === undefined || port === undefined) return;
    const where = origin === 'kubernetes' ? 'takes a port of its node for' : 'publishes';
    yield { at: port.at, what: `${where} ${console.name}, through which anybody may ${console.gives}` };
  },
  *object(object, scene) {
    const { kind, group, root } = object;
    const type = root.get('spec', 'type');
    if (kind !== 'Service' || group !== '' || !openTypes.has(type.text() ?? '')) return;
    for (const pod of podsOf(object, scene)) {
      const image = pod.containers.map(({ cursor }) => cursor.get('image').text() ?? '').find((one) => consoleOf(one));
      const console = image === undefined ? undefined : consoleOf(image);
      if (console === undefined) continue;
      yield {
        at: type.place,
        what: `opens ${console.name} to the outside (${type.text() ?? ''}), through which anybody may ${console.gives}`,
        entities: [{ kind: 'image', value: image ?? '' }],
      };
      return;
    }
  },
});

/** The pods that a service sends to: of its namespace, with all labels that it selects by. */
function podsOf({ root, namespace }: ClusterObject, { pods }: Scene): readonly Pod[] {
  const wanted = root.get('spec', 'selector').entries();
  if (wanted.length === 0) return [];
  return pods.filter(
    ({ object, labels }) =>
      (object.namespace ?? 'default') === (namespace ?? 'default') &&
      wanted.every(([key, value]) => labels.get(key).text() === value.text()),
  );
}
