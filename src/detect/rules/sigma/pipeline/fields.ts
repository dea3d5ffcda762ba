import { SigmaError } from '../error.ts';
import type { SigmaCorrelation, SigmaValue } from '../model.ts';
import { readMap, readTexts } from '../read/attributes.ts';
import type { YamlMap } from '../../../../base/yaml-tree.ts';
import { code, needText } from './read.ts';
import { overItems, type ReadTransformation, type TransformContext, type Transformation } from './transformation.ts';

type Rename = (field: string) => readonly string[] | undefined;

/** Fields get other names; several are alternatives. References between fields follow, and the names in a correlation. */
function renameFields(rename: Rename): Transformation {
  const items = ({ state }: TransformContext): Transformation =>
    overItems((item) => {
      const names = item.field === null ? undefined : rename(item.field);
      for (const name of names ?? []) state.mapped.add(name);
      const values = item.values.map((value): SigmaValue =>
        value.type === 'fieldref' ? { ...value, field: rename(value.field)?.[0] ?? value.field } : value,
      );
      const isSame = names === undefined && values.every((value, index) => value === item.values[index]);
      if (isSame) return undefined;
      const renamed = (names ?? [item.field]).map((field) => ({ ...item, field, values }));
      return renamed.length === 1 ? renamed : [{ link: 'or', items: renamed }];
    });
  return {
    rule: (rule, context) => ({
      ...items(context).rule(rule, context),
      fields: rule.fields.flatMap((field) => (context.isChosenName(field) ? rename(field) : undefined) ?? [field]),
    }),
    correlation: (correlation, context) => renameInCorrelation(correlation, rename, context),
  };
}

/** Group fields that are aliases keep their name: what they stand for is renamed. */
function renameInCorrelation(
  correlation: SigmaCorrelation,
  rename: Rename,
  context: TransformContext,
): SigmaCorrelation {
  const names = (field: string): readonly string[] =>
    (context.isChosenName(field) ? rename(field) : undefined) ?? [field];
  const only = (field: string): string => {
    const [name = field, ...more] = names(field);
    if (more.length === 0) return name;
    const message = `"${field}" of a correlation would become several fields`;
    throw new SigmaError('SigmaConfigurationError', message, correlation.at);
  };
  const { aliases, groupBy, field } = correlation;
  return {
    ...correlation,
    aliases: new Map(
      [...aliases].map(
        ([alias, mapping]) => [alias, new Map([...mapping].map(([rule, name]) => [rule, only(name)]))] as const,
      ),
    ),
    groupBy: groupBy.flatMap((name) => (aliases.has(name) ? [name] : names(name))),
    field: field === undefined ? undefined : only(field),
  };
}

function mappingOf(map: YamlMap): Map<string, readonly string[]> {
  const mapping = readMap(map, 'mapping', code);
  return new Map([...mapping.entries.keys()].map((key) => [key, readTexts(mapping, key, code)] as const));
}

/** The `fields` of a rule, which say what a person wants to see. */
function changeFields(change: (fields: readonly string[]) => readonly string[]): Transformation {
  return {
    rule: (rule) => ({ ...rule, fields: change(rule.fields) }),
    correlation: (correlation) => ({ ...correlation, fields: change(correlation.fields) }),
  };
}

/** Refuses a rule with a field that no step before has given its name. */
const refuseUnmapped: Transformation = {
  rule: (rule, context) => {
    const check = overItems((item) => {
      if (item.field === null || context.state.mapped.has(item.field)) return undefined;
      throw new SigmaError('SigmaTransformationError', `no step before maps the field "${item.field}"`, item.at);
    });
    return check.rule(rule, context);
  },
};

export const fieldTransformations: Readonly<Record<string, ReadTransformation>> = {
  field_name_mapping: (map) => {
    const mapping = mappingOf(map);
    return renameFields((field) => mapping.get(field));
  },
  field_name_prefix_mapping: (map) => {
    const mapping = [...mappingOf(map)];
    return renameFields((field) => {
      const [prefix, to] = mapping.find(([from]) => field.startsWith(from)) ?? [];
      return to?.map((text) => `${text}${field.slice(prefix?.length)}`);
    });
  },
  field_name_prefix: (map) => {
    const prefix = needText(map, 'prefix');
    return renameFields((field) => [`${prefix}${field}`]);
  },
  field_name_suffix: (map) => {
    const suffix = needText(map, 'suffix');
    return renameFields((field) => [`${field}${suffix}`]);
  },
  strict_field_mapping_failure: () => refuseUnmapped,
  add_field: (map) => {
    const added = readTexts(map, 'field', code);
    return changeFields((fields) => [...fields, ...added]);
  },
  remove_field: (map) => {
    const removed = readTexts(map, 'field', code);
    return changeFields((fields) => fields.filter((field) => !removed.includes(field)));
  },
  set_field: (map) => {
    const set = readTexts(map, 'fields', code);
    return changeFields(() => set);
  },
};
