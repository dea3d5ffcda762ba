import type { GlobalOptions } from '../../context.ts';

export interface QueryOptions extends GlobalOptions {
  readonly root?: string;
  readonly bundle?: string;
  readonly image?: string;
  readonly pack: readonly string[];
  readonly state?: string;
  readonly format: 'table' | 'json' | 'csv' | 'osquery';
  readonly timeout: string;
  readonly limit: string;
}
