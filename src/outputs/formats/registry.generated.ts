// Written by `npm run gen` from what stands beside this file. Do not edit.
import { output as csvEntry } from './csv/index.ts';
import { output as htmlEntry } from './html/index.ts';
import { output as jsonEntry } from './json/index.ts';
import { output as markdownEntry } from './markdown/index.ts';
import { output as ocsfEntry } from './ocsf/index.ts';
import { output as sarifEntry } from './sarif/index.ts';
import { output as stixEntry } from './stix/index.ts';
import { output as terminalEntry } from './terminal/index.ts';
import { output as timesketchEntry } from './timesketch/index.ts';
import type { Output } from '../output.ts';

export const outputs = {
  'csv': csvEntry,
  'html': htmlEntry,
  'json': jsonEntry,
  'markdown': markdownEntry,
  'ocsf': ocsfEntry,
  'sarif': sarifEntry,
  'stix': stixEntry,
  'terminal': terminalEntry,
  'timesketch': timesketchEntry,
} as const;
export type OutputId = keyof typeof outputs;

// Each name is the id, and each entry fits the contract of its family.
outputs satisfies { readonly [Id in OutputId]: Output<Id> };
