import type { StreamField, StreamResolver, StreamValue } from '../../../../match/condition/resolver.ts';
import { Scope } from '../../../../match/condition/stream/scope.ts';
import { Subjects } from '../../../../match/condition/stream/subjects.ts';
import type { FormatPart } from './format.ts';

/** What stands for a value that is not there. */
const missing = '<NA>';

/** Prints an output format over records. */
export interface OutputPrinter<R> {
  text(record: R): string;
  /** Plain fields by name with their values, for `output_fields`; a field that stands twice counts once. */
  fields(record: R): ReadonlyMap<string, StreamValue>;
}

export function compilePrinter<R>(parts: readonly FormatPart[], resolver: StreamResolver<R>): OutputPrinter<R> {
  const scope = new Scope(resolver);
  const subjects = new Subjects(scope);
  const none: StreamField<R>['get'] = () => undefined;
  const pieces = parts.map((part) =>
    typeof part === 'string' ? part : { part, get: subjects.field(part.operand.subject)?.get ?? none },
  );
  const named = pieces.flatMap((piece) =>
    typeof piece === 'string' || piece.part.operand.field === undefined ? [] : [piece],
  );
  return {
    text: (record) => {
      scope.generation++;
      return pieces
        .map((piece) => (typeof piece === 'string' ? piece : padded(printValue(piece.get(record)), piece.part.width)))
        .join('');
    },
    fields: (record) => {
      scope.generation++;
      return new Map(named.map(({ part, get }) => [part.name, get(record)]));
    },
  };
}

/** A value as Falco prints it in an output. */
function printValue(value: StreamValue): string {
  if (value === undefined || value === null) return missing;
  if (value instanceof Uint8Array) return printable(Buffer.from(value).toString('utf8'));
  if (Array.isArray(value)) return `(${value.map((entry: StreamValue) => printValue(entry)).join(', ')})`;
  return String(value as string | number | bigint | boolean);
}

/** Bytes are data of others: what is no text is shown as a dot. */
function printable(text: string): string {
  return text.replaceAll(/[^\P{Cc}\n\t]/gu, '.');
}

function padded(text: string, width: number): string {
  return width === 0 ? text : text.padEnd(width).slice(0, width);
}
