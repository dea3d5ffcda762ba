import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { isMap, isNode, LineCounter, type Document } from 'yaml';
import { z } from 'zod';
import { VakthundError } from '../base/errors.ts';
import { nearest } from '../base/nearest.ts';
import { parseYaml } from '../base/yaml-parse.ts';
import { settingsSchema, type Settings } from './settings.ts';

/** A settings file, weakest first: what stands in a later one wins, key by key. */
export interface SettingsFile {
  readonly path: string;
  /** True for a file that was named: it must exist. */
  readonly isRequired: boolean;
}

export interface LoadedSettings {
  readonly settings: Settings;
  /** File that set a dotted key; absent for defaults. */
  readonly origins: ReadonlyMap<string, string>;
}

const maxFileBytes = 1_000_000;

/** Reads, checks and layers settings files. Throws `CONFIG` with file, line and the nearest known name. */
export function loadSettings(files: readonly SettingsFile[]): LoadedSettings {
  let merged: Record<string, unknown> = {};
  const origins = new Map<string, string>();
  for (const { path, isRequired } of files) {
    if (!isRequired && !existsSync(path)) continue;
    const content = readSettingsFile(path);
    for (const key of leafKeys(content)) origins.set(key, path);
    merged = merge(merged, content);
  }
  return { settings: withWholePaths(settingsSchema.parse(merged), origins), origins };
}

/** What a file names stands beside it, wherever the command was started. */
function withWholePaths(settings: Settings, origins: LoadedSettings['origins']): Settings {
  const folder = dirname(origins.get('rules.pipelines') ?? '');
  const pipelines = settings.rules.pipelines.map((path) => resolve(folder, path));
  return { ...settings, rules: { ...settings.rules, pipelines } };
}

function readSettingsFile(path: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new VakthundError('CONFIG', `the settings file "${path}" cannot be read`, { cause: error, at: { path } });
  }
  if (text.length > maxFileBytes) {
    throw new VakthundError('CONFIG', `the settings file "${path}" is too large`, { at: { path } });
  }
  const lines = new LineCounter();
  const document = parseYaml(text, { lineCounter: lines, uniqueKeys: true });
  const [broken] = document.errors;
  if (broken !== undefined) {
    throw new VakthundError(
      'CONFIG',
      `${path}:${lines.linePos(broken.pos[0]).line}: ${broken.message.split('\n')[0]}`,
      { at: { path } },
    );
  }
  const value: unknown = document.toJS({ maxAliasCount: 100 }) ?? {};
  const result = settingsSchema.safeParse(value);
  if (result.success) return withPlacedFiles(value as Record<string, unknown>, dirname(path));
  const told = result.error.issues.map((issue) => ({
    line: lineOf(issue, document, lines),
    text: explain(issue, value),
  }));
  told.sort((a, b) => (a.line ?? Infinity) - (b.line ?? Infinity));
  const texts = told
    .slice(0, maxIssues)
    .map(({ line, text }) => `${path}${line === undefined ? '' : `:${line}`}: ${text}`);
  const more = told.length > maxIssues ? ` (and ${told.length - maxIssues} more)` : '';
  const line = told[0]?.line;
  throw new VakthundError('CONFIG', `${texts.join('\n  ')}${more}`, {
    at: line === undefined ? { path } : { path, line },
  });
}

/** So many errors of a file are told at once. */
const maxIssues = 5;

/** Line of the key that should not be there, or of the value; that of the innermost thing around it where there is none. */
function lineOf(issue: z.core.$ZodIssue, document: Document, lines: LineCounter): number | undefined {
  const path = issue.path.filter((part) => typeof part !== 'symbol');
  if (issue.code === 'unrecognized_keys') {
    const parent = document.getIn(path, true);
    const key = isMap(parent) ? parent.items.find((pair) => String(pair.key) === issue.keys[0])?.key : undefined;
    if (isNode(key) && key.range) return lines.linePos(key.range[0]).line;
  }
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return undefined;
}

/** Files that a settings file names stand beside it. */
function withPlacedFiles(value: Record<string, unknown>, folder: string): Record<string, unknown> {
  const placed = (['assets', 'mappings'] as const).flatMap((key) => {
    const names = value[key];
    return Array.isArray(names) ? [[key, names.map((name) => resolve(folder, String(name)))] as const] : [];
  });
  return { ...value, ...Object.fromEntries(placed) };
}

function explain(issue: z.core.$ZodIssue, whole: unknown): string {
  const key = issue.path.join('.');
  if (issue.code === 'invalid_key') return `"${key}": ${issue.issues[0]?.message ?? issue.message}`;
  if (issue.code === 'invalid_type' && valueAt(whole, issue.path) === undefined) {
    return `"${key}" is missing (${issue.expected})`;
  }
  if (issue.code !== 'unrecognized_keys') return `"${key}": ${issue.message}`;
  const unknown = issue.keys[0] ?? '';
  const near = nearest(unknown, knownKeys(issue.path));
  return `there is no setting "${[...issue.path, unknown].join('.')}"${near === undefined ? '' : `; did you mean "${near}"?`}`;
}

function valueAt(whole: unknown, path: readonly PropertyKey[]): unknown {
  let value = whole;
  for (const part of path) value = (value as Record<PropertyKey, unknown> | null | undefined)?.[part];
  return value;
}

/** Keys that the schema has at a place; those that the user chooses (names of zones) have none. */
function knownKeys(path: readonly PropertyKey[]): string[] {
  let schema = bare(settingsSchema);
  for (const part of path) {
    if (schema instanceof z.ZodObject) schema = bare(schema.shape[String(part)]);
    else if (schema instanceof z.ZodRecord) schema = bare(schema.valueType);
    else if (schema instanceof z.ZodArray) schema = bare(schema.element);
    else return [];
  }
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

/** Without defaults and what else stands around a schema. */
function bare(schema: unknown): unknown {
  let inner = schema;
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodDefault || inner instanceof z.ZodPrefault) {
    inner = inner.unwrap();
  }
  return inner;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function merge(below: Record<string, unknown>, above: Record<string, unknown>): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...below };
  for (const [key, value] of Object.entries(above)) {
    const old = merged[key];
    merged[key] = isRecord(old) && isRecord(value) ? merge(old, value) : value;
  }
  return merged;
}

function leafKeys(value: unknown, prefix = ''): string[] {
  if (!isRecord(value)) return [prefix];
  return Object.entries(value).flatMap(([key, inner]) => leafKeys(inner, prefix === '' ? key : `${prefix}.${key}`));
}
