import type { TreeEntry } from '../../../tree/tree.ts';
import { defineCataloger } from '../../cataloger.ts';
import { mayBeProgram, openExecutable } from '../../executable/executable.ts';
import { Findings } from '../../findings.ts';
import { purlOf } from '../../purl.ts';
import { readBuildInfo, type GoBuildInfo, type GoModule } from './build-info.ts';

const damaged = 'it is a program whose headers are damaged: what is built into it may be missing from the packages';

export const cataloger = defineCataloger({
  id: 'go-binary',
  title: 'Go programs',
  description:
    'What the Go toolchain writes into each program (ELF, PE, Mach-O; both forms): the modules it is built of, replacements followed, the standard library by the version of the toolchain, and the main module, whose version is taken from `-ldflags -X …version=` where it is `(devel)`. Programs of Debian name no modules; a packed program (UPX) hides them.',
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
