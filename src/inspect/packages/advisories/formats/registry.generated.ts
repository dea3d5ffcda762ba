// Written by `npm run gen` from what stands beside this file. Do not edit.
import { format as csafEntry } from './csaf/index.ts';
import { format as debianListsEntry } from './debian-lists/index.ts';
import { format as debianSupportEntry } from './debian-support/index.ts';
import { format as debianTrackerEntry } from './debian-tracker/index.ts';
import { format as endoflifeEntry } from './endoflife/index.ts';
import { format as epssEntry } from './epss/index.ts';
import { format as kevEntry } from './kev/index.ts';
import { format as osvEntry } from './osv/index.ts';
import { format as rubysecEntry } from './rubysec/index.ts';
import { format as rustsecEntry } from './rustsec/index.ts';
import { format as secdbEntry } from './secdb/index.ts';
import type { AdvisoryFormat } from '../format.ts';

export const advisoryFormats = {
  'csaf': csafEntry,
  'debian-lists': debianListsEntry,
  'debian-support': debianSupportEntry,
  'debian-tracker': debianTrackerEntry,
  'endoflife': endoflifeEntry,
  'epss': epssEntry,
  'kev': kevEntry,
  'osv': osvEntry,
  'rubysec': rubysecEntry,
  'rustsec': rustsecEntry,
  'secdb': secdbEntry,
} as const;
export type AdvisoryFormatId = keyof typeof advisoryFormats;

// Each name is the id, and each entry fits the contract of its family.
advisoryFormats satisfies { readonly [Id in AdvisoryFormatId]: AdvisoryFormat<Id> };
