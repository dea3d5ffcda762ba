import { inflateSync } from 'node:zlib';
import { decodeUtf8 } from '../../../../base/bytes.ts';
import type { TreeEntry } from '../../../tree/tree.ts';
import { defineCataloger } from '../../cataloger.ts';
import { mayBeProgram, openExecutable } from '../../executable/executable.ts';
import { Findings } from '../../findings.ts';
import { asList, asObject, asText } from '../../json.ts';
import { purlOf } from '../../purl.ts';

/** The name in ELF and Mach-O, and as much of it as PE has room for. */
const sectionNames: ReadonlySet<string> = new Set(['.dep-v0', '__dep-v0', 'dep-v0']);
/** As the tools of cargo-auditable bound it. */
const maxBytes = 2 ** 23;

export const cataloger = defineCataloger({
  id: 'rust-binary',
  title: 'Rust programs',
  description:
    'Programs that were built with cargo-auditable: the crates that are linked in, from the section `.dep-v0`. Crates that were only needed to build are for development. Programs that were built without it name none.',
  references: ['https://github.com/rust-secure-code/cargo-auditable/blob/master/PARSING.md'],
  guide: ['C25'],
  wants: mayBeProgram,
  catalog(entries, { tree }) {
    const findings = new Findings();
    for (const entry of entries) {
      const program = openExecutable(tree, entry);
      const section = program?.layout.sections.find(({ name }) => sectionNames.has(name));
      if (program === undefined || section === undefined) continue;
      const packed = program.content(section, maxBytes);
      const text = findings.parsed(entry.path, () => decodeUtf8(inflateSync(packed, { maxOutputLength: maxBytes })));
      const list = text === undefined ? undefined : findings.parsed(entry.path, () => asObject(JSON.parse(text)));
      for (const one of asList(list?.['packages'])) addCrate(asObject(one), entry, findings);
    }
    return findings.done();
  },
});

function addCrate(crate: Readonly<Record<string, unknown>>, entry: TreeEntry, findings: Findings): void {
  const name = asText(crate['name']);
  const version = asText(crate['version']);
  if (name === undefined || version === undefined) {
    findings.problem(entry.path, 'bad-record', 'a crate has no name or version');
    return;
  }
  findings.add({
    name,
    version,
    type: 'cargo',
    purl: purlOf('cargo', name, version),
    locations: [entry.path],
    layer: entry.layer,
    isDevelopment: crate['kind'] === 'build' ? true : undefined,
    isProject: crate['root'] === true && crate['source'] === 'local' ? true : undefined,
    foundBy: 'rust-binary',
  });
}
