import { filesAt, filesIn, lineCounter, plainLines, readLines } from '../../locations.ts';
import { defineTechnique, type PersistenceItem, type Sign } from '../../technique.ts';

export const technique = defineTechnique({
  id: 'inetd',
  title: 'Programs that a super server starts',
  description:
    'Services of inetd and xinetd: a program that is started for each connection, with the connection as its input and output. A shell there lets in whoever connects.',
  places: ['/etc/inetd.conf', '/etc/inetd.d/*', '/etc/xinetd.conf', '/etc/xinetd.d/*'],
  attack: ['T1543'],
  guide: ['B11', 'B20'],
  references: ['https://manpages.debian.org/bookworm/openbsd-inetd/inetd.8.en.html'],
  *find({ tree }) {
    for (const { path } of [...filesAt(tree, ['/etc/inetd.conf']), ...filesIn(tree, ['/etc/inetd.d'])]) {
      for (const { line, text } of plainLines(readLines(tree, path))) {
        const item = lineOf(text);
        if (item !== undefined) yield { path, line, ...item };
      }
    }
    for (const { path } of [...filesAt(tree, ['/etc/xinetd.conf']), ...filesIn(tree, ['/etc/xinetd.d'])]) {
      for (const item of blocksOf(readLines(tree, path))) yield { path, ...item };
    }
  },
});

type Service = Omit<PersistenceItem, 'path'>;

/** `service type protocol flags user program arguments`; `internal` in the place of a program is inetd's own. */
function lineOf(text: string): Service | undefined {
  const [name = '', , , , account = '', program = '', ...words] = text.split(/\s+/);
  if (program === '' || program === 'internal') return undefined;
  // The first argument is the name that the program is told.
  const command = [program, ...words.slice(program.endsWith('/tcpd') ? 0 : 1)].join(' ');
  return serviceOf(name, account.split(/[.:]/)[0] ?? '', command);
}

function* blocksOf(text: string): Generator<Service> {
  const lineAt = lineCounter(text);
  for (const { groups, index } of text.matchAll(
    /^[ \t]*service[ \t]+(?<name>\S{1,100})\s{0,100}\{(?<body>[^}]{0,4000})\}/gm,
  )) {
    const settings = new Map(
      (groups?.['body'] ?? '').split('\n').map((line) => {
        const [key = '', ...value] = line.split('=');
        return [key.replace(/[+-]$/, '').trim(), value.join('=').trim()];
      }),
    );
    const program = settings.get('server') ?? '';
    if (program === '' || settings.get('disable') === 'yes') continue;
    const command = `${program} ${settings.get('server_args') ?? ''}`.trim();
    const service = serviceOf(groups?.['name'] ?? '', settings.get('user') ?? 'root', command);
    yield { line: lineAt(index), ...service };
  }
}

function serviceOf(name: string, user: string, command: string): Service {
  const signs: Sign[] = [{ what: 'is started for each connection', value: `${name}: ${command}`, weight: 0.15 }];
  if (/^(?:\/\S*\/)?(?:(?:ba|da|z|k|a|c)?sh|busybox\s+\w*sh|python[\d.]*|perl)(?:\s+-[il]+)?$/.test(command)) {
    signs.push({ what: 'gives a shell to whoever connects', value: command, weight: 0.75 });
  }
  return { title: 'service of a super server', runs: command, user, unowned: 0.1, signs };
}
