import { allChecks } from '../../../src/inspect/image/run-checks.ts';
import { without, type PeerCheck } from './list.ts';

/** Numbers that nothing of ours is about, with the reason. */
const left: readonly PeerCheck[] = [
  without('1.1.1 1.2.1', 'a partition of its own, a hardened host', 'about the host as a whole: `host inspect`'),
  without(
    '2.1',
    'the engine as a user without rights',
    '`engine-root-users` tells of root outside; which user an engine runs as is not in its settings',
  ),
  without('2.8 2.10 2.11', 'limits for files, control groups, size of containers', 'limits are told of each container'),
  without(
    '3.1-3.24',
    'modes and owners of the files of the engine',
    'seen on a host only, and not built; what watches them is told by `audit-rules`',
  ),
  without(
    '4.2 4.5 4.12',
    'trusted bases, content trust, signed images',
    '`image verify`, and the policy of `image index`',
  ),
  without(
    '5.9 5.19 5.23 5.24',
    'ports that are needed, ulimits, exec with rights',
    'what is needed nobody but its owner knows; what was run is seen by the rules for events',
  ),
  without('6.1 6.2', 'too many images and containers', 'a matter of order, not of safety'),
  without('7.1-7.9', 'swarm', 'that there is one is told by `engine-swarm`; its settings are not read'),
];

/** docker-bench-security's numbers are those of the CIS Docker Benchmark 1.6, which our checks name themselves. */
export function dockerBench(): readonly PeerCheck[] {
  const byNumber = new Map<string, string[]>();
  for (const { id, references } of allChecks) {
    for (const reference of references) {
      if (reference.of === 'CIS Docker 1.6') byNumber.set(reference.id, [...(byNumber.get(reference.id) ?? []), id]);
    }
  }
  const named = [...byNumber].map(([number, ours]): PeerCheck => ({ ids: [number], about: '', ours }));
  return [...named, ...left].sort((a, b) => (a.ids[0] ?? '').localeCompare(b.ids[0] ?? '', 'en', { numeric: true }));
}
