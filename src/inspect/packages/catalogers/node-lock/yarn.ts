import { decodeUtf8 } from '../../../../base/bytes.ts';
import { childOf, parentOf } from '../../../tree/tree.ts';
import { asObject, asText } from '../../json.ts';
import type { NameContext, NameReader } from '../../named-packages.ts';
import { developmentOnly } from '../../reach.ts';

interface YarnEntry {
  /** The first of the patterns as it stands there. */
  readonly written: string;
  /** `name@range` that it answers. */
  readonly patterns: readonly string[];
  version: string;
  /** Berry: what it was resolved to, `name@npm:version`. */
  resolution: string;
  /** Patterns that it needs. */
  readonly needs: string[];
}

/**
 * `yarn.lock` of Yarn 1 and of Berry. It does not tell what is for development: that is read from the `package.json` beside it, unless
 * there are workspaces, which each have their own.
 */
export const readYarnLock: NameReader = function* readYarnLock(text, context) {
  const entries = parseEntries(text);
  const byPattern = new Map(entries.flatMap((entry) => entry.patterns.map((pattern) => [pattern, entry] as const)));
  const graph = { needsOf: (pattern: string) => byPattern.get(pattern)?.needs ?? [] };
  const isDevelopmentOnly = developmentOnly(graph, rootsOf(entries, context));
  for (const entry of entries) {
    const named = nameOf(entry);
    if (named === undefined || entry.version === '') continue;
    const { name, alias } = named;
    yield {
      name,
      version: entry.version,
      isDevelopment: entry.patterns.every(isDevelopmentOnly) ? true : undefined,
      details: alias === undefined ? undefined : { alias },
    };
  }
};

function parseEntries(text: string): YarnEntry[] {
  const entries: YarnEntry[] = [];
  let entry: YarnEntry | undefined;
  let section = '';
  for (const line of text.split('\n')) {
    // A key of more than 1024 signs has a mark before it, and its colon on a line of its own.
    if (line.startsWith('#') || /^\s*:?\s*$/.test(line)) continue;
    const depth = line.length - line.trimStart().length;
    const content = line.trim();
    if (depth === 0) {
      const written = content
        .replace(/^\? /, '')
        .replace(/:$/, '')
        .split(', ')
        .map((part) => part.replaceAll('"', '').trim());
      const patterns = written.map((part) => patternOf(...splitPattern(part)));
      const isEntry = content !== '__metadata:';
      entry = isEntry ? { written: written[0] ?? '', patterns, version: '', resolution: '', needs: [] } : undefined;
      if (entry !== undefined) entries.push(entry);
      section = '';
    } else if (entry !== undefined && depth === 2) {
      const [key, value] = keyAndValue(content);
      section = key;
      if (key === 'version') entry.version = value;
      else if (key === 'resolution') entry.resolution = value;
    } else if (entry !== undefined && depth === 4 && /^(?:d|optionalD)ependencies$/.test(section)) {
      const [name, range] = keyAndValue(content);
      entry.needs.push(patternOf(name, range));
    }
  }
  return entries;
}

/** `name@range`; a scope begins with the same sign. */
function splitPattern(text: string): [name: string, range: string] {
  const at = text.indexOf('@', 1);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

/** Berry writes the protocol of a registry in its keys, and not where a package is needed. */
function patternOf(name: string, range: string): string {
  return `${name}@${range.replace(/^npm:/, '')}`;
}

/** `key "value"`, `key: value`, `"key": "value"`. */
function keyAndValue(content: string): [string, string] {
  const pattern = /^(?:"(?<quoted>[^"]+)"|(?<key>[^\s":]+)):?(?:\s+(?<value>.*))?$/;
  const groups = pattern.exec(content)?.groups ?? {};
  return [groups['quoted'] ?? groups['key'] ?? '', (groups['value'] ?? '').replace(/^"(?<inner>.*)"$/, '$<inner>')];
}

/** Undefined for what comes from the repository itself. */
function nameOf({ written, resolution }: YarnEntry): { name: string; alias?: string } | undefined {
  const [placed, range] = splitPattern(written);
  // Berry says what it resolved to; Yarn 1 writes the protocol for an alias only.
  const real = resolution === '' ? range.replace(/^npm:/, '') : resolution;
  if (resolution === '' && real === range) {
    return /^(?:file|link):/.test(real) ? undefined : { name: placed };
  }
  const end = real.indexOf('@', 1);
  const name = end < 0 ? real : real.slice(0, end);
  if (/^@(?:workspace|link|portal):/.test(real.slice(name.length))) return undefined;
  return name === placed ? { name } : { name, alias: placed };
}

function rootsOf(
  entries: readonly YarnEntry[],
  { entry, tree }: NameContext,
): { production: string[]; development: string[] } {
  const bytes = tree.read(childOf(parentOf(entry.path), 'package.json'), 2 ** 20);
  let manifest: Readonly<Record<string, unknown>> = {};
  try {
    manifest = asObject(JSON.parse(bytes === undefined ? '{}' : decodeUtf8(bytes)));
  } catch {
    // The manifest is told by its own cataloger; without it everything counts as production.
  }
  const rooted = (key: string): string[] =>
    Object.entries(asObject(manifest[key])).map(([name, range]) => patternOf(name, asText(range) ?? ''));
  const everything = 'workspaces' in manifest ? entries.flatMap(({ patterns }) => patterns) : [];
  return {
    production: [...rooted('dependencies'), ...rooted('optionalDependencies'), ...everything],
    development: rooted('devDependencies'),
  };
}
