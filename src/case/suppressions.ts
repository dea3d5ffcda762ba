import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { VakthundError } from '../base/errors.ts';
import { parseYaml } from '../base/yaml-parse.ts';
import { suppressionFileSchema, type Suppression } from '../incidents/suppress/suppression.ts';

const maxFileBytes = 16_000_000;
const head = `# What Vakthund is to be silent about in this case, and why. \`vakthund suppress\` writes it; editing it by hand is fine.
# Everything that an entry gives must hold. Fields: docs/guide/suppressions.md
`;

export function suppressionsFile(caseFolder: string): string {
  return join(caseFolder, 'suppressions.yaml');
}

/** Entries of the case; none without a file. Throws `CONFIG` for a file with an error: to be silent by mistake is worse than to stop. */
export function readSuppressions(caseFolder: string): Suppression[] {
  const path = suppressionsFile(caseFolder);
  return existsSync(path) ? readSuppressionFile(path) : [];
}

/** Entries of a file in the form of the case's own. Throws `CONFIG` for one with an error. */
export function readSuppressionFile(path: string): Suppression[] {
  const text = readFileSync(path, 'utf8');
  if (text.length > maxFileBytes) throw new VakthundError('CONFIG', `"${path}" is too large`, { at: { path } });
  const document = parseYaml(text, { uniqueKeys: true });
  const [broken] = document.errors;
  if (broken !== undefined) {
    throw new VakthundError('CONFIG', `${path}: ${broken.message.split('\n', 1)[0] ?? ''}`, { at: { path } });
  }
  const parsed = suppressionFileSchema.safeParse(document.toJS({ maxAliasCount: 0 }) ?? { suppressions: [] });
  if (parsed.success) return withoutDoubles(parsed.data.suppressions, path);
  const [issue] = parsed.error.issues;
  throw new VakthundError('CONFIG', `${path}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`, {
    at: { path },
  });
}

function withoutDoubles(suppressions: Suppression[], path: string): Suppression[] {
  const ids = new Set<string>();
  for (const { id } of suppressions) {
    if (ids.has(id)) throw new VakthundError('CONFIG', `${path}: the id "${id}" stands there twice`, { at: { path } });
    ids.add(id);
  }
  return suppressions;
}

/** Replaces the file in one step. */
export function writeSuppressions(caseFolder: string, suppressions: readonly Suppression[]): void {
  const path = suppressionsFile(caseFolder);
  writeFileSync(`${path}.new`, head + stringify({ suppressions }), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
