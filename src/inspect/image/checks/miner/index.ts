import { defineCheck } from '../../check.ts';
import { minerSign } from '../../../files/malware/miner.ts';
import { commandFaults, malwareFaults, maxLine } from '../_shared/file-faults.ts';
import { docs } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'miner',
  title: 'miner of coins',
  severity: 'high',
  why: 'Images with miners are spread under names that look like others; they take the processors, and whoever put them in can put in more.',
  fix: 'do not run the image; look where it came from, and which other containers run it',
  vanishes: 'the file did not hold what mining needs',
  references: docs('https://attack.mitre.org/techniques/T1496/001/'),
  guide: ['C10', 'C13', 'B02'],
  attack: ['T1496.001'],
  file: (file) => malwareFaults(file, 'miner'),
  workload: ({ command, at }) => commandFaults(minerSign(command.join('\n')), { ...at, pointer: 'command' }),
  image: ({ start, history, at }) => [
    ...commandFaults(minerSign(start.join('\n')), { ...at, pointer: 'config.Cmd' }),
    ...history.flatMap((line, index) => [
      ...commandFaults(minerSign(line.slice(0, maxLine)), { ...at, pointer: `history[${index}]` }),
    ]),
  ],
});
