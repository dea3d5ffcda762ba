/** Parts of a scheduled task's definition (Task Scheduler schema); null where it does not say. */
export interface TaskDefinition {
  readonly command: string | null;
  readonly arguments: string | null;
  readonly user: string | null;
  readonly isHidden: boolean | null;
  /** Kinds of its triggers: `BootTrigger, LogonTrigger`. */
  readonly triggers: string | null;
}

/** Characters of a definition that are looked at; a record has no room for more. */
const maxLength = 65_536;

/**
 * Reads the few elements that matter here by searching for them. The text is an attacker's to choose, so that nothing but
 * fixed texts is searched for: no XML reader with entities is let near it.
 */
export function readTask(xml: string): TaskDefinition {
  const text = xml.slice(0, maxLength);
  const hidden = elementText(text, 'Hidden');
  return {
    command: elementText(text, 'Command') ?? elementText(text, 'ClassId'),
    arguments: elementText(text, 'Arguments'),
    user: elementText(text, 'UserId') ?? elementText(text, 'GroupId'),
    isHidden: hidden === null ? null : hidden.toLowerCase() === 'true',
    triggers: triggersIn(text),
  };
}

/** Content of the first element of a name that has text only. */
function elementText(xml: string, name: string): string | null {
  const open = `<${name}>`;
  const start = xml.indexOf(open);
  const end = start < 0 ? -1 : xml.indexOf(`</${name}>`, start);
  if (end < 0) return null;
  const text = xml.slice(start + open.length, end).trim();
  return text === '' ? null : unescaped(text);
}

const kinds = [
  'BootTrigger',
  'RegistrationTrigger',
  'IdleTrigger',
  'TimeTrigger',
  'EventTrigger',
  'LogonTrigger',
  'SessionStateChangeTrigger',
  'CalendarTrigger',
] as const;

function triggersIn(xml: string): string | null {
  const found = kinds.filter((kind) => xml.includes(`<${kind}>`) || xml.includes(`<${kind} `));
  return found.length === 0 ? null : found.join(', ');
}

function unescaped(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');
}
