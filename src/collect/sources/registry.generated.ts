// Written by `npm run gen` from what stands beside this file. Do not edit.
import type { Source } from '../source.ts';

export const sources = {
} as const;
export type SourceId = keyof typeof sources;

// Each name is the id, and each entry fits the contract of its family.
sources satisfies { readonly [Id in SourceId]: Source<Id> };
