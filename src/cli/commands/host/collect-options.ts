import type { GlobalOptions } from '../../context.ts';

export interface CollectCommandOptions extends GlobalOptions {
  readonly output: string;
  readonly root?: string;
  readonly logs: boolean;
  readonly maxFile: string;
  readonly maxSize: string;
  readonly timeout: string;
  readonly key?: string;
}
