import { newEvent, type VakthundEvent } from '../../../events/event.ts';
import { setParent, setProcess, setSubject } from '../actor.ts';
import type { EventReader } from '../event-reader.ts';
import type { MapEvent } from '../provider.ts';

/** 4688. `ProcessId` is the parent's; the command line is there only when the audit policy asks for it. */
export function processStarted(reader: EventReader): VakthundEvent {
  const event = newEvent('process');
  setSubject(event, reader);
  setProcess(event, reader.integer('NewProcessId'), reader.text('NewProcessName'));
  setParent(event, reader.integer('ProcessId'), reader.text('ParentProcessName'));
  event.user_name = userOf(reader) ?? event.user_name;
  event.event_action = 'exec';
  event.event_outcome = 'success';
  event.process_command_line = reader.text('CommandLine');
  return event;
}

/** The account that it runs as, where that is another one than the account that started it. */
function userOf(reader: EventReader): string | null {
  return reader.text('TargetUserSid') === 'S-1-0-0' ? null : reader.account('TargetUserName', 'TargetDomainName');
}

export function processEnded(reader: EventReader): VakthundEvent {
  const event = newEvent('process');
  setSubject(event, reader);
  setProcess(event, reader.integer('ProcessId'), reader.text('ProcessName'));
  event.event_action = 'exit';
  event.process_exit_code = reader.integer('Status');
  return event;
}

const transports: ReadonlyMap<number, string> = new Map([
  [1, 'icmp'],
  [6, 'tcp'],
  [17, 'udp'],
  [58, 'icmp'],
]);
/** `Direction` is a text of the message file: %%14592 inbound, %%14593 outbound. */
const inbound = '%%14592';

/** 5156, 5157: the filtering platform let a connection pass, or blocked it. Inbound, the destination is this machine. */
export function connection(outcome: string): MapEvent {
  return (reader) => {
    const event = newEvent('socket');
    setProcess(event, reader.integer('ProcessId', 'ProcessID'), reader.text('Application'));
    const direction = reader.text('Direction');
    event.event_action = direction === inbound || direction === 'Inbound' ? 'accept' : 'connect';
    event.event_outcome = outcome;
    event.source_ip = reader.ip('SourceAddress');
    event.source_port = reader.integer('SourcePort');
    event.destination_ip = reader.ip('DestAddress');
    event.destination_port = reader.integer('DestPort');
    event.network_transport = transports.get(reader.integer('Protocol') ?? -1) ?? null;
    event.socket_family = event.destination_ip?.includes(':') === true ? 'inet6' : 'inet';
    return event;
  };
}
