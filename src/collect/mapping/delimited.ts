import { newEvent, type EventRow } from '../../events/event.ts';
import type { Mapping } from '../../events/mapping.ts';
import { alwaysTaken, narrowEntries, takenPaths } from '../../events/readers.ts';
import type { DelimitedLayout } from '../../store/bulk.ts';
import { Cells } from './cells.ts';
import { compileReader, type OnBadValue, type PathReader } from './combine.ts';
import { cellReader } from './cell-readers.ts';
import { cellJson } from './cell-text.ts';

export interface DelimitedReader {
  /**
   * The event of the line `bytes[start, end)`, or undefined when the line has not as many cells as there are columns.
   * Bad values as in `compileMapping`.
   */
  read(bytes: Buffer, start: number, end: number, onBad: OnBadValue): EventRow | undefined;
}

/**
 * Makes a mapping a function from a line of delimited text to an event, straight from its bytes: no object stands
 * between the line and the event. Gives what `compileMapping` gives for an object with the same names and texts.
 */
export function compileDelimited(mapping: Mapping, layout: DelimitedLayout): DelimitedReader {
  const indexes = new Map(layout.columns.map((column, index) => [column.name, index]));
  const all = narrowEntries(mapping, new Set(indexes.keys()));
  const entries = all.filter(([, reader]) => !('constant' in reader));
  const template = newEvent(mapping.kind) as EventRow;
  for (const [name, reader] of all) if ('constant' in reader) template[name] = reader.constant;
  const names = entries.map(([name]) => name);
  const parts = {
    always: alwaysTaken(entries),
    path: (reader: PathReader) => cellReader(reader, indexes.get(reader.path) ?? 0, layout),
  };
  const reads = entries.map(([, reader]) => compileReader<Cells>(reader, parts));
  const leftover = compileLeftover(mapping, layout);
  const cells = new Cells(layout);
  const columnCount = layout.columns.length;
  const kept: string[] = [];
  return {
    read(bytes, start, end, onBad) {
      if (cells.split(bytes, start, end) !== columnCount) return undefined;
      const row = { ...template };
      kept.length = 0;
      for (let index = 0; index < reads.length; index++) {
        const value = reads[index]?.(cells, kept, onBad);
        if (value !== null && value !== undefined) row[names[index] as string] = value;
      }
      const fields = leftover(cells, kept);
      if (fields !== null) row['fields'] = fields;
      return row;
    },
  };
}

/** `fields`: the columns that no reader takes, and those that one names but did not take in this line. */
function compileLeftover(
  mapping: Mapping,
  layout: DelimitedLayout,
): (cells: Cells, kept: readonly string[]) => string | null {
  const taken = new Set(takenPaths(mapping));
  const member = layout.columns.map((column) => `${JSON.stringify(column.name)}:`);
  const toJson = layout.columns.map((column) => cellJson(column, layout));
  const indexes = layout.columns.map((_column, index) => index);
  const untaken = indexes.filter((index) => !taken.has(layout.columns[index]?.name ?? ''));
  const textOf = (cells: Cells, wanted: readonly number[]): string | null => {
    let text = '';
    for (const index of wanted) {
      if (cells.isSet(index)) text += `${text === '' ? '{' : ','}${member[index]}${toJson[index]?.(cells, index)}`;
    }
    return text === '' ? null : `${text}}`;
  };
  return (cells, kept) => {
    if (kept.length === 0) return untaken.length === 0 ? null : textOf(cells, untaken);
    return textOf(
      cells,
      indexes.filter((index) => untaken.includes(index) || kept.includes(layout.columns[index]?.name ?? '')),
    );
  };
}
