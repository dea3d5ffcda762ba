import { defineCheck } from '../../check.ts';
import { docs } from '../_shared/references.ts';
import { sandboxOf } from '../_shared/sandbox.ts';

export const check = defineCheck({
  id: 'no-sandbox-runtime',
  title: 'engine on which all containers share the kernel of the host',
  severity: 'info',
  why: 'One hole in the kernel opens the host to every container; gVisor and Kata put a kernel of its own between.',
  fix: 'install gVisor (`runsc`) or Kata Containers, and start what strangers reach with `--runtime`',
  vanishes: 'the engine knew a runtime with a kernel of its own',
  references: docs('https://gvisor.dev/docs/user_guide/quick_start/docker/'),
  guide: ['C21'],
  attack: ['T1611', 'T1068'],
  *engine({ runtimes, at }, { workloads }) {
    if (runtimes.size === 0) return;
    const names = [...runtimes].flatMap(([name, { value }]) => [name, value]);
    const used = workloads.flatMap(({ runtime }) => (runtime === undefined ? [] : [runtime.value]));
    if ([...names, ...used].some((name) => sandboxOf(name) !== undefined)) return;
    const [first] = runtimes.values();
    yield {
      at: first?.at ?? at,
      what: `knows no runtime with a kernel of its own (${[...runtimes.keys()].join(', ')})`,
    };
  },
});
