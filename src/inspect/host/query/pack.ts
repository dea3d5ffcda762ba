import { z } from 'zod';
import { VakthundError } from '../../../base/errors.ts';

/** One query of a pack (osquery, deployment/configuration). */
export interface PackQuery {
  readonly name: string;
  readonly sql: string;
  /** All rows each time, instead of what came and went. */
  readonly isSnapshot: boolean;
  /** Rows that went are told. */
  readonly tellsRemoved: boolean;
  readonly description: string;
  /** Seconds between two runs where it is scheduled. */
  readonly intervalS: number;
  /** Why it is not for this host; undefined when it is. */
  readonly skipped: string | undefined;
}

export interface Pack {
  readonly name: string;
  /** Queries that must each give a row, or the pack is not for this host. */
  readonly discovery: readonly string[];
  readonly queries: readonly PackQuery[];
}

/** osquery whose tables and functions ours stand for: queries for later ones are skipped. */
const likeVersion = [5, 20, 0];
const platforms = new Set(['linux', 'posix', 'any', 'all', '']);
const maxBytes = 16 << 20;

const textOrNumber = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const querySchema = z.object({
  query: z.string(),
  platform: z.string().optional(),
  version: textOrNumber.optional(),
  snapshot: textOrNumber.optional(),
  removed: textOrNumber.optional(),
  interval: textOrNumber.optional(),
  description: z.string().optional(),
});
const packSchema = z.object({
  platform: z.string().optional(),
  version: textOrNumber.optional(),
  discovery: z.array(z.string()).optional(),
  queries: z.record(z.string(), querySchema).optional(),
  schedule: z.record(z.string(), querySchema).optional(),
  packs: z.record(z.string(), z.unknown()).optional(),
});

/**
 * Reads a pack, or a configuration of osquery with a schedule and packs in it (packs that it names by file are not opened).
 * `distribution` is the id of os-release: packs may ask for `ubuntu`. Throws CONFIG for what is none.
 */
export function readPacks(text: string, name: string, distribution: string): Pack[] {
  if (text.length > maxBytes) throw new VakthundError('CONFIG', `the pack "${name}" is longer than ${maxBytes} bytes`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(withoutComments(text));
  } catch (error) {
    throw new VakthundError('CONFIG', `the pack "${name}" is no JSON`, { cause: error });
  }
  return packsFrom(parsed, name, distribution);
}

function packsFrom(parsed: unknown, name: string, distribution: string): Pack[] {
  const result = packSchema.safeParse(parsed);
  if (!result.success) {
    const [issue] = result.error.issues;
    const at = issue?.path.join('.') ?? '';
    throw new VakthundError('CONFIG', `the pack "${name}" is not valid at "${at}": ${issue?.message ?? ''}`);
  }
  const { data } = result;
  const whole = whySkipped(data.platform, data.version, distribution);
  const queries = Object.entries({ ...data.schedule, ...data.queries }).map(([key, query]) => ({
    name: key,
    sql: query.query,
    isSnapshot: isTrue(query.snapshot),
    tellsRemoved: query.removed === undefined || isTrue(query.removed),
    description: query.description ?? '',
    intervalS: intervalOf(query.interval),
    skipped: whole ?? whySkipped(query.platform, query.version, distribution),
  }));
  const own: Pack[] = queries.length > 0 ? [{ name, discovery: data.discovery ?? [], queries }] : [];
  const inner = Object.entries(data.packs ?? {}).filter(([, pack]) => typeof pack === 'object');
  return [...own, ...inner.flatMap(([key, pack]) => packsFrom(pack, key, distribution))];
}

/** What osquery takes; an hour for what is no such number. */
function intervalOf(text = ''): number {
  const seconds = Number(text);
  return Number.isInteger(seconds) && seconds >= 1 && seconds <= 604_800 ? seconds : 3600;
}

function whySkipped(platform = '', version = '', distribution = ''): string | undefined {
  const wanted = platform
    .toLowerCase()
    .split(',')
    .map((one) => one.trim());
  if (!wanted.some((one) => platforms.has(one) || one === distribution)) return `it is for ${platform}`;
  const parts = version.split('.').map(Number);
  for (const [index, own] of likeVersion.entries()) {
    const part = parts[index] ?? 0;
    if (part < own) return undefined;
    if (part > own) return `it needs osquery ${version}`;
  }
  return undefined;
}

function isTrue(value: string | undefined): boolean {
  return value === 'true' || value === '1';
}

/** osquery takes comments, and texts that go on in the next line behind a backslash. */
function withoutComments(text: string): string {
  return text.replaceAll(
    /(?<text>"(?:[^"\\]|\\[\s\S])*(?:"|$(?![\s\S])))|\/\/[^\n]*|\/\*[\s\S]*?\*\/|^\s*#[^\n]*/gm,
    (_all, quoted: string | undefined) => quoted?.replaceAll(/\\\r?\n/g, '') ?? '',
  );
}
