import { nameOf, parentOf, type TreeEntry } from '../../../tree/tree.ts';
import { defineCataloger } from '../../cataloger.ts';
import { openExecutable } from '../../executable/executable.ts';
import { Findings } from '../../findings.ts';
import { maxPackages } from '../../package.ts';
import { purlOf } from '../../purl.ts';
import { readVersionResource, type VersionResource } from './version-resource.ts';

/** Places of one library that are told: a package has it once for each framework. */
const maxLocations = 16;
/** Folders that no application brings: what is there to compile against. */
const passedOver = /\/packs\/[^/]+\.Ref\//i;
/** Products that are a system of their own, whose parts have no packages. */
const systems = /^Microsoft\W* (?:Windows\W* Operating System|\.NET Framework)|^Mono Common Language/i;

export const cataloger = defineCataloger({
  id: 'windows-program',
  title: 'Programs of Windows and assemblies of .NET',
  description:
    'The version resource of `.dll` and `.exe`: an assembly is listed as the NuGet package of its name, where no `*.deps.json` beside it or above tells the packages; any other program by its name and version. Parts of Windows, .NET Framework and Mono, and translations, are left out.',
  references: ['https://learn.microsoft.com/en-us/windows/win32/menurc/vs-versioninfo'],
  guide: ['C25'],
  wants: ({ path, size }) => /\.(?:dll|exe|deps\.json)$/i.test(path) && size > 64,
  catalog(entries, { tree }) {
    const findings = new Findings();
    const told = new Set(entries.filter(({ path }) => path.endsWith('.json')).map(({ path }) => parentOf(path)));
    const found = new Map<string, Found>();
    for (const entry of entries) {
      if (entry.type !== 'file' || entry.path.endsWith('.json') || passedOver.test(entry.path)) continue;
      if (/\.resources\.dll$/i.test(entry.path) || isBelow(entry.path, told)) continue;
      const program = openExecutable(tree, entry);
      const resource = program === undefined ? undefined : readVersionResource(program);
      if (resource !== undefined) collect(resource, entry, found);
      if (found.size > maxPackages) break;
    }
    for (const { isAssembly, product, entry, name, version, locations } of found.values()) {
      const type = isAssembly ? 'nuget' : 'generic';
      findings.add({
        name,
        version,
        type,
        purl: purlOf(type, name, version),
        locations,
        layer: entry.layer,
        isProject: isAssembly && /\.exe$/i.test(entry.path) ? true : undefined,
        foundBy: 'windows-program',
        details: { identifiedBy: 'version resource', ...(product === '' ? {} : { product }) },
      });
    }
    return findings.done();
  },
});

interface Found {
  readonly isAssembly: boolean;
  readonly product: string;
  readonly entry: TreeEntry;
  readonly name: string;
  readonly version: string;
  readonly locations: string[];
}

function collect(resource: VersionResource, entry: TreeEntry, found: Map<string, Found>): void {
  const { strings, isAssembly } = resource;
  const version = versionOf(resource);
  const product = strings.get('ProductName') ?? '';
  if (version === undefined || systems.test(product)) return;
  const name = nameIn(resource, entry.path);
  const key = JSON.stringify([name, version, isAssembly]);
  const before = found.get(key);
  if (before === undefined) found.set(key, { isAssembly, product, entry, name, version, locations: [entry.path] });
  else if (before.locations.length < maxLocations) before.locations.push(entry.path);
}

/** An assembly is found by the name of its file; the file of any other program may have been named anew. */
function nameIn({ strings, isAssembly }: VersionResource, path: string): string {
  const names = isAssembly ? [] : [strings.get('OriginalFilename'), strings.get('InternalName')];
  const name =
    [...names, nameOf(path)].find((one) => one !== undefined && /^[\w .+@-]{1,200}$/.test(one)) ?? nameOf(path);
  return name.replace(/\.(?:dll|exe)$/i, '');
}

/** The version of the product as NuGet writes it, without the commit; else that of the file. */
function versionOf({ strings, fileVersion }: VersionResource): string | undefined {
  for (const text of [strings.get('ProductVersion'), strings.get('FileVersion'), fileVersion]) {
    const plain = (text ?? '').slice(0, 128).replace(/,\s*/g, '.');
    const version = /^v?(?<version>\d+(?:\.\d+){1,3}(?:-[A-Za-z][\w.-]*)?)(?:[\s+(]|$)/.exec(plain)?.groups?.[
      'version'
    ];
    const whole = version?.replace(/^(?<three>\d+\.\d+\.\d+)\.0(?=-|$)/, '$<three>');
    if (whole !== undefined && /[1-9]/.test(whole)) return whole;
  }
  return undefined;
}

function isBelow(path: string, folders: ReadonlySet<string>): boolean {
  if (folders.size === 0) return false;
  for (let folder = parentOf(path); ; folder = parentOf(folder)) {
    if (folders.has(folder)) return true;
    if (folder === '/' || folder === '') return false;
  }
}
