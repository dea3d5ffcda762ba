import type { VakthundEvent } from '../../../events/event.ts';
import type { EventReader } from '../event-reader.ts';
import { logEvent } from '../log-event.ts';
import type { Provider } from '../provider.ts';

/** Windows PowerShell and PowerShell 7: script blocks, modules, and the start of an engine in the classic log. */
export const powershell: Provider = {
  names: ['Microsoft-Windows-PowerShell', 'PowerShellCore', 'PowerShell'],
  dataset: 'powershell',
  events: { 400: engine, 403: engine, 600: engine, 800: engine, 4103: command, 4104: scriptBlock },
};

/** A part of a script as it was handed to the engine, with the file that it stands in. */
function scriptBlock(reader: EventReader): VakthundEvent {
  return logEvent(reader, reader.text('ScriptBlockText'));
}

function command(reader: EventReader): VakthundEvent {
  const event = logEvent(reader, reader.text('Payload'));
  const context = contextOf(reader.text('ContextInfo') ?? '');
  event.process_command_line = context.get('host application') ?? null;
  event.user_name = context.get('user') ?? null;
  return event;
}

/** The third value of the classic log's events is the state of the engine, as lines `Name=value`. */
function engine(reader: EventReader): VakthundEvent {
  const data = reader.list('Data');
  const event = logEvent(reader, data.find((text) => text.trim() !== '') ?? null);
  const context = contextOf(data.find((text) => text.includes('HostApplication=')) ?? '');
  event.process_command_line = context.get('hostapplication') ?? null;
  event.user_name = context.get('userid') ?? null;
  return event;
}

/** Lines of a context; what a command line of several lines has behind its first stays in `fields`. */
const maxLines = 64;

function contextOf(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split('\n', maxLines)) {
    const at = line.indexOf('=');
    const name = line.slice(0, Math.max(at, 0)).trim().toLowerCase();
    const value = line.slice(at + 1).trim();
    if (name !== '' && value !== '' && !values.has(name)) values.set(name, value);
  }
  return values;
}
