import { filesIn, plainLines, readLines } from '../../locations.ts';
import { defineTechnique, type PersistenceItem, type Sign } from '../../technique.ts';

const folders = ['/etc/binfmt.d', '/run/binfmt.d', '/usr/local/lib/binfmt.d', '/usr/lib/binfmt.d'];

export const technique = defineTechnique({
  id: 'binfmt',
  title: 'Interpreters of the kernel (binfmt_misc)',
  description:
    'Programs that the kernel starts for files of a kind: with flag C they take over the rights of set-id programs, and with the magic of ELF or scripts they stand in front of every program.',
  places: ['/etc/binfmt.d/*', '/usr/lib/binfmt.d/*', '/proc/sys/fs/binfmt_misc/*'],
  attack: ['T1546'],
  guide: ['B11'],
  references: ['https://docs.kernel.org/admin-guide/binfmt-misc.html'],
  *find({ tree, live }) {
    for (const { path } of filesIn(tree, folders, (name) => name.endsWith('.conf'))) {
      for (const { line, text } of plainLines(readLines(tree, path))) {
        const divider = text[0] ?? ':';
        const [, name = '', type = '', , magic = '', , interpreter = '', flags = ''] = text.split(divider);
        if (interpreter !== '') {
          yield {
            path,
            line,
            title: 'interpreter of the kernel',
            targets: [interpreter],
            unowned: 0.25,
            signs: signsOf(name, type === 'M' ? magic : '', flags),
          };
        }
      }
    }
    for (const name of live?.proc.names('sys/fs/binfmt_misc') ?? []) {
      if (name === 'register' || name === 'status') continue;
      const values = new Map(
        (live?.proc.text(`sys/fs/binfmt_misc/${name}`) ?? '').split('\n').map((line) => {
          const at = line.search(/[ :]/);
          return [line.slice(0, at), line.slice(at + 1).trim()];
        }),
      );
      const value = (key: string): string => values.get(key) ?? '';
      const item: PersistenceItem = {
        path: `/proc/sys/fs/binfmt_misc/${name}`,
        title: 'interpreter of the kernel',
        targets: [value('interpreter')],
        unowned: 0,
        isJudgedAnyway: true,
        signs: signsOf(name, value('magic'), value('flags')),
      };
      yield item;
    }
  },
});

function signsOf(name: string, magic: string, flags: string): Sign[] {
  const signs: Sign[] = [{ what: 'is started for files of a kind', value: name, weight: 0.05 }];
  // qemu-user is registered with C by its own package, for foreign architectures: its magic is a whole ELF header.
  const isForeign = magic.length > 30;
  if (flags.includes('C') && !isForeign) {
    signs.push({ what: 'takes over the rights of set-id programs', value: `flags ${flags}`, weight: 0.5 });
  }
  if (/^(?:\\x7f|7f)(?:ELF|\\x45\\x4c\\x46|454c46)$|^#!$|^2321$/i.test(magic)) {
    signs.push({ what: 'stands in front of every program', value: magic, weight: 0.6 });
  }
  return signs;
}
