/** Core metadata of a distribution (packaging.python.org, core-metadata): names and values up to the first empty line. */
export interface CoreMetadata {
  readonly name: string;
  readonly version: string;
  readonly licenses: readonly string[];
}

/** Undefined without name or version. */
export function parseMetadata(text: string): CoreMetadata | undefined {
  const fields = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    if (line.trim() === '') break;
    const colon = line.indexOf(':');
    // A continuation of the field before is only seen in texts that are not needed.
    if (colon <= 0 || /^\s/.test(line)) continue;
    const key = line.slice(0, colon).toLowerCase();
    const values = fields.get(key) ?? [];
    values.push(line.slice(colon + 1).trim());
    fields.set(key, values);
  }
  const name = fields.get('name')?.[0] ?? '';
  const version = fields.get('version')?.[0] ?? '';
  if (name === '' || version === '') return undefined;
  return { name, version, licenses: licensesOf(fields) };
}

/** `License-Expression` is SPDX (PEP 639); else `License`, unless it is empty or the text of one; else the classifiers. */
function licensesOf(fields: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const [expression = ''] = fields.get('license-expression') ?? [];
  if (expression !== '') return [expression];
  const [license = ''] = fields.get('license') ?? [];
  if (license !== '' && license !== 'UNKNOWN' && license.length <= 200) return [license];
  return (fields.get('classifier') ?? [])
    .filter((classifier) => classifier.startsWith('License ::'))
    .map((classifier) => classifier.slice(classifier.lastIndexOf('::') + 2).trim());
}
