import { defineHostTable } from '../table.ts';
import { usersOf } from '../homes.ts';

export const table = defineHostTable({
  id: 'shell_history',
  title: 'Commands that shells remember',
  description:
    'From the history files of bash, zsh, ash, sh, fish, ksh and a few other programs of every account. `time` is 0 where the file tells none.',
  columns: { uid: 'bigint', time: 'integer', command: 'text', history_file: 'text' },
  needs: 'root',
  narrowedBy: ['uid'],
  *rows(context, constraints) {
    for (const { uid, home } of usersOf(context, constraints)) {
      for (const name of files) {
        const history_file = `${home}/${name}`;
        for (const { time, command } of readHistory(context.lines(history_file))) {
          yield { uid, time, command, history_file };
        }
      }
    }
  },
});

const files = [
  '.bash_history',
  '.zsh_history',
  '.zhistory',
  '.history',
  '.sh_history',
  '.ash_history',
  '.local/share/fish/fish_history',
  '.python_history',
  '.mysql_history',
  '.psql_history',
];

/** bash: a line `#SECONDS` in front. zsh: `: SECONDS:ELAPSED;command`. fish: `- cmd: …` and `  when: SECONDS` behind. */
function* readHistory(lines: readonly string[]): Generator<{ time: number; command: string }> {
  let time = 0;
  for (const [index, line] of lines.entries()) {
    const stamp = /^#(?<seconds>\d{9,10})$/.exec(line)?.groups?.['seconds'];
    if (stamp !== undefined) {
      time = Number(stamp);
      continue;
    }
    const zsh = /^: (?<seconds>\d{1,10}):\d+;(?<command>.*)$/.exec(line)?.groups;
    const fish = /^- cmd: (?<command>.*)$/.exec(line)?.groups;
    if (zsh !== undefined) yield { time: Number(zsh['seconds']), command: zsh['command'] ?? '' };
    else if (fish !== undefined) {
      const when = /^ {2}when: (?<seconds>\d{1,10})$/.exec(lines[index + 1] ?? '')?.groups?.['seconds'];
      yield { time: Number(when ?? 0), command: fish['command'] ?? '' };
    } else if (line.trim() !== '' && !/^ {2}(?:when|paths):/.test(line)) yield { time, command: line };
    time = 0;
  }
}
