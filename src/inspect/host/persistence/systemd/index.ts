import { nameOf } from '../../../tree/tree.ts';
import { isService } from '../../accounts.ts';
import { defineTechnique, type HostContext, type PersistenceItem, type Sign } from '../../technique.ts';
import { readUnits, type Unit } from './units.ts';

export const technique = defineTechnique({
  id: 'systemd',
  title: 'Units of systemd',
  description:
    'Services, timers, paths, sockets, mounts and drop-ins of the system and of accounts, read from their files as systemd would, without asking it. A unit without a package counts; more when it is started at boot, by what it runs, and when it imitates the name of a packaged one. A timer, path or socket answers for the service that it starts.',
  places: [
    '/etc/systemd/{system,user}/**',
    '/run/systemd/{system,user,transient}/**',
    '/usr/local/lib/systemd/**',
    '/usr/lib/systemd/**',
    '~/.config/systemd/user/**',
    '~/.local/share/systemd/user/**',
    '/var/lib/systemd/linger/*',
  ],
  attack: ['T1543.002', 'T1053.006'],
  guide: ['B11'],
  references: [
    'https://www.freedesktop.org/software/systemd/man/latest/systemd.unit.html',
    'https://attack.mitre.org/techniques/T1543/002/',
  ],
  *find(context) {
    const units = readUnits(context.tree, context.accounts);
    const services = new Map(units.filter(({ name }) => name.endsWith('.service')).map((unit) => [unit.name, unit]));
    for (const unit of units) yield itemOf(unit, services, context);
    for (const { path } of context.tree.list('/var/lib/systemd/linger')) {
      const account = context.accounts.named(nameOf(path));
      const isOdd = account === undefined || isService(account) || account.uid === 0;
      if (!isOdd) continue;
      yield {
        path,
        title: 'account whose units run without a login',
        user: nameOf(path),
        unowned: 0.25,
        signs: [{ what: 'belongs to the account of a service', value: nameOf(path), weight: 0.3 }],
      };
    }
  },
});

function itemOf(unit: Unit, services: ReadonlyMap<string, Unit>, { ownership }: HostContext): PersistenceItem {
  const started = unit.starts === undefined ? undefined : services.get(unit.starts);
  const signs: Sign[] = [];
  if (unit.isEnabled) signs.push({ what: 'is started at boot', value: unit.enabledBy ?? '', weight: 0.15 });
  if (unit.always) signs.push({ what: 'is started again whenever it ends', value: 'Restart=always', weight: 0.05 });
  if (unit.preload !== undefined) signs.push({ what: 'preloads a library', value: unit.preload, weight: 0.6 });
  if (/(?:^|[\s/])(?:ba|da|z)?sh\s+-\w*c\b/.test(unit.runs)) {
    signs.push({ what: 'runs a line of shell', value: unit.runs.slice(0, 120), weight: 0.15 });
  }
  const isForeignDropIn = unit.dropInOf !== undefined && unit.runs !== '';
  if (isForeignDropIn) signs.push({ what: 'adds a command to another unit', value: unit.dropInOf ?? '', weight: 0.3 });
  if (started !== undefined && started.runs !== '' && ownership.standing(started.path).kind !== 'packaged') {
    signs.push({ what: 'starts', value: `${started.name}: ${started.runs.slice(0, 120)}`, weight: 0.1 });
  }
  const startedRuns = started === undefined || ownership.standing(started.path).kind === 'packaged' ? '' : started.runs;
  return {
    path: unit.path,
    ...(unit.line === undefined ? {} : { line: unit.line }),
    title: unit.dropInOf === undefined ? `systemd ${unit.kind}` : 'systemd drop-in',
    runs: [unit.runs, startedRuns].filter((text) => text !== '').join('\n'),
    user: unit.user,
    unowned: unit.runs === '' && startedRuns === '' ? 0.05 : 0.3,
    changed: 0.45,
    signs,
    attack: unit.kind === 'timer' ? ['T1053.006'] : ['T1543.002'],
  };
}
