import { createHash } from 'node:crypto';
import { smallDebian } from '../inspect-files.ts';
import { memoryBytes, type MemoryFile } from '../memory-tree.ts';
import type { PlantedFiles } from './row.ts';

/** The same files, delivered by an installed package. */
export function delivered(files: PlantedFiles): PlantedFiles {
  const paths = Object.keys(files);
  const sums = paths.map((path) => {
    const file = files[path];
    const md5 = createHash('md5')
      .update(memoryBytes(file ?? ''))
      .digest('hex');
    return isLink(file) ? '' : `${md5}  ${path.slice(1)}\n`;
  });
  const status = 'Package: vendor\nStatus: install ok installed\nVersion: 1\nArchitecture: amd64\n';
  return {
    ...files,
    '/var/lib/dpkg/status': `${smallDebian['/var/lib/dpkg/status']}\n${status}`,
    '/var/lib/dpkg/info/vendor.list': `/.\n${paths.join('\n')}\n`,
    '/var/lib/dpkg/info/vendor.md5sums': sums.join(''),
  };
}

function isLink(file: MemoryFile | undefined): file is { readonly target: string } {
  return typeof file === 'object' && 'target' in file;
}
