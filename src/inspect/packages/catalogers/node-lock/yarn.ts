import { decodeUtf8 } from '../../../../base/bytes.ts';
import { childOf, normalPath, parentOf, type FileTree } from '../../../tree/tree.ts';
import { asList, asObject, asText } from '../../json.ts';
import type { NameContext, NameReader } from '../../named-packages.ts';
import { developmentOnly } from '../../reach.ts';
import { workspaceFolders } from '../../workspace-folders.ts';

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
 * `yarn.lock` of Yarn 1 and of Berry. It does not tell what is for development: that is read from the `package.json` beside it, and from
 * those of its workspaces.
 */
export const readYarnLock: NameReader = function* readYarnLock(text, context) {
  const entries = parseEntries(text);
  const byPattern = new Map(entries.flatMap((entry) => entry.patterns.map((pattern) => [pattern, entry] as const)));
  // A workspace is a root itself, and its entry does not tell what it needs for development.
  const needsOf = (pattern: string): readonly string[] => {
    const entry = byPattern.get(pattern);
    return entry === undefined || entry.resolution.includes('@workspace:') ? [] : entry.needs;
  };
  const graph = { needsOf };
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

type Manifest = Readonly<Record<string, unknown>>;

/**
 * What manifests ask for: that of the repository, and those of its workspaces. A workspace of Berry whose manifest is not here asks for all
 * that its entry needs, and where it cannot be told which workspaces there are, everything counts as production.
 */
function rootsOf(
  entries: readonly YarnEntry[],
  { entry, tree }: NameContext,
): { production: string[]; development: string[] } {
  const root = parentOf(entry.path);
  const manifest = manifestIn(tree, root) ?? {};
  const { workspaces } = manifest;
  const patterns = asList(Array.isArray(workspaces) ? workspaces : asObject(workspaces)['packages']).map(String);
  const folders = workspaceFolders(tree, root, patterns);
  if (folders === undefined) return { production: entries.flatMap((one) => one.patterns), development: [] };
  const members = new Map(folders.map((folder) => [folder, manifestIn(tree, folder)]));
  const manifests = [manifest, ...[...members.values()].filter((one) => one !== undefined)];
  const unseen = entries.filter((one) => {
    const place = workspaceOf(one);
    return place !== undefined && members.get(normalPath(childOf(root, place))) === undefined;
  });
  const rooted = (key: string): string[] =>
    manifests.flatMap((one) =>
      Object.entries(asObject(one[key])).map(([name, range]) => patternOf(name, asText(range) ?? '')),
    );
  return {
    production: [...rooted('dependencies'), ...rooted('optionalDependencies'), ...unseen.flatMap(({ needs }) => needs)],
    development: rooted('devDependencies'),
  };
}

/** Place of a workspace of Berry below the repository. */
function workspaceOf({ resolution }: YarnEntry): string | undefined {
  const place = /.@workspace:(?<place>.+)$/.exec(resolution)?.groups?.['place'];
  return place === '.' ? undefined : place;
}

function manifestIn(tree: FileTree, folder: string): Manifest | undefined {
  const bytes = tree.read(childOf(folder, 'package.json'), 2 ** 20);
  try {
    return bytes === undefined ? undefined : asObject(JSON.parse(decodeUtf8(bytes)));
  } catch {
    // The manifest is told by its own cataloger.
    return undefined;
  }
}
