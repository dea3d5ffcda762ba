import { commonColumns, type ColumnSpec, type KindSpec } from '../../src/events/kind.ts';
import { code, json, referencePage, table, type GeneratedFile } from './page.ts';
import { pluginsOf } from './registries.ts';

export async function eventPages(): Promise<GeneratedFile[]> {
  const kinds = await pluginsOf<KindSpec>('kind');
  return [
    overview(kinds),
    ...kinds.map(kindPage),
    ...kinds.map((kind) => json(`schema/events/${kind.id}.schema.json`, kindSchema(kind))),
    { path: 'docs/reference/field-baseline.txt', text: kinds.flatMap(baselineLines).join('') },
  ];
}

function overview(kinds: readonly KindSpec[]): GeneratedFile {
  return referencePage('events', 'Event kinds', [
    'Every record that is read becomes one row of one kind. Each kind is a table of the same name for `vakthund hunt`. Columns are named after the Elastic Common Schema, with `_` for `.`; times and durations are whole microseconds, times in UTC. A column is null when the record did not say.',
    table(
      ['kind', 'one row stands for', 'columns'],
      kinds.map((kind) => [
        `[\`${kind.id}\`](events/${kind.id}.md)`,
        kind.description,
        String(Object.keys(kind.columns).length),
      ]),
    ),
    '## Columns that every kind has',
    columnTable(Object.entries(commonColumns)),
    'What sources may use besides stands on the page of each kind. `field-baseline.txt` lists every column on one line, so that a changed schema shows as a changed line.',
  ]);
}

function kindPage(kind: KindSpec): GeneratedFile {
  const own = Object.entries(kind.columns).filter(([name]) => !Object.hasOwn(commonColumns, name));
  return referencePage(`events/${kind.id}`, `${kind.title} (\`${kind.id}\`)`, [
    kind.description,
    columnTable(own),
    `Besides, the [columns that every kind has](../events.md#columns-that-every-kind-has). JSON Schema: \`schema/events/${kind.id}.schema.json\`.`,
  ]);
}

function columnTable(columns: readonly (readonly [string, ColumnSpec])[]): string {
  return table(
    ['column', 'type', 'unit', 'ECS', 'meaning'],
    columns.map(([name, spec]) => [
      code(name),
      code(spec.type),
      spec.unit ?? '',
      code(spec.ecs ?? ''),
      spec.description,
    ]),
  );
}

function baselineLines(kind: KindSpec): string[] {
  return Object.entries(kind.columns).map(([name, spec]) => `${kind.id}.${name} ${spec.type} ${spec.ecs ?? '-'}\n`);
}

const jsonTypes = {
  text: { type: 'string' },
  integer: { type: 'integer' },
  real: { type: 'number' },
  boolean: { type: 'boolean' },
  time: { type: 'integer', 'x-unit': 'µs since 1970-01-01T00:00:00Z' },
  duration: { type: 'integer', 'x-unit': 'µs' },
  ip: { type: 'string', 'x-type': 'ip' },
  'text[]': { type: 'array', items: { type: 'string' } },
  json: { type: 'string', contentMediaType: 'application/json' },
} as const satisfies Record<ColumnSpec['type'], object>;

const neverNull = new Set(['time', 'evidence_id']);

function kindSchema(kind: KindSpec): object {
  const columns = Object.entries(kind.columns);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: kind.title,
    description: kind.description,
    type: 'object',
    properties: {
      kind: { const: kind.id },
      ...Object.fromEntries(columns.map(([name, spec]) => [name, columnSchema(name, spec)])),
    },
    required: ['kind', ...columns.map(([name]) => name)],
    additionalProperties: false,
  };
}

function columnSchema(name: string, spec: ColumnSpec): object {
  const { type, ...details } = jsonTypes[spec.type];
  return {
    description: spec.description,
    ...(spec.ecs === undefined ? {} : { 'x-ecs': spec.ecs }),
    ...(spec.unit === undefined ? {} : { 'x-unit': spec.unit }),
    type: neverNull.has(name) ? type : [type, 'null'],
    ...details,
  };
}
