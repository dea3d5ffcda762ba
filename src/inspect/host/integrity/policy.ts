import { z } from 'zod';
import { messageOf, VakthundError } from '../../../base/errors.ts';
import { yamlValue } from '../../../base/yaml-parse.ts';
import { severities } from '../../../events/finding.ts';
import { attributes, type Attribute } from './attributes.ts';
import { Globs } from './globs.ts';

const maxBytes = 1 << 20;
const pathSchema = z.string().regex(/^\/(?:[^/].*[^/]|[^/])?$/, 'a path begins with a slash and ends without one');
const ruleSchema = z.strictObject({
  path: pathSchema.describe('The path, and everything below it.'),
  attributes: z.array(z.enum(attributes)).min(1).describe('What may not change.'),
  severity: z.enum(severities).default('medium').describe('Of a change there.'),
  growing: z.boolean().default(false).describe('Files may become longer, as long as what was there stays.'),
  diff: z
    .boolean()
    .default(false)
    .describe('Keep the text of small files that everybody may read, to show changes line by line.'),
});
const policySchema = z.strictObject({
  version: z.literal(1),
  rules: z.array(ruleSchema).min(1).max(1000),
  exclude: z.array(pathSchema).max(1000).default([]),
  generated: z.array(pathSchema).max(1000).default([]),
});

export interface PolicyRule extends Omit<z.infer<typeof ruleSchema>, 'attributes'> {
  readonly attributes: ReadonlySet<Attribute>;
}

/** What is watched, and how. */
export interface Policy {
  /** As it was written: a baseline carries it. */
  readonly text: string;
  /** By path. */
  readonly rules: ReadonlyMap<string, PolicyRule>;
  /** Paths of rules that lie below no other rule's. */
  readonly roots: readonly string[];
  readonly excluded: Globs;
  readonly generated: Globs;
}

/** Reads a policy; throws CONFIG and says what is wrong with it. */
export function readPolicy(text: string, name: string): Policy {
  if (text.length > maxBytes) {
    throw new VakthundError('CONFIG', `the policy "${name}" is longer than ${maxBytes} bytes`);
  }
  let parsed: unknown;
  try {
    parsed = yamlValue(text);
  } catch (error) {
    throw new VakthundError('CONFIG', `the policy "${name}" is no YAML: ${messageOf(error)}`, { cause: error });
  }
  const result = policySchema.safeParse(parsed);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new VakthundError('CONFIG', `the policy "${name}" is wrong at ${issue?.path.join('.')}: ${issue?.message}`);
  }
  const { rules, exclude, generated } = result.data;
  const byPath = new Map(rules.map((rule) => [rule.path, { ...rule, attributes: new Set(rule.attributes) }]));
  const roots = [...byPath.keys()].filter((path) => ![...byPath.keys()].some((other) => isBelow(path, other)));
  return { text, rules: byPath, roots: roots.sort(), excluded: new Globs(exclude), generated: new Globs(generated) };
}

/** The rule of a path: the one with the longest path that it is or lies below. */
export function ruleOf(policy: Policy, path: string): PolicyRule | undefined {
  for (let at = path; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
    const rule = policy.rules.get(at);
    if (rule !== undefined) return rule;
  }
  return policy.rules.get('/');
}

function isBelow(path: string, other: string): boolean {
  return path !== other && (other === '/' || path.startsWith(`${other}/`));
}
