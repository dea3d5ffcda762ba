import type { Element, Value } from './writer.ts';
import { fileTime, hex, nothing, text, u16, u8 } from './values.ts';
import { number } from './values.ts';
import { types } from '../../../src/collect/sources/evtx/binxml/types.ts';

const slot = (index: number): { slot: number } => ({ slot: index });

/** An event as Windows writes most of them: `System` from values, and a fragment or named data behind it. */
export function eventTemplate(provider: string, data: readonly Element[]): Element {
  return {
    name: 'Event',
    attributes: { xmlns: 'http://schemas.microsoft.com/win/2004/08/events/event' },
    content: [
      {
        name: 'System',
        content: [
          { name: 'Provider', attributes: { Name: provider, Guid: slot(0) } },
          { name: 'EventID', content: [slot(1)] },
          { name: 'Level', content: [slot(2)] },
          { name: 'TimeCreated', attributes: { SystemTime: slot(3) } },
          { name: 'EventRecordID', content: [slot(4)] },
          { name: 'Correlation', attributes: { ActivityID: slot(5) } },
          { name: 'Channel', content: [slot(6)] },
          { name: 'Computer', content: [slot(7)] },
        ],
      },
      ...data,
    ],
  };
}

/** Values that `eventTemplate` wants first; those of the data follow from slot 8 on. */
export function systemValues(
  id: number,
  time: number,
  more: Partial<{ channel: string; computer: string }> = {},
): Value[] {
  return [
    hex(types.guid, '25968454784994' + '49a5ba3e3b0328c30d'),
    u16(id),
    u8(4),
    fileTime(time),
    number(types.uint64, 8, 77),
    nothing,
    text(more.channel ?? 'Security'),
    text(more.computer ?? 'dc1.example'),
  ];
}

/** `EventData` whose fields have the given names, from slot 8 on. */
export function namedData(...names: readonly string[]): Element {
  const content = names.map((name, index) => ({
    name: 'Data',
    attributes: { Name: name },
    content: [slot(8 + index)],
  }));
  return { name: 'EventData', content };
}
