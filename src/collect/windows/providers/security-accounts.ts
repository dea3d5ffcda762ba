import { newEvent } from '../../../events/event.ts';
import { setSubject } from '../actor.ts';
import type { MapEvent } from '../provider.ts';

/** An account was created, changed, locked or deleted. */
export function account(action: string): MapEvent {
  return (reader) => {
    const event = newEvent('user_session');
    setSubject(event, reader);
    event.event_action = action;
    event.event_outcome = 'success';
    event.target_user_name = reader.account('TargetUserName', 'TargetDomainName') ?? reader.text('NewTargetUserName');
    event.target_user_id = reader.text('TargetSid');
    return event;
  };
}

/** A member was added to a group or taken out of it; local groups often know the member only by its identifier. */
export function groupMember(action: string): MapEvent {
  return (reader) => {
    const event = newEvent('user_session');
    setSubject(event, reader);
    event.event_action = action;
    event.event_outcome = 'success';
    event.target_group_name = reader.account('TargetUserName', 'TargetDomainName');
    event.target_user_name = reader.text('MemberName');
    event.target_user_id = reader.text('MemberSid');
    return event;
  };
}
