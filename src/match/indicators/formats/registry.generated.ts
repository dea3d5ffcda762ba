// Written by `npm run gen` from what stands beside this file. Do not edit.
import type { IndicatorFormat } from '../format.ts';

export const formats = {
} as const;
export type FormatId = keyof typeof formats;

// Each name is the id, and each entry fits the contract of its family.
formats satisfies { readonly [Id in FormatId]: IndicatorFormat<Id> };
