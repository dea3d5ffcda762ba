import { newEvent, type EventOf, type VakthundEvent } from '../../../events/event.ts';
import { setProcess, setSubject } from '../actor.ts';
import type { EventReader } from '../event-reader.ts';
import type { MapEvent } from '../provider.ts';

/** 4624, 4625: somebody logged on, or tried to. `session_id` is the new session. */
export function logon(outcome: string): MapEvent {
  return (reader) => {
    const event = session(reader, 'login', outcome);
    event.session_id = reader.text('TargetLogonId') ?? event.session_id;
    event.source_ip = reader.ip('IpAddress');
    event.source_host = reader.text('WorkstationName');
    event.service = reader.text('AuthenticationPackageName', 'LogonProcessName');
    setProcess(event, reader.integer('ProcessId'), reader.text('ProcessName'));
    return event;
  };
}

export function logoff(reader: EventReader): VakthundEvent {
  const event = session(reader, 'logout', 'success');
  event.session_id = reader.text('TargetLogonId');
  return event;
}

/** 4648: a process used the credentials of another account. */
export function otherLogon(reader: EventReader): VakthundEvent {
  const event = session(reader, 'explicit-credentials', 'success');
  event.source_ip = reader.ip('IpAddress');
  event.service = reader.text('TargetServerName');
  setProcess(event, reader.integer('ProcessId'), reader.text('ProcessName'));
  return event;
}

/** 4672: a session began with the privileges of an administrator. */
export function privileges(reader: EventReader): VakthundEvent {
  return session(reader, 'privileges-assigned', 'success');
}

/** 4768, 4769, 4771: Kerberos, on a domain controller. A status other than zero is a refusal. */
export function ticket(reader: EventReader): VakthundEvent {
  const status = reader.text('Status', 'FailureCode') ?? '0x0';
  const event = session(reader, 'kerberos-ticket', Number(status) === 0 ? 'success' : 'failure');
  event.source_ip = reader.ip('IpAddress');
  event.service = reader.text('ServiceName');
  return event;
}

/** 4776: a password was checked (NTLM). */
export function validation(reader: EventReader): VakthundEvent {
  const event = session(reader, 'authentication', Number(reader.text('Status') ?? '0') === 0 ? 'success' : 'failure');
  event.source_host = reader.text('Workstation');
  event.service = reader.text('PackageName');
  return event;
}

function session(reader: EventReader, action: string, outcome: string): EventOf<'user_session'> {
  const event = newEvent('user_session');
  setSubject(event, reader);
  event.event_action = action;
  event.event_outcome = outcome;
  event.target_user_name = reader.account('TargetUserName', 'TargetDomainName');
  event.target_user_id = reader.text('TargetUserSid', 'TargetSid');
  return event;
}
