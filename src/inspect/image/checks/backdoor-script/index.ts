import { defineCheck } from '../../check.ts';
import { backdoorSign } from '../../../files/malware/script.ts';
import { commandFaults, malwareFaults, maxLine } from '../_shared/file-faults.ts';
import { docs } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'backdoor-script',
  title: 'script that behaves like a dropper or a backdoor',
  severity: 'high',
  why: 'It loads and starts something else, opens a shell or makes sure that it stays: no image needs that.',
  fix: 'do not run the image; read the script, and look for what it loads',
  vanishes: 'the script did none of that',
  references: docs('https://attack.mitre.org/techniques/T1059/004/'),
  guide: ['C10', 'C13', 'B02'],
  attack: ['T1059.004'],
  file: (file) => malwareFaults(file, 'backdoor-script'),
  workload: ({ command, at }) => commandFaults(backdoorSign(command.join('\n')), { ...at, pointer: 'command' }),
  image: ({ start, history, at }) => [
    ...commandFaults(backdoorSign(start.join('\n')), { ...at, pointer: 'config.Cmd' }),
    ...history.flatMap((line, index) => [
      ...commandFaults(backdoorSign(line.slice(0, maxLine)), { ...at, pointer: `history[${index}]` }),
    ]),
  ],
});
