// Written by `npm run gen` from what stands beside this file. Do not edit.
import type { Analytic } from '../analytic.ts';

export const analytics = {
} as const;
export type AnalyticId = keyof typeof analytics;

// Each name is the id, and each entry fits the contract of its family.
analytics satisfies { readonly [Id in AnalyticId]: Analytic<Id> };
