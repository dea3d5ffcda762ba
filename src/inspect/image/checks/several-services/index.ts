import { defineCheck } from '../../check.ts';
import { commandsOf, inImage } from '../../inputs/build-file.ts';
import { argumentsOf, programOf, type ShellCommand } from '../../inputs/shell.ts';
import { serviceAt } from '../../inputs/image/programs.ts';
import { docs } from '../_shared/references.ts';
import { installedPackages, imageCommands } from '../_shared/run-commands.ts';
import { serviceOfPackage, serviceOfProgram, supervisors } from './services.ts';

export const check = defineCheck({
  id: 'several-services',
  title: 'several services in one container',
  severity: 'low',
  why: 'A hole in one service gives all of them away, none can be restarted or limited by itself, and their logs run together.',
  fix: 'make an image for each service, and let them talk over a network of their own',
  vanishes: 'one service were left',
  references: docs('https://docs.docker.com/build/building/best-practices/#decouple-applications'),
  guide: ['C02'],
  attack: [],
  *image({ at, files }) {
    const services = new Set([...(files?.programs ?? [])].flatMap((path) => serviceAt(path) ?? []));
    if (services.size > 1) yield { at, what: `holds ${[...services].sort().join(', ')}` };
  },
  *build(build) {
    const installed = imageCommands(build).flatMap((command) => installedPackages(command) ?? []);
    const services = new Set(installed.flatMap((name) => serviceOfPackage(name) ?? []));
    const start = [...inImage(build, 'ENTRYPOINT').slice(-1), ...inImage(build, 'CMD').slice(-1)];
    for (const command of start.flatMap(commandsOf)) for (const service of startedBy(command)) services.add(service);
    const supervisor = installed.find((name) => supervisors.has(name));
    const [last] = start.slice(-1);
    const at = last?.at ?? build.at;
    if (services.size > 1) yield { at, what: `holds ${[...services].sort().join(', ')}` };
    else if (supervisor !== undefined) {
      yield { at, what: `runs several programs under ${supervisor}`, severity: 'info' };
    }
  },
});

function startedBy(command: ShellCommand): string[] {
  const program = programOf(command);
  const words = argumentsOf(command);
  const name =
    program === 'service' || program === 'systemctl'
      ? words.find((word, index) => index > 0 && serviceOfProgram(word) !== undefined)
      : program;
  const service = name === undefined ? undefined : serviceOfProgram(name);
  return service === undefined ? [] : [service];
}
