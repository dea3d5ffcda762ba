import { defineCheck } from '../../check.ts';
import { argumentsOf, programOf, shellCommands, type ShellCommand } from '../../inputs/shell.ts';
import { commandsOf, inImage, type BuildFile, type BuildInstruction } from '../../inputs/build-file.ts';
import { serviceAt } from '../../inputs/image/programs.ts';
import { cis } from '../_shared/references.ts';

const servers = /^(?:openssh-server|openssh|dropbear|dropbear-bin|tinyssh|ssh)$/;
const installers = new Set(['apt-get', 'apt', 'apk', 'yum', 'dnf', 'microdnf', 'zypper', 'pacman']);

export const check = defineCheck({
  id: 'ssh-service',
  title: 'remote shell inside a container',
  severity: 'medium',
  why: 'An sshd inside is a second way in with keys and passwords of its own that nobody looks after; the engine has `exec` for that.',
  fix: 'take the SSH server and port 22 out of the image, and use `docker exec`',
  vanishes: 'no SSH server were there',
  references: cis('5.7'),
  guide: ['C02', 'C03'],
  attack: ['T1021.004', 'T1133'],
  *workload({ ports, command, at }) {
    const port = ports.find((published) => published.port === 22 && published.protocol === 'tcp');
    if (port !== undefined) yield { at: port.at, what: `publishes port 22 as ${port.hostPort}`, severity: 'high' };
    else if (shellCommands(command.join(' ')).some(startsServer)) {
      yield { at, what: 'starts an SSH server' };
    }
  },
  *pod({ containers }) {
    for (const { cursor } of containers) {
      for (const port of cursor.get('ports').items()) {
        const isTcp = (port.get('protocol').text() ?? 'TCP') === 'TCP';
        // One that is published on the node is told with the container.
        if (!isTcp || port.get('containerPort').text() !== '22' || port.get('hostPort').text() === '22') continue;
        yield { at: port.place, what: 'opens port 22' };
      }
    }
  },
  *image({ at, exposedPorts, files }) {
    if (exposedPorts.includes('22/tcp')) {
      yield { at: { ...at, pointer: 'config.ExposedPorts' }, what: 'exposes port 22' };
    }
    const server = [...(files?.programs ?? [])].find((path) => serviceAt(path) === 'SSH');
    if (server !== undefined) yield { at: { path: `${at.path}!${server}` }, what: `holds the SSH server ${server}` };
  },
  *build(build) {
    const exposed = inImage(build, 'EXPOSE').find(({ text }) => /(?:^|\s)22(?:\/tcp)?(?:\s|$)/.test(text));
    if (exposed !== undefined) yield { at: exposed.at, what: 'exposes port 22' };
    const installed = runs(
      build,
      (command) => installers.has(programOf(command)) && argumentsOf(command).some((word) => servers.test(word)),
    );
    if (installed !== undefined) yield { at: installed.at, what: 'installs an SSH server' };
  },
});

function runs(build: BuildFile, fits: (command: ShellCommand) => boolean): BuildInstruction | undefined {
  return inImage(build, 'RUN').find((instruction) => commandsOf(instruction).some(fits));
}

function startsServer(command: ShellCommand): boolean {
  const program = programOf(command);
  return (
    program === 'sshd' ||
    program === 'dropbear' ||
    (program === 'service' && /^sshd?$/.test(argumentsOf(command)[1] ?? ''))
  );
}
