import { childOf } from '../../../tree/tree.ts';
import { foldersIn, readText } from '../../locations.ts';
import { defineTechnique } from '../../technique.ts';
import { dockerItems } from './docker.ts';
import { podmanItems } from './podman.ts';

export const technique = defineTechnique({
  id: 'container',
  title: 'Containers that are root on the host',
  description:
    'Stored containers of Docker and quadlets of podman that are privileged, share namespaces with the host, mount its folders or the socket of an engine, or run without confinement; a restart policy makes them come back. Programs that are run for each container, and traces of an escape: a release agent in cgroup v1.',
  places: [
    '/var/lib/docker/containers/*/{config.v2,hostconfig}.json',
    '/etc/containers/systemd/*',
    '~/.config/containers/systemd/*',
    '/etc/containers/oci/hooks.d/*',
    '/sys/fs/cgroup/**/release_agent',
  ],
  attack: ['T1610', 'T1611'],
  guide: ['C04', 'C09'],
  references: ['https://attack.mitre.org/techniques/T1611/'],
  *find({ tree, accounts, live }) {
    yield* dockerItems(tree);
    yield* podmanItems(tree, accounts);
    if (live === undefined) return;
    for (const { path } of foldersIn(tree, '/sys/fs/cgroup')) {
      const agent = readText(tree, childOf(path, 'release_agent')).trim();
      // systemd's own, where cgroup v1 is still mounted.
      if (agent === '' || agent.endsWith('/systemd-cgroups-agent')) continue;
      yield {
        path: childOf(path, 'release_agent'),
        rule: 'release-agent',
        title: 'program that an empty cgroup starts',
        targets: [agent],
        unowned: 0,
        isJudgedAnyway: true,
        attack: ['T1611'],
        signs: [{ what: 'is started by the kernel as root on the host', value: agent, weight: 0.75 }],
      };
    }
  },
});
