import type { Provider } from '../provider.ts';
import { account, groupMember } from './security-accounts.ts';
import { logoff, logon, otherLogon, privileges, ticket, validation } from './security-logon.ts';
import { fileAccess, objectAccess, registryValue, share } from './security-objects.ts';
import { connection, processEnded, processStarted } from './security-process.ts';
import { auditPolicy, serviceInstalled, task } from './security-system.ts';

/** The Security log: ids as Windows' own audit subcategories define them. */
export const security: Provider = {
  names: ['Microsoft-Windows-Security-Auditing'],
  dataset: 'security',
  events: {
    4624: logon('success'),
    4625: logon('failure'),
    4634: logoff,
    4647: logoff,
    4648: otherLogon,
    4656: objectAccess,
    4657: registryValue,
    4663: fileAccess,
    4672: privileges,
    4688: processStarted,
    4689: processEnded,
    4697: serviceInstalled,
    4698: task('created'),
    4699: task('deleted'),
    4700: task('enabled'),
    4701: task('disabled'),
    4702: task('updated'),
    4719: auditPolicy,
    4720: account('account-created'),
    4722: account('account-enabled'),
    4723: account('password-changed'),
    4724: account('password-changed'),
    4725: account('account-disabled'),
    4726: account('account-deleted'),
    4728: groupMember('group-member-added'),
    4729: groupMember('group-member-removed'),
    4732: groupMember('group-member-added'),
    4733: groupMember('group-member-removed'),
    4738: account('account-modified'),
    4740: account('account-locked'),
    4756: groupMember('group-member-added'),
    4757: groupMember('group-member-removed'),
    4767: account('account-unlocked'),
    4768: ticket,
    4769: ticket,
    4771: ticket,
    4776: validation,
    4781: account('account-renamed'),
    5140: share,
    5145: share,
    5156: connection('success'),
    5157: connection('failure'),
  },
};
