import { pathSigns } from '../paths.ts';
import type { Sign } from '../technique.ts';
import { decodeParts } from './decode.ts';
import { contentPatterns } from './patterns.ts';
import { plainText } from './plain.ts';
import { programsIn } from './programs.ts';

/** Characters of a text that are looked at, half at each end: start-up files are short, and the longest honest ones are packaged. */
const maxText = 2 ** 18;
/** Encodings in encodings that are opened. */
const maxDepth = 4;
/** Characters of a hit that are shown. */
const maxShown = 120;

/** What a text says about itself: commands, tricks and encodings that honest start-up files rarely hold. Each sign once. */
export function contentSigns(text: string): Sign[] {
  const signs = new Map<string, Sign>();
  if (text.length <= maxText) look(text, '', 0, signs);
  else {
    add(signs, { what: 'is longer than start-up files are', value: `${text.length} characters`, weight: 0.1 });
    look(`${text.slice(0, maxText / 2)}\n${text.slice(-maxText / 2)}`, '', 0, signs);
  }
  return [...signs.values()];
}

function look(text: string, where: string, depth: number, signs: Map<string, Sign>): void {
  const plain = plainText(text);
  for (const { what, pattern, weight } of contentPatterns) {
    const hit = pattern.exec(plain) ?? pattern.exec(text);
    if (hit !== null) add(signs, { what: what + where, value: shown(hit[0]), weight });
  }
  for (const { path } of programsIn(plain)) {
    if (!path.startsWith('/')) continue;
    for (const sign of pathSigns(path)) add(signs, { ...sign, what: sign.what + where });
  }
  if (depth >= maxDepth) return;
  for (const { how, text: inner } of decodeParts(text)) {
    const before = signs.size;
    look(inner, ` inside ${how}`, depth + 1, signs);
    // An encoded text that holds nothing odd is an argument like any other.
    if (signs.size > before) add(signs, { what: `hides commands as ${how}`, value: shown(inner), weight: 0.5 });
  }
}

function add(signs: Map<string, Sign>, sign: Sign): void {
  if (!signs.has(sign.what)) signs.set(sign.what, sign);
}

function shown(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > maxShown ? `${line.slice(0, maxShown)}…` : line;
}
