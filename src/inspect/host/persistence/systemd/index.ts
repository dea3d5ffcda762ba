import { nameOf } from '../../../tree/tree.ts';
import { isService, type Accounts } from '../../accounts.ts';
import { isHidden, isTemporary } from '../../../../match/commands/paths.ts';
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
    const units = readUnits(context);
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

function isStrong(name: string, accounts: Accounts): boolean {
  const account = accounts.named(name);
  return account !== undefined && (account.uid === 0 || isService(account));
}

/** Services find their own modules elsewhere by right; a hidden or temporary place is none of theirs. */
function loaderWeight(setting: string): number {
  const paths = setting.match(/\/[^\s"':=]+/g) ?? [];
  return paths.some((path) => isHidden(path) || isTemporary(path)) ? 0.5 : 0;
}

/** Commands of a unit that are nothing but a shell. */
function isShell(runs: string): boolean {
  return runs.split('\n').some((line) => /^(?:\/\S*\/)?(?:ba|da|z|k|a)?sh(?:\s+-[il]+)?\s*$/.test(line));
}

function itemOf(unit: Unit, services: ReadonlyMap<string, Unit>, context: HostContext): PersistenceItem {
  const started = startedBy(unit, services, context);
  const runs = [unit.runs, started?.runs ?? ''].filter((text) => text !== '').join('\n');
  const signs = signsOf(unit, context);
  if (started !== undefined) {
    if (started.isOnSocket && isShell(started.runs)) {
      signs.push({ what: 'gives a shell to whoever connects', value: started.name, weight: 0.75 });
    }
    signs.push({ what: 'starts', value: `${started.name}: ${started.runs.slice(0, 120)}`, weight: 0.1 });
  }
  return {
    path: unit.path,
    ...(unit.line === undefined ? {} : { line: unit.line }),
    title: unit.dropInOf === undefined ? `systemd ${unit.kind}` : 'systemd drop-in',
    runs,
    user: unit.user,
    targets: unit.environmentFiles,
    unowned: runs === '' && unit.preload === undefined && unit.loader === undefined ? 0.05 : 0.25,
    changed: 0.45,
    signs,
    attack: unit.kind === 'timer' ? ['T1053.006'] : ['T1543.002'],
  };
}

/** The service that a timer, path or socket starts, unless it is a package's own. */
function startedBy(
  { starts }: Unit,
  services: ReadonlyMap<string, Unit>,
  { ownership }: HostContext,
): Unit | undefined {
  const service = starts === undefined ? undefined : services.get(starts);
  if (service === undefined || service.runs === '') return undefined;
  return ownership.standing(service.path).kind === 'packaged' ? undefined : service;
}

function signsOf(unit: Unit, { accounts }: HostContext): Sign[] {
  const { runs, dropInOf, preload, user } = unit;
  const signs: Sign[] = [];
  if (unit.isEnabled) signs.push({ what: 'is started at boot', value: unit.enabledBy ?? '', weight: 0.1 });
  if (unit.always) signs.push({ what: 'is started again whenever it ends', value: 'Restart=always', weight: 0.05 });
  if (preload !== undefined) signs.push({ what: 'preloads a library', value: preload, weight: 0.65 });
  if (unit.loader !== undefined) {
    signs.push({ what: 'sets variables that load code', value: unit.loader, weight: loaderWeight(unit.loader) });
  }
  if (unit.isOnSocket && isShell(runs)) {
    signs.push({ what: 'gives a shell to whoever connects', value: runs.slice(0, 120), weight: 0.75 });
  }
  if (/(?:^|[\s/])(?:ba|da|z)?sh\s+-\w*c\b/.test(runs)) {
    signs.push({ what: 'runs a line of shell', value: runs.slice(0, 120), weight: 0.15 });
  }
  if (unit.isOfAccount && isStrong(user, accounts)) {
    signs.push({ what: 'starts at a login of root or of a service', value: user, weight: 0.3 });
  }
  if (dropInOf !== undefined && runs !== '') {
    signs.push({ what: 'adds a command to another unit', value: dropInOf, weight: 0.3 });
  }
  return signs;
}
