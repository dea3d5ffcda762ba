// Written by `npm run gen` from what stands beside this file. Do not edit.
import { enricher as addressesEntry } from './addresses/index.ts';
import { enricher as assetsEntry } from './assets/index.ts';
import { enricher as channelsEntry } from './channels/index.ts';
import { enricher as domainsEntry } from './domains/index.ts';
import { enricher as hardwareEntry } from './hardware/index.ts';
import { enricher as networksEntry } from './networks/index.ts';
import { enricher as prevalenceEntry } from './prevalence/index.ts';
import { enricher as secondSightingsEntry } from './second-sightings/index.ts';
import type { Enricher } from '../enricher.ts';

export const enrichers = {
  'addresses': addressesEntry,
  'assets': assetsEntry,
  'channels': channelsEntry,
  'domains': domainsEntry,
  'hardware': hardwareEntry,
  'networks': networksEntry,
  'prevalence': prevalenceEntry,
  'second-sightings': secondSightingsEntry,
} as const;
export type EnricherId = keyof typeof enrichers;

// Each name is the id, and each entry fits the contract of its family.
enrichers satisfies { readonly [Id in EnricherId]: Enricher<Id> };
