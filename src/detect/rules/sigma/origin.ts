import { stableId } from '../../../base/id.ts';
import type { Logsource, SigmaCorrelation, SigmaRule } from './model.ts';

/** `windows/process_creation`, `linux/auditd`: product, category and service as far as they are named. */
export function originOf({ product, category, service }: Logsource): string {
  return [product, category, service].filter((part) => part !== undefined).join('/');
}

/** A rule without a UUID gets an id from its name or title, which stays the same as long as that does. */
export function ruleId(document: SigmaRule | SigmaCorrelation): string {
  return document.id ?? document.name ?? stableId('', ['sigma', document.title]);
}
