import type { BuildFile, BuildInstruction } from '../../inputs/build-file.ts';
import { commandsOf, inImage } from '../../inputs/build-file.ts';
import { argumentsOf, programOf, type ShellCommand } from '../../inputs/shell.ts';

/** One command of a `RUN`, with what was piped into it. */
export interface RunCommand {
  readonly instruction: BuildInstruction;
  readonly command: ShellCommand;
  readonly program: string;
  /** The program first. */
  readonly words: readonly string[];
  /** The command whose output it reads. */
  readonly from: ShellCommand | undefined;
}

/** Every command of every `RUN` of a build, in all stages. */
export function runCommands({ stages }: BuildFile): RunCommand[] {
  return stages
    .flatMap(({ instructions }) => instructions)
    .filter(({ name }) => name === 'RUN')
    .flatMap(commandsIn);
}

/** Those of the stages of which the image consists: what others install stays behind. */
export function imageCommands(build: BuildFile): RunCommand[] {
  return inImage(build, 'RUN').flatMap(commandsIn);
}

function commandsIn(instruction: BuildInstruction): RunCommand[] {
  return commandsOf(instruction).map((command, index, all) => ({
    instruction,
    command,
    program: programOf(command),
    words: argumentsOf(command),
    from: command.after === '|' ? all[index - 1] : undefined,
  }));
}

const installVerbs: Readonly<Record<string, ReadonlySet<string>>> = {
  'apt-get': new Set(['install']),
  apt: new Set(['install']),
  apk: new Set(['add']),
  yum: new Set(['install', 'localinstall']),
  dnf: new Set(['install']),
  microdnf: new Set(['install']),
  zypper: new Set(['install', 'in']),
  pacman: new Set(['-S', '-Sy', '-Syu']),
};

/** Names of the packages of the distribution that a command installs, without versions; undefined when it installs none. */
export function installedPackages({ program, words }: RunCommand): readonly string[] | undefined {
  const verbs = installVerbs[program];
  const at = words.findIndex((word) => verbs?.has(word) === true);
  if (at === -1) return undefined;
  return words
    .slice(at + 1)
    .filter((word) => !word.startsWith('-'))
    .map((word) => word.replace(/[=<>~].*$/, '').toLowerCase());
}

const shells = new Set(['sh', 'bash', 'ash', 'dash', 'zsh', 'ksh', 'python', 'python3', 'perl', 'ruby', 'node', 'php']);
const downloaders = new Set(['curl', 'wget', 'fetch']);

export function isShell(program: string): boolean {
  return shells.has(program);
}

export function isDownloader(program: string): boolean {
  return downloaders.has(program);
}
