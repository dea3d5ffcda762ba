import type { FileTree, TreeEntry } from '../../../tree/tree.ts';
import { nameOf, parentOf } from '../../../tree/tree.ts';
import { defineCataloger } from '../../cataloger.ts';
import { Findings } from '../../findings.ts';
import { purlOf } from '../../purl.ts';

/** Offsets of the setup header of a bzImage (Linux, x86/boot.rst): its mark, and where the text of the version stands. */
const markAt = 0x202;
const versionPointerAt = 0x20e;
const setupBytes = 0x1_0000;

export const cataloger = defineCataloger({
  id: 'linux-kernel',
  title: 'Linux kernels',
  description:
    'Kernels by `lib/modules/RELEASE/modules.builtin`, and by the header of `vmlinuz*` for x86. One that a package brought says so; advisories are those of its distribution.',
  references: [
    'https://docs.kernel.org/arch/x86/boot.html',
    'https://docs.kernel.org/kbuild/kbuild.html#modules-builtin',
  ],
  guide: ['C25'],
  wants: ({ path }) =>
    (path.endsWith('/modules.builtin') && path.includes('/lib/modules/')) || path.includes('/vmlinuz'),
  catalog(entries, { tree }) {
    const findings = new Findings();
    for (const entry of entries) {
      const release = entry.type === 'file' ? releaseOf(tree, entry) : undefined;
      const version = /^(?<version>\d+\.\d+(?:\.\d+)?)/.exec(release ?? '')?.groups?.['version'];
      if (release === undefined || version === undefined) continue;
      findings.add({
        name: 'linux-kernel',
        version,
        type: 'generic',
        purl: purlOf('generic', 'linux-kernel', version),
        locations: [entry.path],
        layer: entry.layer,
        foundBy: 'linux-kernel',
        details: { release },
      });
    }
    return findings.done();
  },
});

/** `6.1.0-18-amd64`: what uname(1) would print. */
function releaseOf(tree: FileTree, { path }: TreeEntry): string | undefined {
  if (path.endsWith('/modules.builtin')) return nameOf(parentOf(path));
  const setup = tree.read(path, setupBytes);
  if (setup === undefined || setup.length < versionPointerAt + 2) return undefined;
  if (setup.toString('latin1', markAt, markAt + 4) !== 'HdrS') return undefined;
  // The pointer counts from the end of the boot sector.
  const start = setup.readUInt16LE(versionPointerAt) + 0x200;
  return /^[\w.+~-]{1,128}/.exec(setup.toString('latin1', start, start + 256))?.[0];
}
