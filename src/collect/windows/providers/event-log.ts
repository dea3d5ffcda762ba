import { newEvent, type VakthundEvent } from '../../../events/event.ts';
import type { EventReader } from '../event-reader.ts';
import type { Provider } from '../provider.ts';

/** The event log service about itself: a log was cleared (1102 Security, 104 any other), or records were lost. */
export const eventLog: Provider = {
  names: ['Microsoft-Windows-Eventlog'],
  dataset: 'eventlog',
  events: { 104: cleared, 1102: cleared },
};

function cleared(reader: EventReader): VakthundEvent {
  const event = newEvent('alert');
  const user = reader.account('SubjectUserName', 'SubjectDomainName');
  const channel = reader.text('UserData_Channel', 'EventData_Channel', 'Channel') ?? 'event';
  event.rule_id = reader.text('EventID');
  event.rule_name = 'event log cleared';
  event.rule_ruleset = 'Microsoft-Windows-Eventlog';
  event.rule_severity = 'high';
  event.event_action = 'logged';
  event.message = `${user ?? 'somebody'} cleared the log ${channel}`;
  event.threat_technique_id = ['T1070.001'];
  event.user_name = user;
  event.session_id = reader.text('SubjectLogonId');
  return event;
}
