import { filesAt, filesIn, plainLines, readText } from '../../locations.ts';
import { defineTechnique } from '../../technique.ts';

export const technique = defineTechnique({
  id: 'ld-path',
  title: 'Places where libraries are looked for',
  description:
    "Folders that the dynamic linker searches before its own (`ld.so.conf`, and musl's `ld-musl-*.path`). One that others may write to lets them replace a library of every program.",
  places: ['/etc/ld.so.conf', '/etc/ld.so.conf.d/*', '/etc/ld-musl-*.path'],
  attack: ['T1574.006'],
  guide: ['B11'],
  references: ['https://man7.org/linux/man-pages/man8/ldconfig.8.html'],
  *find({ tree }) {
    const files = [
      ...filesAt(tree, ['/etc/ld.so.conf']),
      ...filesIn(tree, ['/etc/ld.so.conf.d'], (name) => name.endsWith('.conf')),
      ...filesIn(tree, ['/etc'], (name) => /^ld-musl-\w+\.path$/.test(name)),
    ];
    for (const { path } of files) {
      for (const { line, text } of plainLines(readText(tree, path))) {
        if (/^include\b/.test(text)) continue;
        const folders = text.split(/[\s:,=]+/).filter((part) => part.startsWith('/'));
        if (folders.length > 0) {
          yield { path, line, title: 'place where libraries are looked for', targets: folders, unowned: 0.25 };
        }
      }
    }
  },
});
