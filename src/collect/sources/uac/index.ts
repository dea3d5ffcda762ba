import { defineSource, type Detection } from '../../source.ts';
import { decodeOutput } from './decode.ts';
import { placeOf } from './place.ts';

export const source = defineSource({
  id: 'uac',
  title: 'UAC archives (Unix-like Artifacts Collector)',
  description:
    'What UAC took from a running machine: the outputs of commands in `live_response/`, the body file and the lists of digests, in ' +
    'its archive or unpacked. Processes with the time of their start, sockets with their process and who was logged in become what ' +
    'they are; other lists of processes, connections, log-ins, modules, packages, open files and programs are log records with what ' +
    'was understood, the body file a timeline, and every other output log records line by line. Times are those of the machine ' +
    'without its zone, taken as UTC. Files that UAC copied (`[root]`) are read by their own sources.',
  references: [
    'https://tclahr.github.io/uac-docs/',
    'https://wiki.sleuthkit.org/index.php?title=Body_file',
    'https://www.man7.org/linux/man-pages/man8/ss.8.html',
  ],
  guide: ['B03', 'B08'],
  emits: ['process', 'socket', 'user_session', 'log'],
  detect,
  decode: decodeOutput,
});

/** Told by where it stands: the outputs are text of any kind. */
function detect(name: string, head: Uint8Array): Detection {
  const place = placeOf(name);
  if (place === undefined) return undefined;
  // Arguments and environments of processes hold NUL, other outputs do not.
  return place.pid === undefined && head.includes(0) ? undefined : 'certain';
}
