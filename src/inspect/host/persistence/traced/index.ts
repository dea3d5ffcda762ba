import { nameOf } from '../../../tree/tree.ts';
import { processItem } from '../../process-item.ts';
import { defineTechnique } from '../../technique.ts';

const debuggers = /^(?:gdb|lldb|strace|ltrace|rr|dlv|perf|valgrind\S*|gdbserver|node|java|wine\S*|proot|sandbox\S*)$/;
const guarded = /^(?:sshd(?:-session)?|sudo|su|login|passwd|systemd|init|cron|gpg-agent|ssh-agent|polkitd|dockerd)$/;

export const technique = defineTechnique({
  id: 'traced',
  title: 'Processes under a tracer',
  description:
    'Processes that another one traces: it sees and changes everything in them. Debuggers do that to what they debug; nobody debugs sshd or sudo.',
  places: ['/proc/*/status'],
  attack: ['T1055.008'],
  guide: ['B03'],
  references: ['https://attack.mitre.org/techniques/T1055/008/'],
  needs: 'live',
  *find(context) {
    for (const process of context.live?.processes() ?? []) {
      if (process.tracer === 0) continue;
      const tracer = context.live?.withPid(process.tracer);
      const name = nameOf(process.executable ?? process.name);
      const isGuarded = guarded.test(name);
      const by = `process ${process.tracer} ${tracer?.name ?? ''}: ${tracer?.argv.join(' ').slice(0, 200) ?? ''}`;
      yield processItem(process, context, {
        title: 'process under a tracer',
        signs: [
          {
            what: isGuarded ? 'sees passwords and is traced' : 'is traced',
            value: by,
            weight: isGuarded ? 0.75 : weightOf(tracer?.executable),
          },
        ],
      });
    }
  },
});

/** Developers trace what they work on; who else does has a reason of their own. */
function weightOf(tracer = ''): number {
  return debuggers.test(nameOf(tracer)) ? 0.3 : 0.5;
}
