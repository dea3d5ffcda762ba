import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suppressionsFile } from '../../../case/suppressions.ts';
import type { GuardedPath, GuardedRole } from '../../../collect/guarded.ts';
import { settingsFilesOf, settingsOf, type GlobalOptions } from '../../context.ts';
import { ownUnit, unitFiles } from './unit-files.ts';

const home = fileURLToPath(new URL('../../../../', import.meta.url));

/** Packages that bring Node: of their thousands of files only the program that runs counts. */
const nodePackages = /(?:^|\/)node-(?:linux|darwin)-[\w-]+$/;

export interface GuardedOptions extends GlobalOptions {
  readonly rules: readonly string[];
  readonly indicators: readonly string[];
  readonly pack: readonly string[];
  readonly webhookTokenFile?: string;
  readonly smtpPasswordFile?: string;
  readonly listenTokenFile?: string;
}

/**
 * What nobody should change while a watch runs: this program with the libraries that it uses and the Node that runs it, rules, lists and packs, settings
 * and secrets, the unit that starts it, and of the case its store, its baseline and its suppressions.
 */
export async function guardedPaths(options: GuardedOptions): Promise<GuardedPath[]> {
  const { settings } = await settingsOf(options);
  const { rules, indicators, pack, webhookTokenFile, smtpPasswordFile, listenTokenFile } = options;
  const secrets = [webhookTokenFile, smtpPasswordFile, listenTokenFile].filter((path) => path !== undefined);
  const folder = resolve(options.case);
  const all: readonly (readonly [GuardedRole, readonly string[]])[] = [
    ['program', [...['src', 'dist', 'vakthund', 'package.json'].map(ofHome), ...libraries(), process.execPath]],
    ['rules', [ofHome('content'), ...rules, ...indicators, ...pack, ...settings.rules.pipelines]],
    ['settings', [...settingsFilesOf(options).map(({ path }) => path), ...secrets]],
    ['settings', [...settings.mappings, ...settings.assets]],
    ['unit', unitFiles(ownUnit())],
    ['baseline', [join(folder, 'baseline')]],
    ['suppressions', [suppressionsFile(folder)]],
    ['store', [join(folder, 'case.duckdb')]],
  ];
  return all.flatMap(([role, paths]) => paths.map((path) => ({ path: resolve(path), role })));
}

function ofHome(name: string): string {
  return join(home, name);
}

/** Those that npm installed for running; none where it left no list of them. */
function libraries(): string[] {
  try {
    const text = readFileSync(ofHome('node_modules/.package-lock.json'), 'utf8');
    const { packages } = JSON.parse(text) as { packages: Record<string, { dev?: boolean; devOptional?: boolean }> };
    return Object.entries(packages)
      .filter(([name, { dev, devOptional }]) => dev !== true && devOptional !== true && !nodePackages.test(name))
      .map(([name]) => ofHome(name));
  } catch {
    return [];
  }
}
