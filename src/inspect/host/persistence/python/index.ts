import { nameOf, parentOf } from '../../../tree/tree.ts';
import { contentSigns } from '../../../../match/commands/signs.ts';
import { readLines } from '../../locations.ts';
import { defineTechnique, type HostContext, type Sign } from '../../technique.ts';

const wantedPattern =
  /\/(?:site|dist)-packages\/(?:[^/]+\.pth|(?:sitecustomize|usercustomize)(?:\.pyc?|\/__init__\.pyc?))$|\/lib\/python[\d.]+\/(?:sitecustomize|usercustomize)\.pyc?$|\/etc\/python[\d.]*\/(?:sitecustomize)\.py$/;
/** Lines that installers write, word for word or nearly. */
const usualLines = [
  /^import (?:_virtualenv|_distutils_hack|sitecustomize|a1_coverage|pip_system_certs\.wrapt_requests|distutils-precedence)\s*$/,
  /^import os; var = 'SETUPTOOLS_USE_DISTUTILS'; enabled = os\.environ\.get\(var, '(?:local|stdlib)'\) == 'local'; enabled and __import__\('_distutils_hack'\)(?:\.add_shim\(\))?;?\s*$/,
  /^import sys, types, os;\s*has_mfs = sys\.version_info > \(3, 5\);p = os\.path\.join\(sys\._getframe\(1\)\.f_locals\['sitedir'\]/,
  /^import (?:sys; )?__editable___\w+_finder; ?__editable___\w+_finder\.install\(\)\s*$/,
  /^import coverage; coverage\.process_startup\(\)\s*$/,
];

export const technique = defineTechnique({
  id: 'python',
  title: 'Code that Python runs at every start',
  description:
    'Lines of .pth files that begin with `import`, which Python runs whenever it starts, and sitecustomize or usercustomize modules. The lines that setuptools, virtualenv and coverage write are known.',
  places: ['**/{site,dist}-packages/*.pth', '**/sitecustomize.py', '**/usercustomize.py'],
  attack: ['T1546.018'],
  guide: ['B02', 'B11'],
  references: ['https://docs.python.org/3/library/site.html', 'https://attack.mitre.org/techniques/T1546/018/'],
  wants: ({ path, type }) => (type === 'file' || type === 'symlink') && wantedPattern.test(path),
  *find(context, wanted) {
    const { tree, accounts } = context;
    for (const { path, uid } of wanted) {
      const text = readLines(tree, path);
      const user = accounts.nameOf(uid);
      if (path.endsWith('.pyc')) {
        const sign = { what: 'is there only as compiled code', value: nameOf(path), weight: 0.3 };
        yield { path, title: 'module that Python runs at every start', user, unowned: 0.35, signs: [sign] };
        continue;
      }
      if (!path.endsWith('.pth')) {
        if (text.trim() !== '') {
          yield {
            path,
            title: 'module that Python runs at every start',
            runs: text,
            user,
            unowned: 0.35,
            signs: codeSigns(text),
          };
        }
        continue;
      }
      for (const [index, line] of text.split('\n').entries()) {
        if (!/^import[ \t]/.test(line) || usualLines.some((pattern) => pattern.test(line))) continue;
        yield {
          path,
          line: index + 1,
          title: 'line of Python',
          runs: line,
          user,
          unowned: 0.3,
          signs: [
            { what: 'is run by Python at every start', value: nameOf(path), weight: 0.05 },
            ...codeSigns(line),
            ...importedSigns(line, parentOf(path), context),
          ],
        };
      }
    }
  },
});

/** What the modules do that a line imports from its own folder, unless they are a package's. */
function importedSigns(line: string, folder: string, { tree, ownership }: HostContext): Sign[] {
  const names = [
    ...line.matchAll(/\b(?:import|from)\s{1,4}(?<names>[A-Za-z_][\w.]{0,100}(?:\s?,\s?[A-Za-z_][\w.]{0,100}){0,20})/g),
  ];
  return names
    .flatMap(({ groups }) => (groups?.['names'] ?? '').split(/\s?,\s?/).map((name) => name.split('.')[0] ?? ''))
    .flatMap((name) => [`${folder}/${name}.py`, `${folder}/${name}/__init__.py`])
    .filter((path) => tree.stat(path)?.type === 'file' && ownership.standing(path).kind !== 'packaged')
    .flatMap((path) => {
      const text = readLines(tree, path);
      const own = [...codeSigns(text), ...contentSigns(text).filter(({ weight }) => weight >= 0.5)];
      return own.map((sign) => ({ ...sign, what: `imports ${nameOf(path)}, which ${sign.what}` }));
    });
}

/** `exec` of one literal, the way in which a .pth file holds more than one line: nothing is made up there. */
const literalPattern =
  /\b(?:exec|eval)\s{0,4}\(\s{0,4}(?:compile\(\s{0,4})?(?<literal>"(?:[^"\\\n]|\\.){1,60000}"|'(?:[^'\\\n]|\\.){1,60000}')\s{0,4}(?=[,)])/g;

function codeSigns(code: string): Sign[] {
  const signs: Sign[] = [];
  const literals = [...code.matchAll(literalPattern)].map(({ groups }) => (groups?.['literal'] ?? '').slice(1, -1));
  const text = code.replace(literalPattern, '(') + literals.map((literal) => `\n${unescaped(literal)}`).join('');
  if (literals[0] !== undefined) {
    signs.push({ what: 'runs code that stands in a text', value: unescaped(literals[0]).slice(0, 80), weight: 0.1 });
  }
  const add = (pattern: RegExp, what: string, weight: number): void => {
    const hit = pattern.exec(text)?.[0];
    if (hit !== undefined) signs.push({ what, value: hit, weight });
  };
  add(
    /\b(?:os\.system|os\.popen|os\.exec\w*|os\.spawn\w*|subprocess\.\w+|pty\.spawn|commands\.getoutput)\b.{0,80}/,
    'runs a command',
    0.55,
  );
  add(/\b(?:exec|eval)\s*\(.{0,80}/, 'runs code that it makes up', 0.45);
  add(/\b(?:urllib|urlopen|requests\.(?:get|post)|http\.client|socket\.\w+)\b.{0,80}/, 'goes to the network', 0.45);
  add(/\b(?:marshal\.loads|ctypes\.|zlib\.decompress|b64decode|fromhex|codecs\.decode)\b.{0,80}/, 'unpacks code', 0.4);
  return signs;
}

const escapes: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);

/** What a literal of Python stands for: the escapes with which code can be written so that nobody reads it. */
function unescaped(literal: string): string {
  return literal.replace(
    /\\(?:x(?<hex>[\da-f]{2})|u(?<wide>[\da-f]{4})|(?<octal>[0-7]{1,3})|(?<other>.))/gi,
    (_, hex?: string, wide?: string, octal?: string, other?: string) => {
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
      const digits = hex ?? wide;
      if (digits !== undefined) return String.fromCharCode(Number.parseInt(digits, 16));
      return escapes.get(other ?? '') ?? other ?? '';
    },
  );
}
