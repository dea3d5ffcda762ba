import type { KeyObject } from 'node:crypto';
import type { SignedEntity, Signer } from '@sigstore/verify';
import { messageOf } from '../../../../base/errors.ts';
import type { Micros } from '../../../../base/time.ts';
import type { CheckName } from '../../signature-scheme.ts';
import type { CheckList } from '../_checks/checks.ts';
import { entryNamesKey } from './entry-signer.ts';

/** What was proven of a bundle. */
export interface Proven {
  readonly signer?: string;
  readonly signedAt?: Micros;
}

/** One part of what the library does in one go. */
export interface Stage {
  readonly name: CheckName;
  readonly passed: string;
}

/** Runs the library once: stages before the one that its error belongs to passed, later ones were not reached. */
export function runStages(stages: readonly Stage[], work: () => Signer, checks: CheckList): Signer | undefined {
  try {
    const signer = work();
    for (const { name, passed } of stages) checks.passed(name, passed);
    return signer;
  } catch (error) {
    const failed = stageOf(error);
    const at = stages.findIndex(({ name }) => name === failed);
    for (const [index, { name, passed }] of stages.entries()) {
      if (index > at) checks.notChecked(name, `not reached: ${failed} failed`);
      // The time of a log counts only once its entry holds.
      else if (index < at && name === 'time') {
        checks.notChecked(name, `${passed}, which is not proven: ${failed} failed`);
      } else if (index < at) checks.passed(name, passed);
    }
    checks.failed(failed, messageOf(error));
    return undefined;
  }
}

function stageOf(error: unknown): CheckName {
  const code = (error as { readonly code?: unknown }).code;
  if (code === 'TIMESTAMP_ERROR') return 'time';
  if (code === 'CERTIFICATE_ERROR') return messageOf(error).includes('SCT') ? 'sct' : 'chain';
  if (code === 'PUBLIC_KEY_ERROR') return 'identity';
  if (code === 'SIGNATURE_ERROR') return 'signature';
  return typeof code === 'string' && code.startsWith('TLOG_') ? 'log' : 'format';
}

/** Each entry must be about the key of the signer. */
export function compareEntries({ tlogEntries }: SignedEntity, key: KeyObject, checks: CheckList): void {
  if (tlogEntries.every(({ canonicalizedBody }) => entryNamesKey(canonicalizedBody, key))) return;
  checks.failed('log', 'the entry names another key than that of the signer');
}
