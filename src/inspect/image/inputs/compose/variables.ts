import type { YamlNode } from '../../../../base/yaml-tree.ts';

const maxRounds = 5;
/** Of a line of an env file. */
const maxLineLength = 8192;
/** Of a text in which variables are filled in, and of a value: many of them in many texts would grow without end. */
const maxTextLength = 4096;
const maxValueLength = 256;

export interface EnvFileValue {
  readonly value: string;
  readonly line: number;
}

/** Lines `NAME=value` of an env file, in quotes or not, with `export` or without; where each stands. */
export function readEnvFile(text: string): Map<string, EnvFileValue> {
  const values = new Map<string, EnvFileValue>();
  for (const [index, line] of text.split('\n').entries()) {
    const groups = /^\s*(?:export\s+)?(?<name>[A-Za-z_][\w.-]*)\s*=\s*(?<value>.*?)\s*$/.exec(
      line.slice(0, maxLineLength),
    )?.groups;
    if (groups === undefined) continue;
    const { name = '', value = '' } = groups;
    const quoted = /^(["'])(?<inner>.*?)\1/.exec(value)?.groups?.['inner'];
    values.set(name, { value: quoted ?? value.replace(/\s+#.*$/, ''), line: index + 1 });
  }
  return values;
}

/**
 * A document with its variables filled in: `$NAME`, `${NAME}`, `${NAME:-other}`, `${NAME:+other}`, by the values that are known and by the
 * defaults that stand there. What nobody knows stays as it is written.
 */
export function withVariables(node: YamlNode, values: ReadonlyMap<string, string>): YamlNode {
  if (node.kind === 'list') return { ...node, items: node.items.map((item) => withVariables(item, values)) };
  if (node.kind === 'map') {
    const entries = [...node.entries].map(
      ([key, entry]) => [key, { ...entry, value: withVariables(entry.value, values) }] as const,
    );
    return { ...node, entries: new Map(entries) };
  }
  if (node.value === null || !node.source.includes('$')) return node;
  const source = filled(node.source, values);
  return { ...node, value: source, source };
}

function filled(text: string, values: ReadonlyMap<string, string>): string {
  let result = text;
  // A default may hold a variable: the innermost comes first.
  for (let round = 0; round < maxRounds && result.length <= maxTextLength; round++) {
    const next = result.replace(
      /(?<!\$)\$(?:\{(?<braced>\w+)(?:(?<sign>:?[-+?])(?<other>[^${}]*))?\}|(?<plain>[A-Za-z_]\w*))/g,
      (...match) => {
        const { braced, sign = '', other = '', plain } = match.at(-1) as Readonly<Record<string, string | undefined>>;
        const known = values.get(braced ?? plain ?? '');
        const value = known === undefined || known.length > maxValueLength ? undefined : known;
        const isSet = value !== undefined && (value !== '' || !sign.startsWith(':'));
        if (sign.endsWith('+')) return isSet ? other : '';
        if (isSet) return value;
        return sign.endsWith('-') ? other : String(match[0]);
      },
    );
    if (next === result) break;
    result = next;
  }
  return result;
}
