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
    'Enabled units of systemd, scripts of `/etc/init.d` that a runlevel starts, `/etc/rc.local`, and desktop entries of XDG autostart; all from files.',
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
  const local = tree.stat('/etc/rc.local');
  if (local?.type === 'file' && (local.mode & 0o111) !== 0) started.add(local.path);
  for (const path of [...started].sort()) {
    yield {
      name: nameOf(path),
      path,
      args: '',
      type: 'Init Script',
      source: path,
      status: 'enabled',
      username: 'root',
    };
  }
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
      const [path = '', ...args] = (values?.get('Exec') ?? '').split(' ');
      const isOff = values?.get('Hidden') === 'true' || values?.get('X-GNOME-Autostart-enabled') === 'false';
      const rest = { type: 'Startup Item', source, status: isOff ? 'disabled' : 'enabled', username };
      yield { name: values?.get('Name') ?? nameOf(source), path, args: args.join(' '), ...rest };
    }
  }
}
