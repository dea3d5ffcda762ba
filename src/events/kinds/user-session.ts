import { actorColumns, defineKind, ip, list, text } from '../kind.ts';

export const kind = defineKind({
  id: 'user_session',
  title: 'User session',
  description: 'A log-in, log-out, authentication, change of account or of privilege.',
  columns: {
    ...actorColumns,
    event_action: text('`login`, `logout`, `authentication`, `sudo`, `account-created`, …', 'event.action'),
    event_outcome: text('`success` or `failure`.', 'event.outcome'),
    target_user_name: text('Account acted on.', 'user.target.name'),
    target_user_id: text('Id of that account.', 'user.target.id'),
    target_group_name: text('Group acted on.', 'group.name'),
    source_ip: ip('Address that the user came from.', 'source.ip'),
    source_host: text('Host name that the user came from.', 'source.domain'),
    service: text('Service or grantors that decided.', 'service.name'),
    rule_keys: list('Keys of the audit rules that logged it.'),
  },
});
