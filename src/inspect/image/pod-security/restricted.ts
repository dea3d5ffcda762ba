import type { Cursor } from '../inputs/cursor.ts';
import type { Pod } from '../inputs/kubernetes/pod.ts';
import { hasOwnUsers, isForWindows, settingsOf, type Control, type Violation } from './control.ts';

/** Kinds of volumes that hold nothing of the host. */
const volumeKinds = new Set([
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
]);

/** Controls of the level `restricted`, which asks for what hardening asks for today. */
export const restrictedControls: readonly Control[] = [
  {
    id: 'restrictedVolumes',
    level: 'restricted',
    title: 'volumes of other kinds',
    since: 0,
    replaces: ['hostPathVolumes'],
    violations: (pod) => pod.spec.get('volumes').items().flatMap(volumeViolation),
  },
  {
    id: 'allowPrivilegeEscalation',
    level: 'restricted',
    title: 'processes that may gain rights',
    since: 8,
    violations: (pod, minor) =>
      isForWindows(pod, minor)
        ? []
        : inEachContainer(pod, ['allowPrivilegeEscalation'], (setting) => setting.flag() === false, 'may gain rights'),
  },
  {
    id: 'runAsNonRoot',
    level: 'restricted',
    title: 'containers that may run as root',
    since: 0,
    violations: (pod) => {
      if (hasOwnUsers(pod)) return [];
      const isSafe = pod.spec.get('securityContext', 'runAsNonRoot');
      const explicit = settingsOf(pod, 'runAsNonRoot').filter((setting) => setting.flag() === false);
      const missing = isSafe.flag() === true ? [] : withoutSetting(pod, 'runAsNonRoot');
      return [...explicit, ...missing].map(({ place }) => ({ at: place, what: 'may run as root' }));
    },
  },
  {
    id: 'runAsUser',
    level: 'restricted',
    title: 'containers that run as root',
    since: 23,
    violations: (pod) =>
      hasOwnUsers(pod)
        ? []
        : settingsOf(pod, 'runAsUser')
            .filter((user) => user.number() === 0)
            .map(({ place }) => ({ at: place, what: 'runs as root' })),
  },
  {
    id: 'seccompProfile_restricted',
    level: 'restricted',
    title: 'no seccomp profile',
    since: 19,
    replaces: ['seccompProfile_baseline'],
    violations: (pod, minor) => {
      if (isForWindows(pod, minor)) return [];
      const isAllowed = (type: Cursor): boolean => ['RuntimeDefault', 'Localhost'].includes(type.text() ?? '');
      const explicit = settingsOf(pod, 'seccompProfile', 'type').filter((type) => !isAllowed(type));
      const inherited = isAllowed(pod.spec.get('securityContext', 'seccompProfile', 'type'));
      const missing = inherited ? [] : withoutSetting(pod, 'seccompProfile', 'type');
      return [...explicit, ...missing].map(({ place }) => ({ at: place, what: 'has no seccomp profile' }));
    },
  },
  {
    id: 'capabilities_restricted',
    level: 'restricted',
    title: 'capabilities that are not dropped',
    since: 22,
    replaces: ['capabilities_baseline'],
    violations: (pod, minor) => {
      if (isForWindows(pod, minor)) return [];
      const added = settingsOf(pod, 'capabilities', 'add').flatMap((list) => list.texts());
      const dropsAll = (list: Cursor): boolean => list.texts().some(({ value }) => value === 'ALL');
      return [
        ...inEachContainer(pod, ['capabilities', 'drop'], dropsAll, 'does not drop all capabilities'),
        ...added
          .filter(({ value }) => value !== 'NET_BIND_SERVICE')
          .map(({ value, at }) => ({ at, what: `adds the capability ${value}` })),
      ];
    },
  },
];

function volumeViolation(volume: Cursor): Violation[] {
  const kinds = volume.entries().filter(([name]) => name !== 'name');
  const allowed = kinds.some(([name, value]) => volumeKinds.has(name) && value.node !== undefined);
  if (allowed && kinds.every(([name]) => volumeKinds.has(name))) return [];
  const [kind] = kinds.find(([name]) => !volumeKinds.has(name)) ?? [];
  // A volume without a kind is an empty folder.
  return kind === undefined ? [] : [{ at: volume.place, what: `has a volume of the kind ${kind}` }];
}

/** A violation for each container whose own setting is not as asked for, or is missing. */
function inEachContainer(
  pod: Pod,
  keys: readonly string[],
  isGood: (setting: Cursor) => boolean,
  what: string,
): Violation[] {
  return pod.containers
    .map(({ cursor }) => cursor.get('securityContext', ...keys))
    .filter((setting) => !isGood(setting))
    .map(({ place }) => ({ at: place, what }));
}

/** The places in containers where a setting is missing. */
function withoutSetting(pod: Pod, ...keys: readonly string[]): Cursor[] {
  return pod.containers.map(({ cursor }) => cursor.get('securityContext', ...keys)).filter(({ isThere }) => !isThere);
}
