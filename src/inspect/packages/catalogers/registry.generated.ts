// Written by `npm run gen` from what stands beside this file. Do not edit.
import { cataloger as apkEntry } from './apk/index.ts';
import { cataloger as dpkgEntry } from './dpkg/index.ts';
import { cataloger as rpmEntry } from './rpm/index.ts';
import type { Cataloger } from '../cataloger.ts';

export const catalogers = {
  'apk': apkEntry,
  'dpkg': dpkgEntry,
  'rpm': rpmEntry,
} as const;
export type CatalogerId = keyof typeof catalogers;

// Each name is the id, and each entry fits the contract of its family.
catalogers satisfies { readonly [Id in CatalogerId]: Cataloger<Id> };
