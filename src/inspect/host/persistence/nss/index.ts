import type { FileTree } from '../../../tree/tree.ts';
import { foldersIn, plainLines, readLines } from '../../locations.ts';
import { defineTechnique } from '../../technique.ts';

const file = '/etc/nsswitch.conf';
const roots = ['/usr/lib', '/lib', '/usr/lib64', '/lib64', '/usr/local/lib'];

export const technique = defineTechnique({
  id: 'nss',
  title: 'Name services',
  description:
    'Services in nsswitch.conf whose library no package owns: it is loaded into every program that looks an account or a host up.',
  places: ['/etc/nsswitch.conf', '/lib/*/libnss_*.so*'],
  attack: ['T1556'],
  guide: ['B11'],
  references: ['https://man7.org/linux/man-pages/man5/nsswitch.conf.5.html'],
  *find({ tree, ownership }) {
    const folders = roots.flatMap((root) => [root, ...archFolders(tree, root)]);
    const seen = new Set<string>();
    for (const { line, text } of plainLines(readLines(tree, file))) {
      const { database = '', services = '' } = /^(?<database>\w+):\s*(?<services>.*)$/.exec(text)?.groups ?? {};
      for (const service of services.replaceAll(/\[[^\]]*\]/g, ' ').split(/\s+/)) {
        if (service === '' || seen.has(service)) continue;
        seen.add(service);
        const library = folders
          .map((folder) => `${folder}/libnss_${service}.so.2`)
          .find((path) => tree.stat(path)?.type === 'file');
        if (library === undefined || ownership.standing(library).kind !== 'unowned') continue;
        yield {
          path: file,
          line,
          title: 'name service',
          targets: [library],
          unowned: 0.1,
          isJudgedAnyway: true,
          signs: [
            { what: 'loads a library that belongs to no package', value: `${database}: ${library}`, weight: 0.65 },
          ],
        };
      }
    }
  },
});

/** Folders for libraries of one architecture: `x86_64-linux-gnu`. */
function archFolders(tree: FileTree, root: string): string[] {
  return [...foldersIn(tree, root)].map(({ path }) => path).filter((path) => /-linux-\w+$/.test(path));
}
