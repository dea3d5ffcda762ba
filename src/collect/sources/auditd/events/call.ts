import { meaningOfCall, unknownCall, type CallMeaning } from '../interpret/meanings.ts';
import { uringName } from '../../../linux/constants.ts';
import { socketCallName, syscallName } from '../../../linux/syscalls.ts';
import type { Fields } from '../records/fields.ts';
import { key } from '../records/keys.ts';
import { integer, lowBits, text } from '../records/values.ts';

const archKey = key('arch');
const syscallKey = key('syscall');
const operationKey = key('uring_op');
const enrichedKey = key('SYSCALL');
const successKey = key('success');
const exitKey = key('exit');
const firstArgument = key('a0');

/** The system call of an event. */
export interface Call {
  readonly fields: Fields;
  /** Name, or the number as text when the machine's table does not have it. */
  readonly name: string;
  readonly arch: string;
  readonly meaning: CallMeaning;
  readonly hasSucceeded: boolean | undefined;
  readonly exit: number | null;
}

export function readCall(fields: Fields): Call {
  const arch = text(fields, archKey) ?? '';
  const name = nameOf(fields, arch);
  const success = fields.indexOf(successKey);
  return {
    fields,
    name,
    arch,
    meaning: name === '' ? unknownCall : meaningOfCall(name),
    hasSucceeded: success < 0 ? undefined : fields.rawAt(success) === 'yes',
    exit: integer(fields, exitKey),
  };
}

function nameOf(fields: Fields, arch: string): string {
  const operation = integer(fields, operationKey);
  if (operation !== null) return uringName(operation) ?? String(operation);
  const number = integer(fields, syscallKey);
  if (number === null) return text(fields, syscallKey) ?? text(fields, operationKey) ?? '';
  const name = syscallName(arch, number) ?? text(fields, enrichedKey) ?? String(number);
  if (name !== 'socketcall') return name;
  return socketCallName(lowBits(fields, firstArgument) ?? 0) ?? name;
}
