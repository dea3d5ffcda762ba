import type { FileTree } from '../../../tree/tree.ts';
import type { Accounts } from '../../accounts.ts';
import { iniEntries } from '../../ini.ts';
import { filesIn, readText } from '../../locations.ts';
import type { PersistenceItem } from '../../technique.ts';
import { accessItem, type ContainerAccess } from './access.ts';

const quadletFolders = ['/etc/containers/systemd', '/usr/share/containers/systemd', '/run/containers/systemd'];
const hookFolders = ['/etc/containers/oci/hooks.d', '/usr/share/containers/oci/hooks.d'];

/** Containers that systemd starts by quadlets (podman-systemd.unit(5)), and programs that are run for each container (oci-hooks(5)). */
export function* podmanItems(tree: FileTree, accounts: Accounts): Generator<PersistenceItem> {
  const homes = [...accounts.homes().keys()].map((home) => `${home}/.config/containers/systemd`);
  const isQuadlet = (name: string): boolean => /\.(?:container|kube)$/.test(name);
  for (const { path } of filesIn(tree, [...quadletFolders, ...homes, '/etc/containers/systemd/users'], isQuadlet)) {
    yield* quadlet(path, readText(tree, path));
  }
  for (const { path } of filesIn(tree, hookFolders, (name) => name.endsWith('.json'))) {
    const target = /"path"\s{0,20}:\s{0,20}"(?<path>\/[^"]{1,4096})"/.exec(readText(tree, path))?.groups?.['path'];
    if (target === undefined) continue;
    const sign = { what: 'is run for each container', value: target, weight: 0.2 };
    yield { path, rule: 'runtime-hook', title: 'hook of containers', targets: [target], unowned: 0.2, signs: [sign] };
  }
}

function* quadlet(path: string, text: string): Generator<PersistenceItem> {
  const entries = [...iniEntries(text)].filter(({ section }) => section === 'Container');
  const values = (key: string): string[] => entries.filter((one) => one.key === key).map(({ value }) => value);
  const options = values('PodmanArgs').join(' ');
  const access: ContainerAccess = {
    isPrivileged: /--privileged(?:=true)?(?:\s|$)/.test(options),
    namespaces: [...options.matchAll(/--(?<name>pid|ipc|userns)[= ]host\b/g)].map(
      ({ groups }) => groups?.['name'] ?? '',
    ),
    binds: [
      ...values('Volume'),
      ...[...options.matchAll(/(?:-v|--volume)[= ](?<bind>\S{1,4096})/g)].map(({ groups }) => groups?.['bind'] ?? ''),
    ].filter((bind) => bind.startsWith('/')),
    capabilities: values('AddCapability').flatMap((value) => value.split(/\s+/)),
    // systemd starts it again as it says, and at boot when it is wanted by a target.
    restart: text.includes('[Install]') ? 'always' : '',
    options: values('SecurityLabelDisable').includes('true') ? ['label=disable'] : [],
  };
  const name = path.slice(path.lastIndexOf('/') + 1);
  const item = accessItem(path, `container ${name}`, access, values('Exec').join('\n'));
  if (item !== undefined) yield item;
}
