import type { CheckList } from '../_checks/checks.ts';
import type { CheckName } from '../../signature-scheme.ts';
import type { Action } from './trust-policy.ts';

/** Writes a fault down with the consequence that the policy has for it. */
export function hold(checks: CheckList, name: CheckName, action: Action, fault: string): void {
  if (action === 'enforce') checks.failed(name, fault);
  else if (action === 'log') checks.warned(name, fault);
  else checks.notChecked(name, `the policy skips it: ${fault}`);
}
