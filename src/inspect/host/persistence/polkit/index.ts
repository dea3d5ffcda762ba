import { isService, type Accounts } from '../../accounts.ts';
import { filesIn, foldersIn, readLines } from '../../locations.ts';
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
  *find({ tree, accounts }) {
    for (const { path } of filesIn(tree, ruleFolders, (name) => name.endsWith('.rules'))) {
      const text = readLines(tree, path);
      yield {
        path,
        title: 'polkit rule',
        runs: spawnsOf(text),
        unowned: 0.2,
        changed: 0.3,
        signs: ruleSigns(text, accounts),
      };
    }
    const local = ['/etc/polkit-1/localauthority', '/var/lib/polkit-1/localauthority'].flatMap((root) =>
      [...foldersIn(tree, root)].map(({ path }) => path),
    );
    for (const { path } of filesIn(tree, local, (name) => name.endsWith('.pkla'))) {
      const grants = /^\s*Result(?:Any|Inactive|Active)\s*=\s*yes/m.exec(readLines(tree, path))?.[0];
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
      const grants = /<allow_any>\s*yes\s*<\/allow_any>/.exec(readLines(tree, path))?.[0];
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

function ruleSigns(text: string, accounts: Accounts): Sign[] {
  const plain = text.replaceAll(/\/\/.*$/gm, '').replaceAll(/\/\*[\s\S]{0,20000}?\*\//g, '');
  if (!/\bYES\b|return\s+["']yes["']|Result\[["']YES/.test(plain)) return [];
  const named = [...plain.matchAll(/\.user\s{0,4}===?\s{0,4}["'](?<name>[^"'\n]{1,64})["']/g)].map(
    ({ groups }) => groups?.['name'] ?? '',
  );
  const service = named
    .map((name) => accounts.named(name))
    .find((account) => account !== undefined && isService(account));
  if (service !== undefined) {
    return [{ what: 'grants without a password to the account of a service', value: service.name, weight: 0.65 }];
  }
  const asks = named.length > 0 || askPatterns.some((pattern) => pattern.test(plain));
  return asks
    ? [{ what: 'grants without a password', value: 'polkit.Result.YES', weight: 0.2 }]
    : [{ what: 'grants everything to everybody', value: 'polkit.Result.YES without a condition', weight: 0.75 }];
}

/** Questions that narrow down who may do what: a group, somebody at the machine, or one action by its name. */
const askPatterns: readonly RegExp[] = [
  /\bisInGroup\b|\bisInNetGroup\b|\.groups\b|\.user\s{0,4}[!=]==?/,
  /\.local\b[\s\S]{0,200}\.active\b|\.active\b[\s\S]{0,200}\.local\b/,
  /\.id\s{0,4}[!=]==?\s{0,4}["'][\w.-]{3,}|["'][\w.-]{3,}["']\s{0,4}[!=]==?\s{0,4}\w{1,40}\.id\b/,
  /\.id\.(?:indexOf|startsWith|match|search|includes)\s{0,4}\(\s{0,4}["'/^]{1,2}[\w.\\-]{3,}/,
  /\.test\(\s{0,4}\w{1,40}\.id\b|\bindexOf\(\s{0,4}\w{1,40}\.id\b|\bswitch\s{0,4}\(\s{0,4}\w{1,40}\.id\b/,
];

/** Programs that a rule runs to decide. */
function spawnsOf(text: string): string {
  return [...text.matchAll(/polkit\.spawn\(\s*\[(?<words>[^\]]{0,2000})\]/g)]
    .map((hit) => (hit.groups?.['words'] ?? '').replaceAll(/["',]/g, ' '))
    .join('\n');
}
