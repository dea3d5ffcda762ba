import { nameOf } from '../../../tree/tree.ts';
import { isInterpreter } from '../../../../match/commands/programs.ts';
import type { HeldSocket } from '../../proc/live-host.ts';
import { executableSigns, processItem } from '../../process-item.ts';
import { defineTechnique, type HostContext, type Sign } from '../../technique.ts';

const relays = /^(?:nc|ncat|netcat|nc\.(?:traditional|openbsd)|socat|cryptcat|pwncat)$/;
const shells = /^(?:bash|sh|dash|ash|zsh|ksh|busybox)$/;

export const technique = defineTechnique({
  id: 'listener',
  title: 'Odd listeners',
  description:
    'Programs that wait for connections and come from a temporary, hidden or deleted place or from no package, and shells and relays such as nc that listen.',
  places: ['/proc/*/net/{tcp,tcp6,udp,udp6}', '/proc/*/fd'],
  attack: ['T1571'],
  guide: ['B03', 'B20'],
  references: ['https://attack.mitre.org/techniques/T1571/'],
  needs: 'live',
  *find(context) {
    const listening =
      context.live?.held().filter(({ socket }) => socket.state === 'LISTEN' && socket.protocol === 'tcp') ?? [];
    const seen = new Set<string>();
    for (const held of listening) {
      const { process, socket } = held;
      const key = `${process.pid} ${socket.localPort}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const signs = signsOf(held, context);
      if (signs.length === 0) continue;
      yield processItem(process, context, {
        title: `listener on port ${socket.localPort}`,
        signs: [...signs, ...reachSigns(held)],
        addresses: [`${socket.localAddress}:${socket.localPort}`],
      });
    }
  },
});

function signsOf({ process }: HeldSocket, context: HostContext): Sign[] {
  const program = nameOf(process.executable ?? process.name);
  const signs = executableSigns(process, context);
  if (shells.test(program) || relays.test(program)) {
    signs.push({ what: 'is a shell or a relay', value: process.argv.join(' ').slice(0, 200), weight: 0.5 });
  }
  // Services are written in them too: the code on the command line is what is odd.
  else if (isInterpreter(program) && process.argv.some((word, index) => index > 0 && /^-(?:c|e|r)$/.test(word))) {
    signs.push({
      what: 'runs code given on the command line',
      value: process.argv.join(' ').slice(0, 200),
      weight: 0.45,
    });
  }
  return signs;
}

function reachSigns({ socket }: HeldSocket): Sign[] {
  const isOpen = socket.localAddress === '0.0.0.0' || socket.localAddress === '::';
  const value = `${socket.localAddress}:${socket.localPort}`;
  return [{ what: isOpen ? 'waits on every address' : 'waits on', value, weight: isOpen ? 0.05 : 0 }];
}
