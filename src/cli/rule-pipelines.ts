import { resolve } from 'node:path';
import type { Command } from 'commander';
import { settingsOf, type GlobalOptions } from './context.ts';

export interface PipelineOptions extends GlobalOptions {
  readonly pipeline: readonly string[];
}

const collect = (value: string, previous: readonly string[]): readonly string[] => [...previous, value];

/** The option of every command that loads rule files. */
export function addPipelines(command: Command): Command {
  return command.option('--pipeline <file>', 'processing pipeline for Sigma rules (repeatable)', collect, []);
}

/** The processing pipelines of the settings, and those that were named. */
export async function pipelinesOf(options: PipelineOptions): Promise<string[]> {
  const { settings } = await settingsOf(options);
  return [...settings.rules.pipelines, ...options.pipeline.map((path) => resolve(path))];
}
