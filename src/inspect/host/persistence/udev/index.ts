import { filesIn, plainLines, readLines } from '../../locations.ts';
import { defineTechnique, type Sign } from '../../technique.ts';
import { wantedUnits } from './wanted-units.ts';

const folders = [
  '/etc/udev/rules.d',
  '/run/udev/rules.d',
  '/usr/local/lib/udev/rules.d',
  '/usr/lib/udev/rules.d',
  '/lib/udev/rules.d',
];
const commandPattern =
  /(?<key>RUN(?:\{program\})?|PROGRAM|IMPORT\{program\})\s*(?:\+|:)?==?\s*e?"(?<command>(?:[^"\\]|\\.){1,4000})"/g;

export const technique = defineTechnique({
  id: 'udev',
  title: 'Programs that device events start',
  description:
    'Rules of udev with RUN, PROGRAM or IMPORT{program}: root runs them whenever a device appears, which some pseudo devices do at every boot.',
  places: folders.map((folder) => `${folder}/*.rules`),
  attack: ['T1546.017'],
  guide: ['B11'],
  references: ['https://attack.mitre.org/techniques/T1546/017/', 'https://man7.org/linux/man-pages/man7/udev.7.html'],
  *find({ tree, ownership }) {
    for (const { path } of filesIn(tree, folders, (name) => name.endsWith('.rules'))) {
      for (const { line, text } of plainLines(readLines(tree, path))) {
        for (const unit of wantedUnits(text, tree)) {
          if (ownership.standing(unit.path).kind === 'packaged') continue;
          const sign = { what: 'has systemd start a unit on a device event', value: unit.name, weight: 0.2 };
          yield { path, line, title: 'udev rule that starts a unit', runs: unit.commands, unowned: 0.3, signs: [sign] };
        }
        for (const { groups } of text.matchAll(commandPattern)) {
          const { key = '', command = '' } = groups ?? {};
          yield {
            path,
            line,
            title: 'udev rule that runs a program',
            runs: command,
            unowned: 0.3,
            signs: signsOf(key, command, text),
          };
        }
      }
    }
  },
});

const carrierPattern =
  /\bat\s+(?:-\w+\s+)*(?:now|\d)|\|\s*(?:\S*\/)?(?:at|batch)\b|\b(?:setsid|nohup|systemd-run|disown)\b/;

function signsOf(key: string, command: string, rule: string): Sign[] {
  const signs: Sign[] = [{ what: 'runs a program on a device event', value: `${key} ${command}`, weight: 0.3 }];
  // udev ends what goes on for long, so that something else must keep it alive.
  const carrier = carrierPattern.exec(command)?.[0];
  if (carrier !== undefined) {
    signs.push({ what: 'hands its command on to go on for long', value: carrier, weight: 0.4 });
  }
  // Major 1 are memory devices (/dev/random is 1:8), net lo and loop0: they appear at every boot.
  if (/ENV\{MAJOR\}=="1"|KERNEL=="(?:random|urandom|null|zero|lo|loop0)"/.test(rule)) {
    signs.push({ what: 'waits for a device that every boot brings', value: rule.slice(0, 120), weight: 0.3 });
  }
  return signs;
}
