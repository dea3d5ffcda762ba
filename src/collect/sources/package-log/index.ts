import { defineSource, type Detection } from '../../source.ts';
import { decodeTextLines } from '../../text-lines.ts';
import { packageLogDecoder } from './decode.ts';
import { readLine } from './line.ts';

export const source = defineSource({
  id: 'package-log',
  title: 'Logs of package managers',
  description:
    'What dpkg, apt (`history.log`), update-alternatives, dnf (`dnf.log`, `dnf.rpm.log`), yum, pacman and zypper write of what they ' +
    'installed, upgraded and removed: a log record for each line, and of apt one for each package, with action, package, versions, and ' +
    'the command and user where the log tells them. Times without a zone are taken as UTC. The output of terminals (`term.log`) is not read.',
  references: [
    'https://manpages.debian.org/bookworm/dpkg/dpkg.1.en.html',
    'https://dnf.readthedocs.io/en/latest/conf_ref.html',
    'https://wiki.archlinux.org/title/Pacman',
    'https://en.opensuse.org/openSUSE:Libzypp_Package_History',
  ],
  guide: ['B04', 'C08'],
  emits: ['log'],
  detect,
  decode: (content, context) =>
    decodeTextLines(content, context, (state) => packageLogDecoder(context.name, context.modified, state)),
});

const maxLines = 100;

/** Nearly all lines are of package managers, and one names a change, so that few words of another log do not suffice. */
function detect(_name: string, head: Uint8Array): Detection {
  const text = Buffer.from(head.subarray(0, 32_768)).toString('utf8');
  const lines = text.split('\n', maxLines).filter((line) => line.trim() !== '');
  const read = lines.map((line) => readLine(line)).filter((line) => line !== undefined);
  const isTold = read.some((line) => line.isSign);
  return isTold && read.length >= (lines.length - 1) * 0.8 ? 'certain' : undefined;
}
