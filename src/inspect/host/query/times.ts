import {
  callOf,
  castOf,
  constantOf,
  isTextConstant,
  numberConstant,
  type QueryNode,
  textConstant,
} from './query-tree.ts';

/** Functions of a time, and what gives their result from a moment. */
const results: Readonly<Record<string, string>> = {
  datetime: 'sqlite_datetime',
  sqlite_date: 'sqlite_date',
  sqlite_time: 'sqlite_time',
  julianday: 'sqlite_julianday',
  unixepoch: 'sqlite_epoch',
};
const secondsOf: Readonly<Record<string, number>> = { second: 1, minute: 60, hour: 3600, day: 86_400 };
/** How a value is read; these are no shifts. */
const readings: Readonly<Record<string, string>> = {
  unixepoch: 'sqlite_of_epoch',
  auto: 'sqlite_of_either',
  julianday: 'sqlite_moment',
};
/** Everything is UTC here. */
const unchanging = new Set(['utc', 'localtime', 'subsec', 'subsecond']);

/** A call of one of SQLite's functions of times as calls of ours, whatever modifiers it has; undefined for other functions. */
export function timeCall(name: string, children: readonly QueryNode[]): QueryNode | undefined {
  if (name === 'strftime') return formatted(children[0], momentOf(children.slice(1)));
  const result = results[name];
  return result === undefined ? undefined : callOf(result, [momentOf(children)]);
}

function momentOf([value, ...modifiers]: readonly QueryNode[]): QueryNode {
  const given = value ?? textConstant('now');
  const [first, ...others] = modifiers;
  const reading = isTextConstant(first) ? readings[constantOf(first)?.trim().toLowerCase() ?? ''] : undefined;
  if (reading !== undefined) return others.reduce(shifted, callOf(reading, [given]));
  return modifiers.reduce(shifted, callOf('sqlite_moment', [given]));
}

const shiftPattern =
  /^(?:(?<amount>[+-]?\d{1,12}(?:\.\d{1,9})?) *(?<unit>second|minute|hour|day|month|year)s?|(?<sign>[+-])(?<hours>\d\d):(?<minutes>\d\d)(?::(?<seconds>\d\d))?|start of (?<start>day|month|year)|weekday (?<weekday>[0-6]))$/;

/** A moment under one modifier; one that is none makes it NULL. */
function shifted(moment: QueryNode, modifier: QueryNode): QueryNode {
  const text = isTextConstant(modifier) ? constantOf(modifier)?.trim().toLowerCase() : undefined;
  if (text === undefined) return callOf('sqlite_shift', [moment, modifier]);
  if (unchanging.has(text)) return moment;
  const groups = shiftPattern.exec(text)?.groups;
  const { amount, unit, sign, hours, minutes, seconds, start, weekday } = groups ?? {};
  if (amount !== undefined && unit !== undefined) {
    const second = secondsOf[unit];
    if (second !== undefined) return moved(moment, Number(amount) * second);
    return callOf('sqlite_months', [moment, numberConstant(Math.trunc(Number(amount)) * (unit === 'year' ? 12 : 1))]);
  }
  if (sign !== undefined) {
    const total = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds ?? 0);
    return moved(moment, sign === '-' ? -total : total);
  }
  if (start !== undefined) return callOf('date_trunc', [textConstant(start), moment]);
  if (weekday !== undefined) return callOf('sqlite_weekday', [moment, numberConstant(Number(weekday))]);
  return callOf('sqlite_moment', [textConstant('none')]);
}

function moved(moment: QueryNode, seconds: number): QueryNode {
  const micros = Math.round(seconds * 1e6);
  // More than the engine's times hold is no time.
  if (!Number.isSafeInteger(micros)) return callOf('sqlite_moment', [textConstant('none')]);
  return callOf('sqlite_moved', [moment, numberConstant(micros)]);
}

/** `%s` alone is a number here, so that it can be reckoned with; other formats are texts. */
function formatted(format: QueryNode | undefined, moment: QueryNode): QueryNode {
  const text = isTextConstant(format) ? constantOf(format) : undefined;
  if (text === undefined) return callOf('sqlite_strftime', [format ?? textConstant(''), moment]);
  if (text === '%s') return callOf('sqlite_epoch', [moment]);
  const parts = text.split(/(?<part>%[sJ])/);
  const plain = (part: string): QueryNode =>
    callOf('sqlite_strftime', [textConstant(part.replaceAll('%f', '%S.%g')), moment]);
  if (parts.length === 1) return plain(text);
  const pieces = parts
    .filter((part) => part !== '')
    .map((part) => {
      if (part === '%s') return castOf(callOf('sqlite_epoch', [moment]), 'VARCHAR');
      return part === '%J' ? castOf(callOf('sqlite_julianday', [moment]), 'VARCHAR') : plain(part);
    });
  return pieces.reduce((before, piece) => callOf('||', [before, piece]));
}
