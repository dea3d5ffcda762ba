import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { VakthundError } from '../../../base/errors.ts';
import { parseYaml } from '../../../base/yaml-parse.ts';
import { readSuppressionFile } from '../../../case/suppressions.ts';
import type { WhatIfRequest } from '../../../case/service.ts';
import { loadSettings } from '../../../config/load.ts';
import { settingsSchema, toCaseSettings } from '../../../config/settings.ts';
import { loadGoodRules } from '../../rule-files.ts';

const maxFileBytes = 16_000_000;
/** Other settings change what is stored, not how it is judged. */
const judged: ReadonlySet<string> = new Set(['version', 'analytics', 'zones']);

/**
 * The change that files describe: settings, suppressions in the form of the case's file, or rules, told apart by their top-level
 * keys. `present` are the settings files in force, which settings of the change are laid over. Throws `CONFIG` for an error in one.
 */
export async function readChange(
  paths: readonly string[],
  present: Parameters<typeof loadSettings>[0],
): Promise<Pick<WhatIfRequest, 'settings' | 'suppressions' | 'rules'>> {
  const groups = Map.groupBy(
    paths.map((path) => resolve(path)),
    kindOf,
  );
  const settings = groups.get('settings') ?? [];
  const rules = groups.get('rules') ?? [];
  // A rule with an error would seem to find nothing.
  await loadGoodRules(rules);
  return {
    suppressions: (groups.get('suppressions') ?? []).flatMap(readSuppressionFile),
    rules,
    ...(settings.length === 0
      ? {}
      : {
          settings: toCaseSettings(
            loadSettings([...present, ...settings.map((path) => ({ path, isRequired: true }))]).settings,
          ),
        }),
  };
}

function kindOf(path: string): 'settings' | 'suppressions' | 'rules' {
  const keys = topKeys(path);
  if (keys.includes('suppressions')) return 'suppressions';
  const known = keys.filter((key) => Object.hasOwn(settingsSchema.shape, key));
  if (known.length === 0) return 'rules';
  const idle = known.find((key) => !judged.has(key));
  if (idle === undefined) return 'settings';
  throw new VakthundError('CONFIG', `${path}: "${idle}" cannot be tried: it changes what is stored`, {
    at: { path },
    hint: 'analytics, zones, suppressions and rules can be tried',
  });
}

function topKeys(path: string): string[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new VakthundError('NOT_FOUND', `the file "${path}" cannot be read`, { cause });
  }
  if (text.length > maxFileBytes) throw new VakthundError('CONFIG', `"${path}" is too large`, { at: { path } });
  const value: unknown = parseYaml(text).toJS({ maxAliasCount: 100 });
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
}
