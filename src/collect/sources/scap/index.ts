import { streamOfAny } from '../../../match/record-stream.ts';
import { defineSource } from '../../source.ts';
import { decode } from './decode.ts';
import { detect } from './detect.ts';
import { records } from './records.ts';

export const source = defineSource({
  id: 'scap',
  title: 'Falco and sysdig capture',
  description:
    'Captures of system calls (.scap) as Falco and sysdig write them, all versions, plain or gzipped, in either byte ' +
    'order. Processes, file descriptors, users and containers are followed from event to event, so each event tells ' +
    'who did it. Programs, forks and exits, opened, changed and deleted files, connections and listening sockets, and ' +
    'kernel modules become events; reading, writing, waiting and memory are followed but not kept. All fields of ' +
    "Falco's rules are there while a capture streams; addresses have the names that programs got them by in DNS answers.",
  references: [
    'https://github.com/falcosecurity/libs',
    'https://github.com/draios/sysdig/wiki',
    'https://falco.org/docs/reference/rules/supported-fields/',
  ],
  guide: ['B03', 'B06', 'C14', 'C15', 'C16'],
  emits: ['process', 'file_access', 'socket', 'kernel_module', 'log'],
  isBinary: true,
  keepsPieces: true,
  detect,
  decode,
  records: streamOfAny(records),
});
