// Written by `npm run gen` from what stands beside this file. Do not edit.
import { scheme as cosignEntry } from './cosign/index.ts';
import { scheme as notaryEntry } from './notary/index.ts';
import { scheme as notationEntry } from './notation/index.ts';
import { scheme as sigstoreEntry } from './sigstore/index.ts';
import type { SignatureScheme } from '../signature-scheme.ts';

export const signatureSchemes = {
  'cosign': cosignEntry,
  'notary': notaryEntry,
  'notation': notationEntry,
  'sigstore': sigstoreEntry,
} as const;
export type SignatureSchemeId = keyof typeof signatureSchemes;

// Each name is the id, and each entry fits the contract of its family.
signatureSchemes satisfies { readonly [Id in SignatureSchemeId]: SignatureScheme<Id> };
