import { pathSigns } from './paths.ts';
import type { Sign } from './sign.ts';
import { decodeBudget, decodeParts, type DecodeBudget } from './decode.ts';
import { contentPatterns } from './patterns.ts';
import { plainText } from './plain.ts';
import { programsIn } from './programs.ts';

/** Characters of a text that are looked at, half at each end: as much as is read of a start-up file. */
const maxText = 2 ** 20;
/** Encodings in encodings that are opened. */
const maxDepth = 4;
/** Characters of a hit that are shown. */
const maxShown = 120;

/** What a text says about itself: commands, tricks and encodings that honest start-up files rarely hold. Each sign once. */
export function contentSigns(text: string): Sign[] {
  const signs = new Map<string, Sign>();
  const budget = decodeBudget();
  if (text.length <= maxText) look(text, '', 0, signs, budget);
  else {
    add(signs, { what: 'is longer than start-up files are', value: `${text.length} characters`, weight: 0.1 });
    look(`${text.slice(0, maxText / 2)}\n${text.slice(-maxText / 2)}`, '', 0, signs, budget);
  }
  if (budget.parts < 0 || budget.bytes < 0) {
    add(signs, {
      what: 'holds more encoded parts than are looked at',
      value: `${text.length} characters`,
      weight: 0.3,
    });
  }
  return [...signs.values()];
}

function look(text: string, where: string, depth: number, signs: Map<string, Sign>, budget: DecodeBudget): void {
  const plain = plainText(text);
  for (const { what, pattern, weight } of contentPatterns) {
    const hit = pattern.exec(plain) ?? (plain === text ? null : pattern.exec(text));
    if (hit !== null) add(signs, { what: what + where, value: shown(hit[0]), weight });
  }
  for (const { path } of programsIn(plain)) {
    if (!path.startsWith('/')) continue;
    for (const sign of pathSigns(path)) add(signs, { ...sign, what: sign.what + where });
  }
  if (depth >= maxDepth) return;
  for (const form of new Set([text, plain])) {
    for (const { how, text: inner } of decodeParts(form, budget)) {
      const before = signs.size;
      look(inner, ` inside ${how}`, depth + 1, signs, budget);
      // An encoded text that holds nothing odd is an argument like any other.
      if (signs.size > before) add(signs, { what: `hides commands as ${how}`, value: shown(inner), weight: 0.5 });
    }
  }
}

function add(signs: Map<string, Sign>, sign: Sign): void {
  if (!signs.has(sign.what)) signs.set(sign.what, sign);
}

function shown(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > maxShown ? `${line.slice(0, maxShown)}…` : line;
}
