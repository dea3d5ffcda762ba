import type { StreamResolver, StreamValue } from '../../../../match/condition/resolver.ts';
import { clockTime, isoTime } from '../sources/common-fields.ts';
import type { CompiledRule } from '../load/compiled-rule.ts';
import type { FalcoSettings } from '../settings.ts';
import { compilePrinter } from './print.ts';

/** The lines that Falco prints for a match. */
export interface AlertPrinter<R> {
  text(record: R, nanos: bigint): string;
  json(record: R, nanos: bigint): string;
}

export function compileAlert<R>(
  { item, output, extraFields }: CompiledRule,
  resolver: StreamResolver<R>,
  settings: FalcoSettings,
): AlertPrinter<R> {
  const printer = compilePrinter(output, resolver);
  const extras = extraFields.map((extra) => ({ ...extra, printer: compilePrinter(extra.parts, resolver) }));
  const extrasOf = (record: R): [string, StreamValue][] =>
    extras.flatMap((extra): [string, StreamValue][] =>
      extra.isText ? [[extra.name, extra.printer.text(record)]] : [...extra.printer.fields(record)],
    );
  const line = (message: string, nanos: bigint): string => `${timeText(nanos, settings)}: ${item.priority} ${message}`;
  return {
    text: (record, nanos) => line(printer.text(record), nanos),
    json: (record, nanos) => {
      const message = printer.text(record);
      const own = [
        ['hostname', settings.hostname],
        ...(settings.includesMessage ? [['message', message]] : []),
        ...(settings.includesOutput ? [['output', line(message, nanos)]] : []),
        ['priority', item.priority],
        ['rule', item.name],
        ['source', item.source],
        ...(settings.includesTags ? [['tags', item.tags]] : []),
        ['time', isoTime(nanos, 'Z')],
      ];
      const head = own.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',');
      if (!settings.includesFields) return `{${head}}`;
      const fields = new Map<string, StreamValue>([
        [settings.isIsoTime ? 'evt.time.iso8601' : 'evt.time', nanos],
        ...printer.fields(record),
        ...extrasOf(record),
      ]);
      const pairs = [...fields.keys()].sort().map((key) => `${JSON.stringify(key)}:${valueJson(fields.get(key))}`);
      return `{${head}, "output_fields": {${pairs.join(',')}}}`;
    },
  };
}

/** The time before a message: of day, in the zone of this machine as Falco prints it, or ISO 8601 in UTC. */
function timeText(nanos: bigint, settings: FalcoSettings): string {
  if (settings.isIsoTime) return isoTime(nanos, '+0000');
  const offsetMinutes = new Date(Number(nanos / 1_000_000n)).getTimezoneOffset();
  return clockTime(nanos - BigInt(Number.isNaN(offsetMinutes) ? 0 : offsetMinutes) * 60_000_000_000n);
}

function valueJson(value: StreamValue): string {
  if (value === undefined || value === null) return 'null';
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Uint8Array) return JSON.stringify(Buffer.from(value).toString('utf8'));
  if (Array.isArray(value)) return `[${value.map((entry: StreamValue) => valueJson(entry)).join(',')}]`;
  return JSON.stringify(value);
}
