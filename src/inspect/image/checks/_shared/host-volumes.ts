import type { Reason } from '../../../../events/finding.ts';
import type { Pod } from '../../inputs/kubernetes/pod.ts';
import type { Place } from '../../inputs/place.ts';

export interface HostVolume {
  readonly volume: Place;
  /** On the node. */
  readonly path: string;
  /** Where containers mount it. */
  readonly mounts: readonly Reason[];
}

/** The volumes of a pod that are folders, files and sockets of its node. */
export function hostVolumes({ spec, containers }: Pod): HostVolume[] {
  const mounts = containers.flatMap(({ cursor }) => cursor.get('volumeMounts').items());
  return spec
    .get('volumes')
    .items()
    .flatMap((volume) => {
      const path = volume.get('hostPath');
      if (!path.isThere) return [];
      const name = volume.get('name').text();
      const mounted = mounts.filter((mount) => mount.get('name').text() === name);
      return [
        {
          volume: volume.place,
          path: path.get('path').text() ?? '',
          mounts: mounted.map(({ place }) => ({ what: 'mounted by', value: place.pointer ?? '' })),
        },
      ];
    });
}
