import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { VakthundError } from '../base/errors.ts';
import { createLogger, type LogLevel, type Logger } from '../base/logger.ts';
import type { CaseService } from '../case/service.ts';
import type { LoadedSettings, SettingsFile } from '../config/load.ts';
import type { Terminal } from './terminal.ts';

export interface GlobalOptions {
  readonly case: string;
  readonly config?: string;
  readonly logLevel: LogLevel;
  readonly logFormat: 'text' | 'json';
}

export function loggerOf(options: GlobalOptions, terminal: Terminal): Logger {
  return createLogger({
    level: terminal.quiet ? 'error' : options.logLevel,
    format: options.logFormat,
    write: (line) => terminal.talk(line),
  });
}

/** Settings from the user's file, the case's file and a named one, in that order. */
export async function settingsOf(options: GlobalOptions): Promise<LoadedSettings> {
  const { loadSettings } = await import('../config/load.ts');
  return loadSettings(settingsFilesOf(options));
}

/** The files that settings come from, weakest first. */
export function settingsFilesOf(options: GlobalOptions): SettingsFile[] {
  const home = process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config');
  return [
    { path: join(home, 'vakthund', 'vakthund.yaml'), isRequired: false },
    { path: join(resolve(options.case), 'vakthund.yaml'), isRequired: false },
    ...(options.config === undefined ? [] : [{ path: resolve(options.config), isRequired: true }]),
  ];
}

/** Somebody has put something into the case before. */
export function hasCase(options: GlobalOptions): boolean {
  return existsSync(join(resolve(options.case), 'case.duckdb'));
}

/** Like `withCase`, for what only asks: a case that nobody made holds nothing, and most likely its name is mistyped. */
export function withExistingCase<T>(
  options: GlobalOptions,
  terminal: Terminal,
  work: (service: CaseService) => Promise<T>,
): Promise<T> {
  if (!hasCase(options)) {
    throw new VakthundError('NOT_FOUND', `there is no case in "${options.case}"`, {
      hint: 'vakthund investigate EVIDENCE makes one, --case DIR names another',
    });
  }
  return withCase(options, terminal, work);
}

/** Opens the case for the length of `work`, as its owner or through the process that owns it. */
export async function withCase<T>(
  options: GlobalOptions,
  terminal: Terminal,
  work: (service: CaseService) => Promise<T>,
): Promise<T> {
  const { settings } = await settingsOf(options);
  const { openCase } = await import('../case/owner/open-case.ts');
  const { toCaseSettings } = await import('../config/settings.ts');
  const folder = resolve(options.case);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const service = await openCase({
    folder,
    settings: toCaseSettings(settings),
    logger: loggerOf(options, terminal),
    now: () => Date.now() * 1000,
    signal: terminal.signal,
  });
  try {
    return await work(service);
  } finally {
    await service.close();
  }
}
