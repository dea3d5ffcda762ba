import { nameOf, type FileTree } from '../../../tree/tree.ts';
import { filesAt, filesIn, plainLines, readLines } from '../../locations.ts';
import { defineTechnique, type HostContext, type PersistenceItem, type Sign } from '../../technique.ts';

const settingFolders = ['/etc/pam.d', '/usr/lib/pam.d', '/usr/share/pam-configs'];
const lines =
  /^-?(?<type>auth|account|password|session)\s+(?<control>\[[^\]]*\]|\S+)\s+(?<module>\S+)(?:\s+(?<options>.*))?$/i;
const includePattern = /^(?:@include|-?(?:auth|account|password|session)\s+(?:include|substack))\s+(?<path>\S+)/i;
const moduleRoots = ['/usr/lib', '/lib', '/usr/lib64', '/lib64', '/usr/lib32'];

export const technique = defineTechnique({
  id: 'pam',
  title: 'Authentication (PAM)',
  description:
    'The stacks of pam(8): modules that run a program, above all with the password; modules that let everybody in; modules named by an odd path; and module files without a package.',
  places: ['/etc/pam.d/*', '/etc/pam.conf', '/usr/share/pam-configs/*', '/lib/*/security/*.so'],
  attack: ['T1556.003'],
  guide: ['B11', 'B27'],
  references: ['https://attack.mitre.org/techniques/T1556/003/', 'https://man7.org/linux/man-pages/man5/pam.d.5.html'],
  *find(context) {
    const { tree } = context;
    const folders = [...moduleFolders(tree)];
    for (const { path } of [...filesAt(tree, ['/etc/pam.conf']), ...filesIn(tree, settingFolders)]) {
      yield* linesOf(context, path, folders);
    }
    for (const path of folders) {
      for (const entry of filesIn(tree, [path], (name) => name.endsWith('.so'))) {
        yield { path: entry.path, rule: 'module', title: 'authentication module', unowned: 0.7, changed: 0.9 };
      }
    }
  },
});

function* linesOf(context: HostContext, path: string, folders: readonly string[]): Generator<PersistenceItem> {
  for (const { line, text } of plainLines(readLines(context.tree, path))) {
    const statement = path === '/etc/pam.conf' ? text.replace(/^\S+\s+/, '') : text;
    const item = includeItem(statement) ?? moduleItem(statement, nameOf(path), folders, context);
    if (item !== undefined) yield { path, line, title: 'line of an authentication stack', unowned: 0.1, ...item };
  }
}

type LineItem = Omit<PersistenceItem, 'path' | 'title' | 'unowned'>;

/** A stack that is read in, unless it is one of the usual folder. */
function includeItem(statement: string): LineItem | undefined {
  const included = includePattern.exec(statement)?.groups?.['path'] ?? '';
  const isElsewhere = included.startsWith('/') && !/^(?:\/etc|\/usr\/lib)\/pam\.d\/[^/]+$/.test(included);
  if (!isElsewhere) return undefined;
  return { targets: [included], signs: [{ what: 'takes a stack from elsewhere', value: statement, weight: 0.5 }] };
}

function moduleItem(
  statement: string,
  service: string,
  folders: readonly string[],
  context: HostContext,
): LineItem | undefined {
  const { type = '', control = '', module = '', options = '' } = lines.exec(statement)?.groups ?? {};
  if (module === '' || includePattern.test(statement)) return undefined;
  const line = { type: type.toLowerCase(), control, module: nameOf(module), options, service };
  const file = module.startsWith('/')
    ? module
    : folders.map((folder) => `${folder}/${module}`).find((at) => context.tree.stat(at) !== undefined);
  const signs = [...moduleSigns(line), ...(file === undefined ? [] : foreignSigns(file, line, context))];
  if (signs.length === 0) return undefined;
  const command = line.module === 'pam_exec.so' ? commandOf(options) : undefined;
  return {
    ...(command === undefined ? {} : { runs: command }),
    targets: [...(file === undefined ? [] : [file]), ...(options.match(/(?<=^|[\s=])\/[^\s\]]+/g) ?? [])],
    changed: 0.5,
    signs,
  };
}

