import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { VakthundError } from '../base/errors.ts';
import { nearest } from '../base/nearest.ts';
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
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
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
  const issue = result.error?.issues[0];
  if (issue === undefined) return withPlacedFiles(value as Record<string, unknown>, dirname(path));
  const node = document.getIn(issue.path, true) as { range?: [number, number, number] } | undefined;
  const line = node?.range === undefined ? undefined : lines.linePos(node.range[0]).line;
  throw new VakthundError('CONFIG', `${path}${line === undefined ? '' : `:${line}`}: ${explain(issue)}`, {
    at: line === undefined ? { path } : { path, line },
  });
}

/** Files that a settings file names stand beside it. */
function withPlacedFiles(value: Record<string, unknown>, folder: string): Record<string, unknown> {
  const placed = (['assets', 'mappings'] as const).flatMap((key) => {
    const names = value[key];
    return Array.isArray(names) ? [[key, names.map((name) => resolve(folder, String(name)))] as const] : [];
  });
  return { ...value, ...Object.fromEntries(placed) };
}

function explain(issue: z.core.$ZodIssue): string {
  const key = issue.path.join('.');
  if (issue.code !== 'unrecognized_keys') return `"${key}": ${issue.message}`;
  const unknown = issue.keys[0] ?? '';
  const near = nearest(unknown, knownKeys(issue.path.map(String)));
  return `there is no setting "${[...issue.path, unknown].join('.')}"${near === undefined ? '' : `; did you mean "${near}"?`}`;
}

function knownKeys(path: readonly string[]): string[] {
  let value: unknown = settingsSchema.parse({});
  for (const part of path) value = (value as Record<string, unknown> | undefined)?.[part];
  if (path.length === 1 && path[0] === 'analytics') return Object.keys(settingsSchema.shape.analytics.unwrap().shape);
  return typeof value === 'object' && value !== null ? Object.keys(value) : [];
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
