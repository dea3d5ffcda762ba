import { quote, type ProblemList } from '../../../base/problem.ts';
import type { EventRow, VakthundEvent } from '../../../events/event.ts';
import type { JsonDecoder } from '../../json-lines.ts';
import type { JsonObject } from '../../json-value.ts';
import { compileMapping } from '../../mapping/compile.ts';
import { firstOf, mappingTo, read } from '../../mapping/build.ts';
import { isObject } from '../../mapping/paths.ts';
import { shapedEvent } from '../../shaped-records.ts';

const toLog = compileMapping(
  mappingTo(
    'log',
    {
      time: firstOf('iso', 'requestReceivedTimestamp', 'timestamp', 'stageTimestamp', 'metadata.creationTimestamp'),
      event_dataset: { constant: 'kubernetes.audit' },
      log_name: read('verb', 'text'),
      log_level: read('level', 'lower'),
      user_name: firstOf('text', 'impersonatedUser.username', 'user.username'),
      source_ip: read('sourceIPs[]', 'ip'),
    },
    { keepsRecord: true },
  ),
  { nested: true },
);

export const decoder: JsonDecoder = {
  record(value, line, problems) {
    const { items } = value;
    if (Array.isArray(items)) return items.flatMap((item) => eventOf(item, line, problems) ?? []);
    return eventOf(value, line, problems);
  },
};

function eventOf(record: unknown, line: number, problems: ProblemList): VakthundEvent | undefined {
  if (!isObject(record) || (record['auditID'] === undefined && record['verb'] === undefined)) {
    const message = `a record is no audit event of Kubernetes: ${quote(JSON.stringify(record))}`;
    problems.add({ code: 'bad-record', at: { line }, message });
    return undefined;
  }
  return shapedEvent({ convert: toLog, record, finish: (row) => finish(row, record) }, line, problems);
}

function finish(row: EventRow, record: JsonObject): void {
  row['message'] = sentenceOf(record);
  const command = commandIn(record['requestURI']);
  if (command === undefined) return;
  row['process_command_line'] = command.line;
  row['container_name'] = command.container;
}

/** `create pods/exec shop/web-0: 101`. */
function sentenceOf(record: JsonObject): string {
  const { objectRef: object, responseStatus: status, verb, requestURI } = record;
  const parts = isObject(object) ? object : {};
  const text = (value: unknown): string =>
    typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  const resource = [parts['resource'], parts['subresource']]
    .map(text)
    .filter((part) => part !== '')
    .join('/');
  const name = [parts['namespace'], parts['name']]
    .map(text)
    .filter((part) => part !== '')
    .join('/');
  const what = resource === '' ? text(requestURI) : resource;
  const code = isObject(status) ? text(status['code']) : '';
  const sentence = [text(verb), what, name].filter((part) => part !== '').join(' ');
  return code === '' ? sentence : `${sentence}: ${code}`;
}

const execPath = /\/pods\/[^/?]{1,253}\/exec\?(?<query>.{1,8192})$/s;

/** The program that `kubectl exec` starts stands in the address. */
function commandIn(uri: unknown): { readonly line: string; readonly container: string | null } | undefined {
  const query = typeof uri === 'string' ? execPath.exec(uri)?.groups?.['query'] : undefined;
  if (query === undefined) return undefined;
  const parameters = new URLSearchParams(query);
  const words = parameters.getAll('command');
  return words.length === 0
    ? undefined
    : { line: words.join(' ').toWellFormed(), container: parameters.get('container')?.toWellFormed() ?? null };
}
