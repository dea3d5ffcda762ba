import type { ProblemList } from '../../../base/problem.ts';
import type { FieldReference } from '../../../match/condition/condition.ts';
import type { RecordStream } from '../../../match/record-stream.ts';
import { CaptureReader } from './capture.ts';
import { timeOf } from './fields/event-fields.ts';
import { resolveField } from './fields/resolve.ts';
import type { ScapRecord } from './record.ts';

/** Events of a capture as Falco's rules for `syscall` see them, enter events included. */
export const records: RecordStream<ScapRecord> = {
  id: 'syscall',
  resolver: {
    field: ({ name, argument }: FieldReference) => resolveField(name, argument),
    allFields: () => ({ absent: 'keywords over all fields are not for system calls' }),
  },
  time: timeOf,
  type: ({ name }) => name,
  read,
};

async function read(
  content: AsyncIterable<Uint8Array>,
  show: (record: ScapRecord) => void,
  { problems }: { readonly name: string; readonly problems: ProblemList },
): Promise<void> {
  const reader = new CaptureReader(problems);
  const showAll = (): void => {
    for (let record = reader.next(); record !== undefined; record = reader.next()) show(record);
  };
  for await (const chunk of content) {
    reader.feed(chunk);
    showAll();
  }
  reader.end();
  showAll();
  reader.finish();
}
