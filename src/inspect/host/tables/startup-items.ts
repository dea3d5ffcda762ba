import { defineHostTable } from '../table.ts';
import { nameOf } from '../../tree/tree.ts';
import { readSections } from '../ini.ts';
import { readUnitFiles, unitValue } from '../systemd-files.ts';
import type { TableContext } from '../table-context.ts';

interface Item {
  readonly name: string;
  readonly path: string;
  readonly args: string;
  readonly type: string;
  readonly source: string;
  readonly status: string;
  readonly username: string;
}

export const table = defineHostTable({
  id: 'startup_items',
  title: 'Programs that start with the machine or a session',
  description:
    'Enabled units of systemd, scripts of `/etc/init.d` (`enabled` where a runlevel starts them), `/etc/rc.local`, and desktop entries of XDG autostart; all from files. As in osquery, `path` is the whole command of a desktop entry and `source` its folder. Needs no D-Bus: of units it gives what starts, where osquery asks systemd.',
  columns: { name: 'text', path: 'text', args: 'text', type: 'text', source: 'text', status: 'text', username: 'text' },
  needs: 'root',
  *rows(context) {
    yield* fromUnits(context);
    yield* fromScripts(context);
    yield* fromAutostart(context);
  },
});

function* fromUnits(context: TableContext): Generator<Item> {
  for (const unit of readUnitFiles(context)) {
    if (!unit.state.startsWith('enabled')) continue;
    const [path = '', ...args] = unitValue(unit, 'Service', 'ExecStart')
      .replace(/^[-@:+!|]+/, '')
      .split(' ');
    const username = unitValue(unit, 'Service', 'User');
    const rest = { type: 'systemd unit', source: unit.path, status: unit.state };
    yield { name: unit.id, path, args: args.join(' '), username: username === '' ? 'root' : username, ...rest };
  }
}

function* fromScripts({ tree }: TableContext): Generator<Item> {
  const started = new Set<string>();
  for (const level of ['S', '2', '3', '4', '5']) {
    for (const { path } of tree.list(`/etc/rc${level}.d`)) {
      const target = tree.stat(path);
      if (/^S\d\d/.test(nameOf(path)) && target?.type === 'file') started.add(target.path);
    }
  }
  const common = { args: '', type: 'Startup Item', username: '' };
  for (const { path, type } of tree.list('/etc/init.d')) {
    const status = started.has(path) ? 'enabled' : 'disabled';
    if (type === 'file') yield { ...common, name: nameOf(path), path, source: '/etc/init.d/', status };
  }
  const local = tree.stat('/etc/rc.local');
  if (local?.type !== 'file' || (local.mode & 0o111) === 0) return;
  yield { ...common, name: 'rc.local', path: local.path, source: local.path, status: 'enabled' };
}

function* fromAutostart(context: TableContext): Generator<Item> {
  const homes = context.accounts.all
    .filter(({ home }) => home.startsWith('/'))
    .map(({ name, home }) => ({ username: name, folder: `${home}/.config/autostart` }));
  const seen = new Set<string>();
  for (const { username, folder } of [{ username: '', folder: '/etc/xdg/autostart' }, ...homes]) {
    for (const { path: source } of context.tree.list(folder)) {
      if (!source.endsWith('.desktop') || seen.has(source)) continue;
      seen.add(source);
      const values = readSections(context.lines(source)).find(({ name }) => name === 'Desktop Entry')?.values;
      const isOff = values?.get('Hidden') === 'true' || values?.get('X-GNOME-Autostart-enabled') === 'false';
      const name = values?.get('Name') ?? nameOf(source);
      const rest = { args: '', type: 'Startup Item', source: `${folder}/`, status: isOff ? 'disabled' : 'enabled' };
      yield { name, path: values?.get('Exec') ?? '', username, ...rest };
    }
  }
}
