import { newEvent, type VakthundEvent } from '../../../events/event.ts';
import { setParent, setProcess, setSysmonActor } from '../actor.ts';
import type { EventReader } from '../event-reader.ts';
import { baseName, sha256In } from '../paths.ts';
import type { MapEvent, Provider } from '../provider.ts';
import { registryEvent } from './registry-event.ts';
import { dnsQuery } from './sysmon-dns.ts';

/** Sysmon 15 for Windows and Sysmon for Linux; ids by its schema (`sysmon -s`). */
export const sysmon: Provider = {
  names: ['Microsoft-Windows-Sysmon', 'Linux-Sysmon'],
  dataset: 'sysmon',
  events: {
    1: processStarted,
    2: file('attribute', 'TargetFilename'),
    3: connection,
    5: processEnded,
    6: driverLoaded,
    7: file('load', 'ImageLoaded'),
    8: onProcess('remote-thread', 'Source', 'Target'),
    9: file('raw-read', 'Device'),
    10: onProcess('access', 'Source', 'Target'),
    11: file('create', 'TargetFilename'),
    12: registry,
    13: registry,
    14: registry,
    15: file('create-stream', 'TargetFilename'),
    17: file('pipe-create', 'PipeName'),
    18: file('pipe-connect', 'PipeName'),
    22: dnsQuery,
    23: file('delete', 'TargetFilename'),
    25: tampering,
    26: file('delete', 'TargetFilename'),
    27: file('create', 'TargetFilename', 'failure'),
    28: file('delete', 'TargetFilename', 'failure'),
    29: file('create', 'TargetFilename'),
  },
};

function processStarted(reader: EventReader): VakthundEvent {
  const event = newEvent('process');
  setSysmonActor(event, reader);
  setParent(event, reader.integer('ParentProcessId'), reader.text('ParentImage'));
  event.event_action = 'exec';
  event.event_outcome = 'success';
  event.process_command_line = reader.text('CommandLine');
  event.process_parent_command_line = reader.text('ParentCommandLine');
  event.process_working_directory = reader.text('CurrentDirectory');
  event.process_hash_sha256 = sha256In(reader.text('Hashes', 'Hash'));
  event.session_id = reader.text('LogonId');
  return event;
}

function processEnded(reader: EventReader): VakthundEvent {
  const event = newEvent('process');
  setSysmonActor(event, reader);
  event.event_action = 'exit';
  return event;
}

function tampering(reader: EventReader): VakthundEvent {
  const event = newEvent('process');
  setSysmonActor(event, reader);
  event.event_action = 'tamper';
  return event;
}

/** A process that does something to another one; both have fields with a prefix. */
function onProcess(action: string, source: string, target: string): MapEvent {
  return (reader) => {
    const event = newEvent('process');
    setProcess(event, reader.integer(`${source}ProcessId`), reader.text(`${source}Image`));
    const image = reader.text(`${target}Image`);
    event.user_name = reader.text(`${source}User`);
    event.event_action = action;
    event.target_pid = reader.integer(`${target}ProcessId`);
    event.target_name = image === null ? null : baseName(image);
    return event;
  };
}

function file(action: string, pathField: string, outcome = 'success'): MapEvent {
  return (reader) => {
    const event = newEvent('file_access');
    setSysmonActor(event, reader);
    event.event_action = action;
    event.event_outcome = outcome;
    event.file_path = reader.text(pathField);
    event.file_hash_sha256 = sha256In(reader.text('Hashes', 'Hash'));
    return event;
  };
}

function connection(reader: EventReader): VakthundEvent {
  const event = newEvent('socket');
  setSysmonActor(event, reader);
  event.event_action = reader.boolean('Initiated') === false ? 'accept' : 'connect';
  event.event_outcome = 'success';
  event.socket_family = reader.boolean('DestinationIsIpv6') === true ? 'inet6' : 'inet';
  event.source_ip = reader.ip('SourceIp');
  event.source_port = reader.integer('SourcePort');
  event.destination_ip = reader.ip('DestinationIp');
  event.destination_port = reader.integer('DestinationPort');
  event.network_transport = reader.text('Protocol')?.toLowerCase() ?? null;
  return event;
}

function driverLoaded(reader: EventReader): VakthundEvent {
  const event = newEvent('kernel_module');
  const path = reader.text('ImageLoaded');
  event.event_action = 'load';
  event.event_outcome = 'success';
  event.module_name = path === null ? null : baseName(path);
  event.file_path = path;
  event.file_hash_sha256 = sha256In(reader.text('Hashes'));
  return event;
}

const registryActions: ReadonlyMap<string, string> = new Map([
  ['CreateKey', 'key-created'],
  ['DeleteKey', 'key-deleted'],
  ['SetValue', 'value-set'],
  ['DeleteValue', 'value-deleted'],
  ['RenameKey', 'renamed'],
  ['RenameValue', 'renamed'],
]);

function registry(reader: EventReader): VakthundEvent {
  const type = reader.text('EventType') ?? '';
  const action = registryActions.get(type) ?? 'changed';
  const event = registryEvent(reader.text('TargetObject'), action, type.endsWith('Value'));
  setSysmonActor(event, reader);
  event.registry_data = reader.text('Details');
  event.registry_target_path = reader.text('NewName');
  return event;
}
