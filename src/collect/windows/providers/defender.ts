import { newEvent, type EventOf, type VakthundEvent } from '../../../events/event.ts';
import { setProcess } from '../actor.ts';
import type { EventReader } from '../event-reader.ts';
import type { MapEvent, Provider } from '../provider.ts';

/** Microsoft Defender Antivirus: what it found, what it did about it, and that it was switched off. */
export const defender: Provider = {
  names: ['Microsoft-Windows-Windows Defender', 'Microsoft-Windows-Microsoft Antimalware'],
  dataset: 'defender',
  events: {
    1006: found('logged'),
    1007: found('blocked'),
    1015: found('logged'),
    1116: found('logged'),
    1117: found('blocked'),
    1118: found('logged'),
    1119: found('logged'),
    1121: found('blocked'),
    1122: found('logged'),
    5001: weakened('real-time protection was switched off'),
    5007: changed,
    5010: weakened('scanning for malware was switched off'),
    5012: weakened('scanning for viruses was switched off'),
  },
};

/** Severities of a threat by Defender's numbers. */
const severities: ReadonlyMap<number, string> = new Map([
  [1, 'low'],
  [2, 'medium'],
  [4, 'high'],
  [5, 'critical'],
]);

/** Field names have blanks in them. */
function found(action: string): MapEvent {
  return (reader) => {
    const event = newAlert(reader, reader.text('Threat Name', 'ID') ?? 'threat found');
    event.rule_id = reader.text('Threat ID', 'ID', 'EventID');
    event.rule_category = reader.text('Category Name');
    event.rule_severity = severities.get(reader.integer('Severity ID') ?? 0) ?? 'medium';
    event.event_severity = reader.text('Severity Name');
    event.event_action = action;
    event.file_path = reader.text('Path');
    event.user_name = reader.text('Detection User', 'User');
    setProcess(event, null, reader.text('Process Name'));
    return event;
  };
}

function weakened(what: string): MapEvent {
  return (reader) => {
    const event = newAlert(reader, what);
    event.rule_severity = 'high';
    event.threat_technique_id = ['T1562.001'];
    return event;
  };
}

/** A setting was changed; an exclusion takes something out of its sight. */
function changed(reader: EventReader): VakthundEvent | undefined {
  const value = reader.text('New Value') ?? '';
  if (!value.includes('\\Exclusions\\')) return undefined;
  const event = newAlert(reader, 'an exclusion was added');
  event.rule_severity = 'medium';
  event.message = value;
  event.threat_technique_id = ['T1562.001'];
  return event;
}

function newAlert(reader: EventReader, name: string): EventOf<'alert'> {
  const event = newEvent('alert');
  event.rule_id = reader.text('EventID');
  event.rule_name = name;
  event.rule_ruleset = 'Microsoft Defender Antivirus';
  event.event_action = 'logged';
  event.message = reader.text('Message') ?? name;
  return event;
}
