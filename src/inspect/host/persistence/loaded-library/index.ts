import { filesLike, lineCounter, readLines } from '../../locations.ts';
import { isHidden } from '../../../../match/commands/paths.ts';
import { defineTechnique, type HostContext, type PersistenceItem, type Sign } from '../../technique.ts';
import { nameOf } from '../../../tree/tree.ts';
import { librarySettings, pluginFolders, type LibrarySettings } from './places.ts';

/** Names of one file that are judged. */
const maxLibraries = 200;
/** Files of one folder of libraries that are looked at. */
const maxListed = 2000;

export const technique = defineTechnique({
  id: 'loaded-library',
  title: 'Libraries that programs load as their own parts',
  description:
    "Engines of OpenSSL, conversions of characters, plug-ins of sudo, Kerberos, card readers, databases, web and name servers: what no package owns among them, and settings that name one elsewhere. Such a library runs inside every program that uses the service, and stands in none of the linker's lists.",
  places: [
    '/etc/ssl/openssl.cnf, engines-*/, ossl-modules/',
    'gconv/gconv-modules, gconv/*.so',
    '/etc/krb5.conf, /etc/sudo.conf, p11-kit modules',
    'loadmodule, plugin-load, shared_preload_libraries of databases',
    'modules of web, mail, name and directory servers',
  ],
  attack: ['T1574', 'T1556'],
  guide: ['B11', 'B27'],
  references: ['https://attack.mitre.org/techniques/T1574/', 'https://docs.openssl.org/master/man5/config/'],
  wants: ({ path, type }) =>
    type === 'file' && path.includes('.so') && pluginFolders.some(([pattern]) => pattern.test(path)),
  *find(context, wanted) {
    const { accounts, ownership } = context;
    const homes = [...accounts.homes().keys()];
    for (const settings of librarySettings) {
      const below = (settings.home ?? []).flatMap((name) => homes.map((home) => `${home}/${name}`));
      for (const { path } of filesLike(context, [...settings.files, ...below])) yield* named(path, settings, context);
    }
    for (const { path } of wanted) {
      if (ownership.standing(path).kind !== 'unowned') continue;
      const [, by = '', weight = 0] = pluginFolders.find(([pattern]) => pattern.test(path)) ?? [];
      const signs: Sign[] = [{ what: `is loaded by ${by}`, value: nameOf(path), weight: 0.05 }];
      if (isHidden(path)) signs.push({ what: 'is hidden', value: path, weight: 0.45 });
      yield { path, rule: 'plug-in', title: 'plug-in of no package', user: 'root', unowned: weight, signs };
    }
  },
});

function* named(path: string, settings: LibrarySettings, context: HostContext): Generator<PersistenceItem> {
  const { name, pattern, isKeptByService = false } = settings;
  const { tree, accounts } = context;
  const keeper = isKeptByService ? accounts.nameOf(tree.stat(path)?.uid ?? 0) : undefined;
  const text = readLines(tree, path);
  const lineOf = lineCounter(text);
  let count = 0;
  for (const { groups, index } of text.matchAll(pattern)) {
    const library = groups?.['library'] ?? '';
    if (!library.startsWith('/')) continue;
    if (++count > maxLibraries) {
      context.notChecked(`libraries in ${path}`, `more than ${maxLibraries}; the rest was not judged`);
      break;
    }
    // Settings may leave the ending out.
    const file =
      tree.stat(library) === undefined && tree.stat(`${library}.so`) !== undefined ? `${library}.so` : library;
    yield {
      path,
      line: lineOf(index),
      title: `library for ${name}`,
      targets: [file],
      user: keeper ?? accounts.atHome(path)?.name ?? 'root',
      unowned: 0.05,
      signs: [foreignSign(file, context) ?? { what: 'loads a library by its path', value: file, weight: 0.1 }],
    };
  }
}

/** Of a folder of libraries it is its content that no package owns. */
function foreignSign(path: string, { tree, ownership }: HostContext): Sign | undefined {
  const end = tree.stat(path);
  if (end === undefined) return undefined;
  const isForeign = (file: string): boolean => ownership.standing(file).kind === 'unowned';
  if (end.type !== 'directory') {
    return isForeign(path)
      ? { what: 'loads a library that belongs to no package', value: path, weight: 0.5 }
      : undefined;
  }
  const inside = [...tree.list(end.path)].slice(0, maxListed).filter((entry) => /\.so(?:\.\d|$)/.test(entry.path));
  const foreign = inside.find((entry) => isForeign(entry.path))?.path;
  return foreign === undefined
    ? undefined
    : { what: 'loads libraries from a folder with one that belongs to no package', value: foreign, weight: 0.5 };
}
