import { parameterText } from '../params/text.ts';
import type { ScapRecord } from '../record.ts';

/** Parameters of a call that have columns: who the process is. What comes with every start of a process beside. */
const taken: ReadonlySet<string> = new Set(
  'exe args tid pid ptid cwd comm tty loginuid uid trusted_exepath pgft_maj pgft_min vm_size vm_rss vm_swap fdlimit'.split(
    ' ',
  ),
);
const starts = /^(?:execve|execveat|clone|clone3|fork|vfork)$/;
const maxValueCharacters = 8192;

/** What an event says that has no column, as JSON: the call and its parameters by their names in the format. */
export function fieldsJson(record: ScapRecord, enter: ScapRecord | undefined): string {
  const fields: Record<string, string | number> = { 'evt.type': record.name };
  const isStart = starts.test(record.name);
  if (record.thread !== undefined && record.thread.tid !== record.thread.pid) fields['thread.tid'] = record.tid;
  if (enter !== undefined) addParameters(fields, enter, false);
  addParameters(fields, record, isStart);
  return JSON.stringify(fields);
}

function addParameters(fields: Record<string, string | number>, record: ScapRecord, isStart: boolean): void {
  const { parameters } = record.type;
  for (let index = 0; index < record.parameterCount; index++) {
    const name = parameters[index]?.name ?? '';
    if (record.lengthOf(index) === 0 || (isStart && taken.has(name))) continue;
    fields[`evt.arg.${name}`] = valueOf(record, index, name);
  }
}

function valueOf(record: ScapRecord, index: number, name: string): string {
  if (name === 'env' || name === 'cgroups') return record.texts(index).join(' ').slice(0, maxValueCharacters);
  const { raw, resolved } = parameterText(record, index, record.system);
  return (resolved === '' ? raw : resolved).slice(0, maxValueCharacters);
}
