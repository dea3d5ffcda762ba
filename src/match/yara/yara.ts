import type * as yaraX from '@litko/yara-x';
import type { RuleMatch } from '@litko/yara-x';

/** One rule that matches a file. */
export interface YaraMatch {
  readonly rule: string;
  /** From its metadata; empty when it has none. */
  readonly description: string;
  readonly reference: string;
  readonly tags: readonly string[];
  /** All that the rule says of itself, as text, in its order; at most `maxMeta` entries of `maxMetaText` characters. */
  readonly meta: readonly (readonly [name: string, value: string])[];
  readonly strings: readonly YaraString[];
}

/** A string of a rule that was found. */
export interface YaraString {
  readonly identifier: string;
  /** Where it begins, in bytes, ascending; at most `maxPlaces`, the first ones. Never empty. */
  readonly offsets: readonly [number, ...number[]];
}

/** Compiled rules of YARA, ready for many files. */
export interface YaraRules {
  /** Rules that match the bytes, in the order of the rule files. */
  scan(bytes: Buffer): YaraMatch[];
}

export interface YaraFault {
  /** Name of the rule file. */
  readonly name: string;
  readonly message: string;
  readonly line: number | undefined;
}

export interface YaraLoad {
  /** Undefined when nothing could be compiled. */
  readonly rules: YaraRules | undefined;
  /** Files that were left out, and why. */
  readonly faults: readonly YaraFault[];
}

/** Undefined when the engine of YARA, an optional part, is not installed here. */
export async function loadYara(
  files: readonly { readonly name: string; readonly text: string }[],
): Promise<YaraLoad | undefined> {
  const engine = await engineOrNothing();
  if (engine === undefined) return undefined;
  const faults: YaraFault[] = [];
  const scanners: { readonly scan: YaraRules['scan'] }[] = [];
  for (const { name, text } of files) {
    try {
      const compiled = engine.compile(text, { relaxedReSyntax: true, enableIncludes: false });
      compiled.setMaxMatchesPerPattern(maxPlaces);
      scanners.push({ scan: (bytes) => (compiled.scan(bytes) as RuleMatch[]).map(matchOf) });
    } catch (error) {
      faults.push(faultOf(name, error));
    }
  }
  const rules =
    scanners.length === 0 ? undefined : { scan: (bytes: Buffer) => scanners.flatMap(({ scan }) => scan(bytes)) };
  return { rules, faults };
}

/** Places kept for one string of a rule. */
const maxPlaces = 100;
const maxMeta = 50;
const maxMetaText = 500;

type Engine = typeof yaraX;

async function engineOrNothing(): Promise<Engine | undefined> {
  try {
    return await import('@litko/yara-x');
  } catch {
    return undefined;
  }
}

function matchOf({ ruleIdentifier, tags, meta, matches }: RuleMatch): YaraMatch {
  const said = metaOf(meta);
  const strings = new Map<string, [number, ...number[]]>();
  for (const { identifier, offset } of matches) {
    const offsets = strings.get(identifier);
    if (offsets === undefined) strings.set(identifier, [offset]);
    else if (offsets.length < maxPlaces) offsets.push(offset);
  }
  const textOf = (key: string): string => said.find(([name]) => name === key)?.[1] ?? '';
  return {
    rule: ruleIdentifier,
    description: textOf('description'),
    reference: textOf('reference'),
    tags,
    meta: said,
    strings: [...strings].map(([identifier, offsets]) => ({ identifier, offsets })),
  };
}

/** Entries that are text or numbers; the engine hands over no other ones. */
function metaOf(meta: object): [name: string, value: string][] {
  const entries = Object.entries(meta).filter(([, value]) => typeof value === 'string' || typeof value === 'number');
  return entries.slice(0, maxMeta).map(([name, value]) => [name, String(value).slice(0, maxMetaText)]);
}

function faultOf(name: string, error: unknown): YaraFault {
  const message = error instanceof Error ? error.message : String(error);
  const line = /-->\s*line:(?<line>\d+)/.exec(message)?.groups?.['line'];
  return { name, message: message.split('\n')[0] ?? '', line: line === undefined ? undefined : Number(line) };
}
