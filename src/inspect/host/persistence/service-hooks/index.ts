import { filesLike, isElf, isExecutable, readLines } from '../../locations.ts';
import type { Ownership } from '../../ownership/ownership.ts';
import { nameOf } from '../../../tree/tree.ts';
import { defineTechnique, type HostContext, type PersistenceItem, type Sign } from '../../technique.ts';
import { hookPlaces } from './places.ts';

/** Programs and scripts of one place that are judged. */
const maxHooks = 2000;
/** Weight of no package at which a place is one where hardly anybody puts something of their own. */
const leastOfProgram = 0.3;

export const technique = defineTechnique({
  id: 'service-hooks',
  title: 'Scripts that services run',
  description:
    'Scripts and programs in folders that a service starts everything of: printers, leases, apt, disks that fail, supervisors, display managers, monitoring, power. Most are packaged; those that are not count by the folder and by what they do.',
  places: [
    '/etc/{sv,service,services.d,s6-overlay}/**',
    '/etc/dkms/**, /usr/src/*/dkms.conf, /etc/dracut.conf.d/*',
    'dhcpcd-hooks, /etc/dhcp/dhclient-*-hooks',
    '/usr/lib/cups/{backend,filter,…}/*',
    '/usr/lib/apt/{methods,solvers,planners}/*',
    '/etc/smartmontools/run.d/*, /etc/auto.*',
    '/usr/lib/nagios/plugins/*, zabbix/externalscripts, munin, check_mk_agent',
    '/etc/acpi/**, /etc/pm/sleep.d/*, /etc/apcupsd/*, /etc/gdm3/**',
    '/etc/letsencrypt/renewal-hooks/**, /etc/etckeeper/*.d/* and others',
  ],
  attack: ['T1546', 'T1543'],
  guide: ['B11'],
  references: ['https://attack.mitre.org/techniques/T1546/'],
  *find(context) {
    const { tree, ownership, accounts } = context;
    const seen = new Set<string>();
    for (const { at, by, unowned, isRead, user } of hookPlaces) {
      let count = 0;
      for (const { path } of filesLike(context, at)) {
        if (seen.has(path) || (isRead !== true && !isExecutable(tree, path))) continue;
        seen.add(path);
        if (ownership.standing(path).kind === 'packaged' || isDelivered(path, ownership)) continue;
        if (++count > maxHooks) {
          context.notChecked(`scripts that ${by} starts`, `there are more than ${maxHooks}`);
          break;
        }
        const item: PersistenceItem = {
          path,
          title: `script that ${by} starts`,
          runs: readLines(tree, path),
          user: user ?? accounts.atHome(path)?.name ?? 'root',
          unowned,
          signs: compiledSigns(path, unowned, context),
        };
        yield item;
      }
    }
  },
});

/** Of a compiled program of no package nobody can read what it does. */
function compiledSigns(path: string, unowned: number, { tree, ownership }: HostContext): Sign[] {
  if (unowned < leastOfProgram || ownership.standing(path).kind !== 'unowned') return [];
  return isElf(tree.read(path, 4) ?? Buffer.alloc(0))
    ? [{ what: 'is compiled', value: nameOf(path), weight: 0.2 }]
    : [];
}

/** Scripts of packages copy some of theirs to where the service looks: backends of CUPS out of `backend-available`. */
function isDelivered(path: string, ownership: Ownership): boolean {
  const twin = ownership.twinOf(path);
  return twin !== undefined && nameOf(twin.file.path) === nameOf(path);
}
