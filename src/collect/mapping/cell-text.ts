import { formatIso } from '../../base/time.ts';
import type { DelimitedColumn, DelimitedLayout } from '../../store/bulk.ts';
import type { Cells } from './cells.ts';
import { booleanOf, secondsOf } from './convert.ts';
import { undoEscapes } from './escapes.ts';

/** Text of a cell that is set: the mark for an empty string read, the escapes of text columns undone. */
export function cellText(column: DelimitedColumn, empty: string): (cells: Cells, cell: number) => string {
  const { isText, json } = column;
  return (cells, cell) => {
    const text = cells.text(cell);
    if (text === empty) return '';
    if (isText) return cells.isPlain || !text.includes('\\') ? text : undoEscapes(text);
    return json === 'number' ? numberText(text) : text;
  };
}

const zero = 0x30;
const point = 0x2e;

/** A number's text without the zeros that only its format adds: `5.000000` is `5`, as it is where a log is JSON. */
function numberText(text: string): string {
  if (!/^[0-9]+[.][0-9]+$/.test(text)) return text;
  let end = text.length;
  while (text.charCodeAt(end - 1) === zero) end--;
  return text.slice(0, text.charCodeAt(end - 1) === point ? end - 1 : end);
}

/** Entries of a list cell that is set; those that are not set are left out. */
export function cellEntries(
  column: DelimitedColumn,
  layout: Pick<DelimitedLayout, 'unset' | 'empty' | 'listSeparator'>,
): (cells: Cells, cell: number) => string[] {
  const { unset, empty, listSeparator } = layout;
  const entryText = (entry: string): string => {
    if (entry === empty) return '';
    if (column.isText) return entry.includes('\\') ? undoEscapes(entry) : entry;
    return column.json === 'number' ? numberText(entry) : entry;
  };
  return (cells, cell) => {
    const text = cells.text(cell);
    if (text === empty) return [];
    return text
      .split(listSeparator)
      .filter((entry) => entry !== unset)
      .map(entryText);
  };
}

/** JSON text of a cell that is set, for `fields`. What is not written as its type says stands there as text. */
export function cellJson(column: DelimitedColumn, layout: DelimitedLayout): (cells: Cells, cell: number) => string {
  const json = jsonOf(column.json);
  // Numbers keep their spelling here: `fields` takes more digits than a number of ours holds.
  const spelled = column.json === 'number' ? { name: column.name, isList: column.isList, isText: false } : column;
  if (column.isList) {
    const entries = cellEntries(spelled, layout);
    return (cells, cell) => `[${entries(cells, cell).map(json).join(',')}]`;
  }
  const text = cellText(spelled, layout.empty);
  return (cells, cell) => json(text(cells, cell));
}

function jsonOf(type: DelimitedColumn['json']): (text: string) => string {
  switch (type) {
    case 'number':
      return (text) => (text.length < maxNumberLength && jsonNumber.test(text) ? text : JSON.stringify(text));
    case 'boolean':
      return (text) => JSON.stringify(booleanOf(text) ?? text);
    case 'time':
      return (text) => {
        const micros = secondsOf(text);
        return JSON.stringify(micros === undefined ? text : formatIso(micros));
      };
    case undefined:
      return JSON.stringify;
  }
}

/** RFC 8259 section 6. */
const jsonNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
/** Longer than any number that a sensor writes. */
const maxNumberLength = 64;