function foreignSigns(file: string, { type, control }: PamLine, { ownership }: HostContext): Sign[] {
  if (ownership.standing(file).kind !== 'unowned') return [];
  const signs: Sign[] = [{ what: 'uses a module that belongs to no package', value: file, weight: 0.6 }];
  if (type === 'auth' && letsIn({ control })) {
    signs.push({ what: 'lets in whom that module lets in', value: control, weight: 0.4 });
  }
  return signs;
}

/** One line of a stack. */
interface PamLine {
  readonly type: string;
  readonly control: string;
  readonly module: string;
  readonly options: string;
  readonly service: string;
}

/** Its success ends the stack. The end of Debian's is `required pam_permit.so`, which lets nobody in by itself. */
function letsIn({ control }: Pick<PamLine, 'control'>): boolean {
  return /^(?:sufficient|\[.*success=(?:done|ok|\d).*default=(?:done|ok|ignore).*\])$/i.test(control);
}

/** Programs that ask root for no password by their own package's stack. */
const rootTools =
  /^(?:su|runuser|ch(?:sh|fn|passwd|age)|newusers|(?:user|group)(?:add|mod|del|mems)|shadow|passwd|config-util|vlock|postgresql)/;

/** What a line may do that opens a door; the value shown is its control, module and options. */
const doors: readonly {
  readonly module: RegExp;
  readonly what: string;
  readonly weight: number;
  readonly opens: (line: PamLine) => boolean;
}[] = [
  { module: /^pam_exec\.so$/, what: 'runs a program at each login', weight: 0.5, opens: () => true },
  {
    module: /^pam_exec\.so$/,
    what: 'hands the password over',
    weight: 0.45,
    opens: ({ options }) => /\bexpose_authtok\b/.test(options),
  },
  { module: /^pam_(?:script|python|lua)\.so$/, what: 'runs a program at each login', weight: 0.4, opens: () => true },
  {
    module: /^pam_permit\.so$/,
    what: 'lets everybody in',
    weight: 0.8,
    opens: (line) => line.type === 'auth' && letsIn(line),
  },
  {
    module: /^pam_unix\.so$/,
    what: 'lets empty passwords in',
    weight: 0.2,
    opens: ({ type, options, service }) => type === 'auth' && service === 'sshd' && /\bnullok\b/.test(options),
  },
  {
    module: /^pam_succeed_if\.so$/,
    what: 'lets somebody in by a name',
    weight: 0.5,
    opens: ({ type, control }) => type === 'auth' && /^sufficient$/i.test(control),
  },
  {
    module: /^pam_debug\.so$/,
    what: 'lets everybody in',
    weight: 0.75,
    opens: ({ type, options }) => /^(?:auth|account)$/.test(type) && /\b(?:auth|acct)=success\b/.test(options),
  },
  {
    module: /^pam_env\.so$/,
    what: 'takes variables from accounts',
    weight: 0.3,
    opens: ({ options }) => /\buser_readenv=1\b/.test(options),
  },
  {
    module: /^pam_rootok\.so$/,
    what: 'lets root in without a password',
    weight: 0.1,
    opens: (line) => letsIn(line) && !rootTools.test(line.service),
  },
  {
    module: /^pam_listfile\.so$/,
    what: 'lets in when its list is missing',
    weight: 0.3,
    opens: (line) => letsIn(line) && /\bonerr=succeed\b/.test(line.options),
  },
];

function moduleSigns(line: PamLine): Sign[] {
  return doors
    .filter(({ module, opens }) => module.test(line.module) && opens(line))
    .map(({ what, weight }) => ({ what, value: `${line.control} ${line.module} ${line.options}`.trim(), weight }));
}

/** What stands behind the options that pam_exec(8) has. */
function commandOf(options: string): string {
  const words = options.split(/\s+/);
  const start = words.findIndex((word) => word.startsWith('/'));
  return start < 0
    ? ''
    : words
        .slice(start)
        .join(' ')
        .replace(/^log=\S+\s*/, '');
}

function* moduleFolders(tree: FileTree): Generator<string> {
  for (const root of moduleRoots) {
    if (tree.stat(`${root}/security`)?.type === 'directory') yield `${root}/security`;
    for (const { path, type } of tree.list(root)) {
      if (type === 'directory' && tree.lstat(`${path}/security`)?.type === 'directory') yield `${path}/security`;
    }
  }
}
