import type { EventRow } from '../../../events/event.ts';
import type { JsonObject } from '../../json-value.ts';
import { finishActor } from '../../linux/program-names.ts';
import { compileMapping } from '../../mapping/compile.ts';
import { isObject } from '../../mapping/paths.ts';
import type { Shape } from '../../shaped-records.ts';
import { mappings, type Route } from './mappings.ts';
import { changeAction, fileAction, openFileAction, isChange, routeOf, sessionAction } from './routes.ts';

const compiled = Object.fromEntries(
  Object.entries(mappings).map(([route, mapping]) => [route, compileMapping(mapping, { nested: true })]),
) as Readonly<Record<Route, ReturnType<typeof compileMapping>>>;

/** How a row is read: by what its columns and the run of its query say it is. */
export function shapeOfRow(row: JsonObject): Shape {
  const columns = withoutEmpty(row['columns']);
  const route = row['columns'] === undefined ? 'status' : routeOf(columns ?? {}, row);
  const { calendarTime, ...rest } = row;
  // The same time twice; the one with a number is exact.
  const time = row['unixTime'] === undefined ? { calendarTime: isoOf(calendarTime) } : {};
  const record = { ...rest, ...time, ...(columns === undefined ? {} : { columns }) };
  return { convert: compiled[route], record, finish: (event) => finish(event, route, columns ?? {}, row) };
}

/** Every value is text in osquery, and an empty one stands for none. */
function withoutEmpty(columns: unknown): JsonObject | undefined {
  if (!isObject(columns)) return undefined;
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== ''));
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const calendar = /^\w{3} (?<month>\w{3}) {1,2}(?<day>\d{1,2}) (?<clock>\d\d:\d\d:\d\d) (?<year>\d{4}) UTC$/;

/** `Mon Nov 23 17:41:48 2026 UTC` as ISO 8601; other text stays as it is. */
function isoOf(text: unknown): unknown {
  const parts = typeof text === 'string' ? calendar.exec(text)?.groups : undefined;
  const month = months.indexOf(parts?.['month'] ?? '') + 1;
  if (parts === undefined || month === 0) return text;
  return `${parts['year']}-${String(month).padStart(2, '0')}-${parts['day']?.padStart(2, '0')}T${parts['clock']}Z`;
}

function finish(event: EventRow, route: Route, columns: JsonObject, row: JsonObject): void {
  finishActor(event);
  const isRemoved = row['action'] === 'removed';
  if (route === 'file') event['event_action'] = fileAction(columns['action']);
  else if (route === 'process-file') event['event_action'] = openFileAction(columns['operation']);
  else if (route === 'session' || route === 'last') event['event_action'] = sessionAction(columns['type']);
  else if (route !== 'process' && route !== 'socket') {
    const action = isChange(row) ? changeAction(route, isRemoved) : 'listed';
    if (route !== 'status' && route !== 'log' && action !== undefined) event['event_action'] = action;
  }
  if (route === 'socket' || route === 'open-socket') withoutEnds(event);
}

/** An address that stands for none: of a socket that is not connected. */
function withoutEnds(event: EventRow): void {
  for (const end of ['source', 'destination']) {
    if (event[`${end}_port`] === 0) event[`${end}_port`] = null;
    const address = event[`${end}_ip`];
    if (end === 'destination' && (address === '0.0.0.0' || address === '::')) event['destination_ip'] = null;
  }
  if (event['destination_ip'] === null && event['event_action'] === 'connect' && event['source_port'] !== null) {
    event['event_action'] = 'listen';
  }
}
