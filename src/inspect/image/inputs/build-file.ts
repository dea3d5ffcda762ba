import { Copy, DockerfileParser, Run, type Instruction } from 'dockerfile-ast';
import type { Located, Place } from './place.ts';
import { shellCommands, type ShellCommand } from './shell.ts';

/** A Dockerfile or Containerfile. */
export interface BuildFile {
  readonly path: string;
  readonly at: Place;
  /** In the order of the file; the last one is the image. */
  readonly stages: readonly BuildStage[];
  /** Here-documents without their end: all that follows belongs to them, and nothing of it is an instruction. */
  readonly unended: readonly Place[];
}

export interface BuildStage {
  /** The image it starts from, with the defaults of `ARG` filled in. */
  readonly from: Located<string>;
  /** It starts from a stage before it: the number of that stage. */
  readonly base: number | undefined;
  /** What later stages call it, in lower case. */
  readonly alias?: string | undefined;
  readonly instructions: readonly BuildInstruction[];
}

export interface BuildInstruction {
  /** Upper case: `RUN`. */
  readonly name: string;
  /** What follows, without flags and comments, lines put together. */
  readonly text: string;
  /** `--from=…`, `--chown=…` as written. */
  readonly flags: readonly string[];
  /** Arguments of the form `["a", "b"]`; undefined for the shell's form. */
  readonly list: readonly string[] | undefined;
  readonly at: Place;
  /** Its lines as they are written, the first one at `at`; here-documents are among them. */
  readonly lines: readonly string[];
}

/** Text that is read; nobody writes more by hand. */
const maxLength = 1 << 20;
/** Of an instruction in which variables are filled in, and of a value: variables that hold each other twice would grow without end. */
const maxFilledLength = 1 << 14;
const maxValueLength = 1 << 10;

/** Of a file that is told by what it begins with. */
const maxHeadLength = 2 ** 16;
const maxHeadLines = 1000;
const onlyInDockerfiles =
  /^(?:RUN|COPY|ADD|WORKDIR|ENV|CMD|ENTRYPOINT|EXPOSE|USER|LABEL|VOLUME|HEALTHCHECK|SHELL|ONBUILD)[ \t]+\S/;

/** Instructions in which the builder fills in variables, besides `FROM` and those that set them. */
const filledInstructions: ReadonlySet<string> = new Set(['ADD', 'COPY', 'EXPOSE', 'USER', 'VOLUME', 'WORKDIR']);
/** What `ONBUILD` may put off that is judged by itself; the rest says nothing of this image. */
const putOff: ReadonlySet<string> = new Set(['ADD', 'ARG', 'COPY', 'ENV', 'RUN']);

interface OpenStage {
  readonly from: Located<string>;
  readonly base: number | undefined;
  readonly alias: string | undefined;
  readonly instructions: BuildInstruction[];
  /** Values that are known where reading has come to. */
  readonly variables: Map<string, string>;
}

