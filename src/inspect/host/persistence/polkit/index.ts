import { filesIn, foldersIn, readText } from '../../locations.ts';
import { defineTechnique, type Sign } from '../../technique.ts';

const ruleFolders = [
  '/etc/polkit-1/rules.d',
  '/run/polkit-1/rules.d',
  '/usr/local/share/polkit-1/rules.d',
  '/usr/share/polkit-1/rules.d',
];

export const technique = defineTechnique({
  id: 'polkit',
  title: 'Rules of polkit',
  description:
    'What polkit lets accounts do without a password: rules that answer YES, above all without asking who or what, local authority files with `ResultAny=yes`, and actions that allow anybody.',
  places: [
    '/etc/polkit-1/rules.d/*',
    '/usr/share/polkit-1/rules.d/*',
    '/etc/polkit-1/localauthority/**.pkla',
    '/usr/share/polkit-1/actions/*.policy',
  ],
  attack: ['T1548'],
  guide: ['B11'],
  references: ['https://www.freedesktop.org/software/polkit/docs/latest/polkit.8.html'],
  *find({ tree }) {
    for (const { path } of filesIn(tree, ruleFolders, (name) => name.endsWith('.rules'))) {
      const text = readText(tree, path);
      yield { path, title: 'polkit rule', runs: spawnsOf(text), unowned: 0.2, changed: 0.3, signs: ruleSigns(text) };
    }
    const local = ['/etc/polkit-1/localauthority', '/var/lib/polkit-1/localauthority'].flatMap((root) =>
      [...foldersIn(tree, root)].map(({ path }) => path),
    );
    for (const { path } of filesIn(tree, local, (name) => name.endsWith('.pkla'))) {
      const grants = /^\s*Result(?:Any|Inactive|Active)\s*=\s*yes/m.exec(readText(tree, path))?.[0];
      yield {
        path,
        title: 'polkit grant',
        unowned: 0.2,
        signs: grants === undefined ? [] : [{ what: 'grants without a password', value: grants.trim(), weight: 0.5 }],
      };
    }
    for (const { path } of filesIn(tree, ['/usr/share/polkit-1/actions', '/etc/polkit-1/actions'], (name) =>
      name.endsWith('.policy'),
    )) {
      const grants = /<allow_any>\s*yes\s*<\/allow_any>/.exec(readText(tree, path))?.[0];
      yield {
        path,
        title: 'polkit action',
        unowned: 0.2,
        signs:
          grants === undefined ? [] : [{ what: 'lets anybody do it without a password', value: grants, weight: 0.45 }],
      };
    }
  },
});

function ruleSigns(text: string): Sign[] {
  const plain = text.replaceAll(/\/\/.*$/gm, '').replaceAll(/\/\*[\s\S]{0,20000}?\*\//g, '');
  if (!/\bYES\b/.test(plain)) return [];
  const asks =
    /\bisInGroup\b|\bisInNetGroup\b|\bsubject\.user\b|\.user\s*[=!]=|\.groups\b|\.local\b.*\.active\b|\.id\b/.test(
      plain,
    );
  return asks
    ? [{ what: 'grants without a password', value: 'polkit.Result.YES', weight: 0.2 }]
    : [{ what: 'grants everything to everybody', value: 'polkit.Result.YES without a condition', weight: 0.75 }];
}

/** Programs that a rule runs to decide. */
function spawnsOf(text: string): string {
  return [...text.matchAll(/polkit\.spawn\(\s*\[(?<words>[^\]]{0,2000})\]/g)]
    .map((hit) => (hit.groups?.['words'] ?? '').replaceAll(/["',]/g, ' '))
    .join('\n');
}
