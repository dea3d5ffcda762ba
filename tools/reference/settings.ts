import { z } from 'zod';
import { code, table } from './page.ts';

interface Property {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly items?: Property;
  readonly properties?: Readonly<Record<string, Property>>;
}

/** The settings of a plug-in from its zod schema, one row each; nested objects by dotted names. Empty when it has none. */
export function settingsTable(schema: z.ZodType): string {
  const root = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Property;
  return table(['setting', 'type', 'default', 'meaning'], rows(root, ''));
}

function rows(schema: Property, prefix: string): string[][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
    property.properties === undefined
      ? [[code(prefix + name), typeText(property), defaultText(property), property.description ?? '']]
      : rows(property, `${prefix}${name}.`),
  );
}

function typeText(property: Property): string {
  if (property.enum !== undefined) return property.enum.map((value) => code(String(value))).join(', ');
  if (property.items !== undefined) return `list of ${typeText(property.items)}`;
  const isSafeLimit = (value: number | undefined): boolean => value === undefined || Math.abs(value) >= 2 ** 53 - 1;
  const bounds = [
    isSafeLimit(property.minimum) ? '' : `from ${property.minimum}`,
    isSafeLimit(property.exclusiveMinimum) ? '' : `over ${property.exclusiveMinimum}`,
    isSafeLimit(property.maximum) ? '' : `to ${property.maximum}`,
    isSafeLimit(property.exclusiveMaximum) ? '' : `under ${property.exclusiveMaximum}`,
  ];
  return [property.type ?? 'any', ...bounds].filter((part) => part !== '').join(' ');
}

function defaultText(property: Property): string {
  return property.default === undefined ? '' : code(JSON.stringify(property.default));
}
