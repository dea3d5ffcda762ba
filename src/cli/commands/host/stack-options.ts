import type { GlobalOptions } from '../../context.ts';

export interface StackOptions extends GlobalOptions {
  readonly atMost: string;
  readonly limit: string;
  readonly format: string;
}
