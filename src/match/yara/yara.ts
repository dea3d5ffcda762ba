import type * as yaraX from '@litko/yara-x';
import type { RuleMatch } from '@litko/yara-x';

/** One rule that matches a file. */
export interface YaraMatch {
  readonly rule: string;
  /** From its metadata; empty when it has none. */
  readonly description: string;
  readonly reference: string;
  readonly tags: readonly string[];
  /** Identifiers of the strings that were found, with the place of the first. */
  readonly strings: readonly { readonly identifier: string; readonly offset: number }[];
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
      compiled.setMaxMatchesPerPattern(maxMatches);
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
const maxMatches = 100;

type Engine = typeof yaraX;

async function engineOrNothing(): Promise<Engine | undefined> {
  try {
    return await import('@litko/yara-x');
  } catch {
    return undefined;
  }
}

function matchOf({ ruleIdentifier, tags, meta, matches }: RuleMatch): YaraMatch {
  const strings = new Map(matches.toReversed().map(({ identifier, offset }) => [identifier, offset]));
  return {
    rule: ruleIdentifier,
    description: metaText(meta, 'description'),
    reference: metaText(meta, 'reference'),
    tags,
    strings: [...strings].map(([identifier, offset]) => ({ identifier, offset })),
  };
}

function metaText(meta: unknown, key: string): string {
  const value: unknown = typeof meta === 'object' && meta !== null ? (meta as Record<string, unknown>)[key] : undefined;
  return typeof value === 'string' ? value : '';
}

function faultOf(name: string, error: unknown): YaraFault {
  const message = error instanceof Error ? error.message : String(error);
  const line = /-->\s*line:(?<line>\d+)/.exec(message)?.groups?.['line'];
  return { name, message: message.split('\n')[0] ?? '', line: line === undefined ? undefined : Number(line) };
}
