// Written by `npm run gen` from what stands beside this file. Do not edit.
import { language as falcoEntry } from './falco/index.ts';
import { language as sigmaEntry } from './sigma/index.ts';
import type { RuleLanguage } from './rule-language.ts';

export const languages = {
  'falco': falcoEntry,
  'sigma': sigmaEntry,
} as const;
export type LanguageId = keyof typeof languages;

// Each name is the id, and each entry fits the contract of its family.
languages satisfies { readonly [Id in LanguageId]: RuleLanguage<Id> };
