import type { FileTree, TreeEntry } from '../../../tree/tree.ts';
import { defineCataloger } from '../../cataloger.ts';
import { mayBeProgram, openExecutable, type Executable } from '../../executable/executable.ts';
import { Findings } from '../../findings.ts';
import { purlOf } from '../../purl.ts';
import { readBuildInfo, type GoBuildInfo, type GoModule } from './build-info.ts';

const damaged = 'it is a program whose headers are damaged: what is built into it may be missing from the packages';

const packed = 'it is packed with UPX: what was built into it is not known before it is unpacked (`upx -d`)';

/** UPX leaves no table of sections in an ELF program, and its mark at the beginning and the end; in PE the sections have its name. */
function isPacked({ layout }: Executable, { path, size }: TreeEntry, tree: FileTree): boolean {
  const { format, sections } = layout;
  if (format !== 'elf') return sections.some(({ name }) => name === 'UPX1');
  if (!sections.every(({ name }) => name === 'load')) return false;
  return [0, Math.max(0, size - 128)].some((at) => tree.readAt(path, at, 512)?.includes('UPX!') === true);
}

export const cataloger = defineCataloger({
  id: 'go-binary',
  title: 'Go programs',
  description:
    'What the Go toolchain writes into each program (ELF, PE, Mach-O; both forms): the modules it is built of, replacements followed, the standard library by the version of the toolchain, and the main module, whose version is taken from `-ldflags -X …version=` where it is `(devel)`. Programs of Debian name no modules; a packed program (UPX) hides them, which is told.',
  references: ['https://pkg.go.dev/runtime/debug#BuildInfo', 'https://pkg.go.dev/debug/buildinfo'],
  guide: ['C25'],
  wants: mayBeProgram,
  catalog(entries, { tree }) {
    const findings = new Findings();
    for (const entry of entries) {
      const program = openExecutable(tree, entry);
      if (program?.layout.isDamaged === true) findings.problem(entry.path, 'bad-header', damaged);
      const info = program === undefined ? undefined : readBuildInfo(program);
      if (info !== undefined) addModules(info, entry, findings);
      else if (program !== undefined && isPacked(program, entry, tree)) {
        findings.problem(entry.path, 'unsupported', packed);
      }
    }
    return findings.done();
  },
});

function addModules(info: GoBuildInfo, entry: TreeEntry, findings: Findings): void {
  const add = (name: string, version: string, details: Readonly<Record<string, string>>, isProject?: true): void =>
    findings.add({
      name,
      version,
      type: 'golang',
      purl: purlOf('golang', name, version),
      locations: [entry.path],
      layer: entry.layer,
      foundBy: 'go-binary',
      isProject,
      details,
    });
  const details = { goVersion: info.goVersion, ...(info.path === '' ? {} : { main: info.path }) };
  // `go1.21.3 X:boringcrypto` and `go1.20.4-custom`: what follows the version is none of it.
  const release = /^go(?<version>\d+(?:\.\d+)*(?:(?:rc|beta)\d+)?)/.exec(info.goVersion)?.groups?.['version'];
  if (release !== undefined) add('stdlib', `v${release}`, details);
  for (const module of info.dependencies) {
    const { path, version } = module.replacement ?? module;
    // A replacement by a folder has no version, and its code is the one of nobody else.
    if (path.startsWith('.') || path.startsWith('/')) addLocal(module, add, details);
    else add(path, version, details);
  }
  if (info.main !== undefined) {
    const { path, version } = info.main;
    const known = version === '' || version === '(devel)' ? versionByFlags(info) : version;
    add(path, known ?? '', details, known === undefined ? true : undefined);
  }
}

function addLocal(
  { path, version, replacement }: GoModule,
  add: (name: string, version: string, details: Readonly<Record<string, string>>, isProject?: true) => void,
  details: Readonly<Record<string, string>>,
): void {
  add(path, version, { ...details, replacedBy: replacement?.path ?? '' });
}

/** `-X main.version=v1.2.3` of the linker's flags. The first that is named version and is one. */
function versionByFlags({ settings }: GoBuildInfo): string | undefined {
  const flags = settings.get('-ldflags') ?? '';
  if (flags.length > 2 ** 16) return undefined;
  const pattern = /-X[ =]['"]?[\w./-]*\.(?:build|git|app|semver|release)?version=['"]?(?<version>v?\d+\.\d+[\w.+-]*)/i;
  return pattern.exec(flags)?.groups?.['version'];
}
