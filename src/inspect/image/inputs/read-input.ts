import { readYaml, type YamlDocument } from '../../../base/yaml-tree.ts';
import { Cursor } from './cursor.ts';
import { documentFormats, textFormats } from './formats.ts';
import { readJsonTree } from './json-tree.ts';
import type { SceneParts } from './scene-parts.ts';

/** Bytes of one input; `docker inspect` of a thousand containers has 10 MB. */
export const maxInputBytes = 2 ** 26;
/** YAML costs more to read, and nobody writes that much of it. */
const maxYamlBytes = 2 ** 23;

/**
 * Reads one file into the parts of a scene. False when it is none of the formats that are understood; a document that is broken gives a
 * problem, and the other documents of its file are read.
 */
export function readInput(path: string, text: string, parts: SceneParts): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const format = textFormats.find((candidate) => candidate.accepts(name, text));
  if (format !== undefined) {
    format.read(path, text, parts);
    return true;
  }
  return looksLikeDocument(name, text) && readDocuments(path, documentsOf(text), parts);
}

/** The documents of one file: false when none is of a known format. */
export function readDocuments(path: string, documents: readonly YamlDocument[], parts: SceneParts): boolean {
  let isKnown = false;
  for (const document of documents) {
    if ('fault' in document) {
      const { message, at } = document.fault;
      parts.problems.add({ code: 'bad-record', at: { path, line: at.line }, message });
      continue;
    }
    const root = Cursor.root(document.root, path);
    for (const cursor of root.node?.kind === 'list' ? root.items() : [root]) {
      if (readDocument(cursor, parts)) isKnown = true;
    }
  }
  return isKnown;
}

function readDocument(cursor: Cursor, parts: SceneParts): boolean {
  const format = documentFormats.find((candidate) => candidate.accepts(cursor));
  format?.read(cursor, parts);
  return format !== undefined;
}

function looksLikeDocument(name: string, text: string): boolean {
  return /\.(?:ya?ml|json)$/i.test(name) || /^\uFEFF?\s*(?:[[{]|---|[\w.-]+:(?:\s|$))/.test(text.slice(0, 4096));
}

function documentsOf(text: string): YamlDocument[] {
  if (/^\uFEFF?\s*[[{]/.test(text.slice(0, 4096))) {
    const document = readJsonTree(text);
    if ('root' in document) return [document];
    const lines = linesOf(text);
    if (lines !== undefined) return lines;
    if (text.length > maxYamlBytes) return [document];
    // YAML in flow style begins like JSON; what neither can read is told as JSON.
    const documents = readYaml(text, { maxBytes: maxYamlBytes, duplicateKeys: 'first' });
    return documents.some((other) => 'fault' in other) ? [document] : documents;
  }
  return readYaml(text, { maxBytes: maxYamlBytes, duplicateKeys: 'first' });
}

/** Lines of a file with one JSON object in each. */
const maxJsonLines = 10_000;

/** One document for each line, as `docker inspect --format '{{json .}}'` prints them; undefined when that is not what it is. */
function linesOf(text: string): YamlDocument[] | undefined {
  const lines = text.split('\n', maxJsonLines);
  const documents: YamlDocument[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const document = readJsonTree(line, index + 1);
    if ('fault' in document) return undefined;
    documents.push(document);
  }
  return documents;
}
