import { createHash } from 'node:crypto';
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
  /** Queries whose first rows are told with each result: which machine it was, and whose. */
  readonly decorators: readonly string[];
  readonly queries: readonly PackQuery[];
}

/** The machine that packs are read for. */
export interface PackHost {
  /** Id of os-release: packs may ask for `ubuntu`. */
  readonly distribution: string;
  /** What decides to which share of a fleet it belongs. */
  readonly hostName: string;
}

/** osquery whose tables and functions ours stand for: queries for later ones are skipped. */
const likeVersion = [5, 20, 0];
const platforms = new Set(['linux', 'posix', 'any', 'all', '']);
const maxBytes = 16 << 20;

const textOrNumber = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const restrictions = {
  platform: z.string().optional(),
  version: textOrNumber.optional(),
  shard: textOrNumber.optional(),
};
const querySchema = z.object({
  ...restrictions,
  query: z.string(),
  snapshot: textOrNumber.optional(),
  removed: textOrNumber.optional(),
  interval: textOrNumber.optional(),
  description: z.string().optional(),
});
const decoratorsSchema = z.object({
  load: z.array(z.string()).optional(),
  always: z.array(z.string()).optional(),
  interval: z.record(z.string(), z.array(z.string())).optional(),
});
const packSchema = z.object({
  ...restrictions,
  discovery: z.array(z.string()).optional(),
  decorators: decoratorsSchema.optional(),
  queries: z.record(z.string(), querySchema).optional(),
  schedule: z.record(z.string(), querySchema).optional(),
  packs: z.record(z.string(), z.unknown()).optional(),
});

/**
 * Reads a pack, or a configuration of osquery with a schedule, decorators and packs in it (packs that it names by file are not
 * opened). Throws CONFIG for what is none.
 */
export function readPacks(text: string, name: string, host: PackHost): Pack[] {
  if (text.length > maxBytes) throw new VakthundError('CONFIG', `the pack "${name}" is longer than ${maxBytes} bytes`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(withoutComments(text));
  } catch (error) {
    throw new VakthundError('CONFIG', `the pack "${name}" is no JSON`, { cause: error });
  }
  return packsFrom(parsed, name, host, []);
}

function packsFrom(parsed: unknown, name: string, host: PackHost, outer: readonly string[]): Pack[] {
  const result = packSchema.safeParse(parsed);
  if (!result.success) {
    const [issue] = result.error.issues;
    const at = issue?.path.join('.') ?? '';
    throw new VakthundError('CONFIG', `the pack "${name}" is not valid at "${at}": ${issue?.message ?? ''}`);
  }
  const { data } = result;
  const whole = whySkipped(data, host);
  const queries = Object.entries({ ...data.schedule, ...data.queries }).map(([key, query]) => ({
    name: key,
    sql: query.query,
    isSnapshot: isTrue(query.snapshot),
    tellsRemoved: query.removed === undefined || isTrue(query.removed),
    description: query.description ?? '',
    intervalS: intervalOf(query.interval),
    skipped: whole ?? whySkipped(query, host),
  }));
  const decorators = [...outer, ...decoratorsOf(data.decorators)];
  const own: Pack[] = queries.length > 0 ? [{ name, discovery: data.discovery ?? [], decorators, queries }] : [];
  const inner = Object.entries(data.packs ?? {}).filter(([, pack]) => typeof pack === 'object');
  return [...own, ...inner.flatMap(([key, pack]) => packsFrom(pack, key, host, decorators))];
}

/** All of them: each is asked with every result here, which is as often as any of them may want. */
function decoratorsOf({ load = [], always = [], interval = {} }: z.infer<typeof decoratorsSchema> = {}): string[] {
  return [...load, ...always, ...Object.values(interval).flat()];
}

/** What osquery takes; an hour for what is no such number. */
function intervalOf(text = ''): number {
  const seconds = Number(text);
  return Number.isInteger(seconds) && seconds >= 1 && seconds <= 604_800 ? seconds : 3600;
}

interface Restrictions {
  readonly platform?: string | undefined;
  readonly version?: string | undefined;
  readonly shard?: string | undefined;
}

function whySkipped(
  { platform = '', version = '', shard }: Restrictions,
  { distribution, hostName }: PackHost,
): string | undefined {
  const percent = Number(shard);
  if (percent > 0 && percent < shardOf(hostName)) return `it is for ${percent} % of the hosts`;
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

/** Where a host stands among all, in percent: the first byte of the SHA-1 of its name, as osquery reckons it. */
function shardOf(hostName: string): number {
  const [first = 0] = createHash('sha1').update(hostName).digest();
  return Math.trunc((first * 100) / 255);
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
