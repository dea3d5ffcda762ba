// Written by `npm run gen` from what stands beside this file. Do not edit.
import type { ProtocolAnalyzer } from '../analyzer.ts';

export const protocols = {
} as const;
export type ProtocolId = keyof typeof protocols;

// Each name is the id, and each entry fits the contract of its family.
protocols satisfies { readonly [Id in ProtocolId]: ProtocolAnalyzer<Id> };
