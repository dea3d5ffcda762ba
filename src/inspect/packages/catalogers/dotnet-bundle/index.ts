import { decodeUtf8 } from '../../../../base/bytes.ts';
import { defineCataloger } from '../../cataloger.ts';
import { readDepsJson } from '../../deps-json.ts';
import { mayBeProgram, openExecutable } from '../../executable/executable.ts';
import type { ReadAt } from '../../executable/layout.ts';
import { Findings } from '../../findings.ts';
import { purlOf } from '../../purl.ts';
import { findDeps } from './bundle.ts';

const maxDepsBytes = 2 ** 25;
const damaged = 'it is an application of .NET in one file whose list of packages is damaged or missing';

export const cataloger = defineCataloger({
  id: 'dotnet-bundle',
  title: '.NET applications in one file',
  description:
    'The `*.deps.json` inside a program that was published with `PublishSingleFile` (ELF, PE, Mach-O; .NET Core 3 and later): its packages, and the runtime that a self-contained one carries.',
  references: ['https://github.com/dotnet/designs/blob/main/accepted/2020/single-file/bundler.md'],
  guide: ['C25'],
  wants: mayBeProgram,
  catalog(entries, { tree }) {
    const findings = new Findings();
    for (const entry of entries) {
      const program = openExecutable(tree, entry);
      if (program === undefined) continue;
      const read: ReadAt = (offset, length) => tree.readAt(entry.path, offset, length) ?? Buffer.alloc(0);
      const place = findDeps(program, entry, read);
      if (place === undefined) continue;
      if (place === 'damaged' || place.bytes > maxDepsBytes) {
        findings.problem(entry.path, 'bad-record', damaged);
        continue;
      }
      const text = decodeUtf8(read(place.offset, place.bytes));
      const problem = (message: string): void => findings.problem(entry.path, 'bad-record', message);
      const named = findings.parsed(entry.path, () => [...readDepsJson(text, { entry, tree, problem })]) ?? [];
      for (const { name, version, isProject, isDevelopment } of named) {
        findings.add({
          name,
          version,
          type: 'nuget',
          purl: purlOf('nuget', name, version),
          locations: [entry.path],
          layer: entry.layer,
          isProject,
          isDevelopment,
          foundBy: 'dotnet-bundle',
        });
      }
    }
    return findings.done();
  },
});
