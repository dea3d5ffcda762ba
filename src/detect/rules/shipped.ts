import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decodeUtf8 } from '../../base/bytes.ts';
import type { RuleText } from './rule-language.ts';

/** Folder of the rules that come with the program: one folder for each language. */
const shippedFolder = fileURLToPath(new URL('../../../content/rules/', import.meta.url));

/** Rule files of a folder and all below it, in order; files and folders that begin with `_`, and `cases`, are none. */
export function readRuleFolder(folder: string): RuleText[] {
  const texts: RuleText[] = [];
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.name.startsWith('_') || entry.name.startsWith('.') || entry.name === 'cases') continue;
    if (entry.isDirectory()) texts.push(...readRuleFolder(path));
    else if (/\.ya?ml$/i.test(entry.name)) texts.push({ path, text: decodeUtf8(readFileSync(path)) });
  }
  return texts;
}

/** The rules that are shipped in a language; none when there is no folder for it. */
export function shippedRules(language: string): RuleText[] {
  const isThere = readdirSync(shippedFolder, { withFileTypes: true }).some(
    (entry) => entry.isDirectory() && entry.name === language,
  );
  const texts = isThere ? readRuleFolder(join(shippedFolder, language)) : [];
  return texts.map((file) => ({ ...file, isFinal: true }));
}