/** Whether a file is a Dockerfile: by its name, or under any other name by beginning with `FROM` and going on with instructions. */
export function isBuildFile(name: string, text: string): boolean {
  if (/\.(?:dockerignore|md|rst|adoc|html?|gz)$/i.test(name)) return false;
  if (/^(?:Dockerfile|Containerfile)(?:\.|$)|\.(?:dockerfile|containerfile)$/i.test(name)) return true;
  const lines = text.slice(0, maxHeadLength).split('\n', maxHeadLines);
  const first = lines.find((line) => line.trim() !== '' && !/^\s*(?:#|ARG\s+\w+)/.test(line)) ?? '';
  return (
    /^FROM[ \t]+(?:--platform=\S+[ \t]+)?[\w$.{][^\s;]*(?:[ \t]+AS[ \t]+[\w.-]+)?\s*$/i.test(first) &&
    lines.some((line) => onlyInDockerfiles.test(line))
  );
}

/** Reads a Dockerfile. Undefined when no stage begins in it, or when it is longer than 1 MiB. */
export function readBuildFile(text: string, path: string): BuildFile | undefined {
  if (text.length > maxLength) return undefined;
  const stages: OpenStage[] = [];
  const names = new Map<string, number>();
  const defaults = new Map<string, string>();
  const file = DockerfileParser.parse(text);
  const source = { path, lines: text.split('\n'), escape: file.getEscapeCharacter() };
  const unended: Place[] = [];
  for (const parsed of file.getInstructions()) {
    const instruction = withoutTrigger(instructionOf(parsed, source));
    if (hasUnendedDocument(parsed)) unended.push(instruction.at);
    const stage = stages.at(-1);
    if (instruction.name === 'FROM') {
      const [image = '', , name] = instruction.text.split(/\s+/);
      const alias = name?.toLowerCase();
      const from = { value: filledIn(image, defaults), at: instruction.at };
      const base = names.get(from.value.toLowerCase());
      const variables = new Map(base === undefined ? [] : stages[base]?.variables);
      stages.push({ from, base, alias, instructions: [], variables });
      if (alias !== undefined) names.set(alias, stages.length - 1);
    } else if (stage !== undefined) addInstruction(instruction, stage, defaults);
    else if (instruction.name === 'ARG') setVariables(instruction, defaults, defaults);
  }
  const [first] = stages;
  return first === undefined ? undefined : { path, at: { path, line: first.from.at.line ?? 1 }, stages, unended };
}

function hasUnendedDocument(parsed: Instruction): boolean {
  const isAble = parsed instanceof Copy || parsed instanceof Run;
  return isAble && parsed.getHeredocs().some((document) => document.getDelimiterRange() === null);
}

function addInstruction(instruction: BuildInstruction, stage: OpenStage, defaults: ReadonlyMap<string, string>): void {
  const { name, text } = instruction;
  if (name === 'ARG' || name === 'ENV') setVariables(instruction, stage.variables, defaults);
  const isFilled = filledInstructions.has(name) && text.includes('$');
  stage.instructions.push(isFilled ? { ...instruction, text: filledIn(text, stage.variables) } : instruction);
}

/** An `ARG` without a value has that of the one before the first stage. */
function setVariables(
  instruction: BuildInstruction,
  variables: Map<string, string>,
  defaults: ReadonlyMap<string, string>,
): void {
  for (const [name, value = defaults.get(name)] of assignmentsOf(instruction)) {
    const whole = value === undefined ? undefined : filledIn(value, variables);
    if (whole !== undefined && whole.length <= maxValueLength) variables.set(name, whole);
  }
}

/** `ONBUILD RUN …` is done when another image is built on this one: what it does is judged here, where it is written. */
function withoutTrigger(instruction: BuildInstruction): BuildInstruction {
  const { name = '', rest = '' } = /^(?<name>[A-Za-z]+)\s+(?<rest>.*)$/s.exec(instruction.text)?.groups ?? {};
  if (instruction.name !== 'ONBUILD' || !putOff.has(name.toUpperCase())) return instruction;
  return { ...instruction, name: name.toUpperCase(), ...withoutFlags(rest) };
}

interface Source {
  readonly path: string;
  readonly lines: readonly string[];
  /** What continues a line: a backslash, or a backtick where `# escape=` says so. */
  readonly escape: string;
}

function instructionOf(parsed: Instruction, { path, lines, escape }: Source): BuildInstruction {
  const { start, end } = parsed.getRange();
  const own = lines.slice(start.line, end.line + 1);
  const joined = own
    .filter((line, index) => index === 0 || !/^\s*#/.test(line))
    .join('\n')
    .replace(/^\s*\S+[ \t]*/, '')
    .replace(escape === '`' ? /`[ \t]*\r?\n/g : /\\[ \t]*\r?\n/g, ' ')
    .trimStart();
  const name = parsed.getInstruction().toUpperCase();
  return { name, ...withoutFlags(joined), at: { path, line: start.line + 1 }, lines: own };
}

function withoutFlags(joined: string): Pick<BuildInstruction, 'text' | 'flags' | 'list'> {
  const flags: string[] = [];
  const text = joined.replace(/^(?:--[a-z][\w-]*(?:=\S*)?\s+)+/, (found) => {
    flags.push(...found.trim().split(/\s+/));
    return '';
  });
  return { text: text.trim(), flags, list: listOf(text.trim()) };
}

function listOf(text: string): readonly string[] | undefined {
  if (!text.startsWith('[')) return undefined;
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) && list.every((item) => typeof item === 'string') ? list : undefined;
  } catch {
    return undefined;
  }
}

/** `${NAME}`, `$NAME`, `${NAME:-default}` and `${NAME:+instead}` by the values that are known; what nobody set stays. */
function filledIn(text: string, values: ReadonlyMap<string, string>): string {
  if (text.length > maxFilledLength) return text;
  return text.replace(/\$(?:\{(?<braced>\w+)(?::?(?<sign>[-+])(?<other>[^}]*))?\}|(?<plain>\w+))/g, (...match) => {
    const groups = match.at(-1) as Readonly<Record<string, string | undefined>>;
    const name = groups['braced'] ?? groups['plain'] ?? '';
    const [value, other] = [values.get(name), groups['other']];
    if (groups['sign'] === '+') return value === undefined || value === '' ? '' : (other ?? '');
    return value ?? other ?? match[0];
  });
}

/** The stages of which the image consists: the last one and those it starts from, lowest first. */
function imageStages({ stages }: BuildFile): readonly BuildStage[] {
  const chain: BuildStage[] = [];
  let number: number | undefined = stages.length - 1;
  while (number !== undefined) {
    const stage: BuildStage | undefined = stages[number];
    if (stage === undefined) break;
    chain.unshift(stage);
    // Names are known only of stages before, so the way leads down.
    number = stage.base;
  }
  return chain;
}

/** Instructions of one name in the image itself, in their order. */
export function inImage(build: BuildFile, name: string): readonly BuildInstruction[] {
  return imageStages(build).flatMap(({ instructions }) =>
    instructions.filter((instruction) => instruction.name === name),
  );
}

/** The commands that a RUN, CMD or ENTRYPOINT starts, those of here-documents too. */
export function commandsOf(instruction: BuildInstruction): readonly ShellCommand[] {
  const { list, text } = instruction;
  if (list === undefined) return shellCommands(text);
  const [shell = '', option = '', script] = list;
  if (/(?:^|\/)(?:ba|da|a|z)?sh$/.test(shell) && /^-\w*c$/.test(option) && script !== undefined) {
    return shellCommands(script);
  }
  return [{ words: list, after: '' }];
}

/** Names and values of `ENV a=b c="d e"`, `ENV a b` and `ARG a=b`; a name without a value has none. */
export function assignmentsOf({
  text,
  name,
}: BuildInstruction): (readonly [name: string, value: string | undefined])[] {
  const old = /^(?<name>[\w.-]+)\s+(?<value>[^=\s].*|\S+.*)$/s.exec(text)?.groups;
  if (name === 'ENV' && old !== undefined && !/^[\w.-]+=/.test(text)) {
    return [[old['name'] ?? '', (old['value'] ?? '').trim()]];
  }
  return shellCommands(text)
    .flatMap(({ words }) => words)
    .map((word) => {
      const at = word.indexOf('=');
      return at === -1 ? ([word, undefined] as const) : ([word.slice(0, at), word.slice(at + 1)] as const);
    });
}

/** Where a value of an instruction is written: its own line of those that the instruction goes over; that of the instruction when it is not found. */
export function placeOf({ at, lines }: Pick<BuildInstruction, 'at' | 'lines'>, value: string): Place {
  const [beginning = ''] = value.split('\n', 1);
  const index = beginning === '' ? 0 : lines.findIndex((line) => line.includes(beginning));
  return index <= 0 || at.line === undefined ? at : { ...at, line: at.line + index };
}

/** What a `COPY` or `ADD` names, its target last; of a here-document only where it goes, and nothing of what it holds. */
export function copiedWords({ list, text }: BuildInstruction): readonly string[] {
  return list ?? (text.split('\n', 1)[0] ?? '').trim().split(/\s+/);
}
