import type { KnownProcess } from './ancestry.ts';

/** Programs that start containers and stand outside of them: Docker's, podman's, containerd's and CRI-O's. */
const runtimes = new Set([
  'conmon',
  'conmonrs',
  'runc',
  'crun',
  'youki',
  'podman',
  'containerd',
  'dockerd',
  'docker',
  'crio',
]);
const idLength = 64;

/** Told by the program, as names of processes are anybody's. runc and crun run a sealed copy of themselves, which the kernel knows as "/". */
export function isRuntime(executable: string | null): boolean {
  if (executable === null) return false;
  if (executable === '/') return true;
  const name = executable.slice(executable.lastIndexOf('/') + 1);
  return runtimes.has(name) || name.startsWith('containerd-shim');
}

/**
 * The container of what a runtime with this command line starts: `conmon … -c ID`, `containerd-shim-runc-v2 … -id ID`, `runc exec … ID`. Undefined for
 * others: hooks that `runc create` starts run on the host, and a shim of Kubernetes holds several containers under the id of their pod.
 */
export function startedContainer(commandLine: string | null): string | undefined {
  if (commandLine === null || commandLine.length < idLength) return undefined;
  const { shim, monitor } = /^\S*(?:(?<shim>containerd-shim\S*)|(?<monitor>conmon)) /.exec(commandLine)?.groups ?? {};
  if (shim !== undefined) {
    return isOfKubernetes(commandLine) ? undefined : idAfter(commandLine, /(?:^| )--?id (?=(?<id>\S+))/);
  }
  if (monitor !== undefined) return idAfter(commandLine, /(?:^| )(?:-c|--cid) (?=(?<id>\S+))/);
  return runtimeCall(commandLine, /(?:exec|run)/);
}

/**
 * The container that a runtime is told of by its monitor. conmon copies itself before it calls the runtime: the log has no other word of the process that
 * becomes the parent of all that runs in the container.
 */
export function monitoredContainer(commandLine: string | null): string | undefined {
  if (commandLine === null || !commandLine.includes('/userdata')) return undefined;
  return runtimeCall(commandLine, /(?:create|exec)/);
}

function isOfKubernetes(commandLine: string): boolean {
  return / --?namespace k8s\.io(?: |$)/.test(commandLine);
}

function idAfter(commandLine: string, option: RegExp): string | undefined {
  return idIn(option.exec(commandLine)?.groups?.['id']);
}

/** Of `runc OPTIONS ACTION OPTIONS ID COMMAND`. */
function runtimeCall(commandLine: string, action: RegExp): string | undefined {
  const words = commandLine.split(' ');
  if (!/(?:^|\/)(?:runc|crun|youki)$/.test(words[0] ?? '')) return undefined;
  const at = words.findIndex((word) => /^(?:create|exec|run|start|init|delete|kill|state|features|list)$/.test(word));
  if (at < 0 || action.exec(words[at] ?? '')?.[0] !== words[at]) return undefined;
  return words.slice(at + 1).find((word) => idIn(word) !== undefined);
}

function idIn(text: string | undefined): string | undefined {
  return text?.length === idLength && /^[0-9a-f]+$/.test(text) ? text : undefined;
}

/** What a process is known by for this. */
interface Seen {
  readonly executable: string | null;
  readonly parentPid: number | null;
  readonly parent: KnownProcess | undefined;
  /** What was seen under this id before. */
  readonly before: KnownProcess | undefined;
}

/** The container that a process is in by those who started it; null for one of the host, and when nothing tells. */
export function inheritedContainer({ executable, parentPid, parent, before }: Seen): string | null {
  if (isRuntime(executable)) {
    // One that a program in a container starts is in that container; one that another runtime, or its monitor, starts is not.
    const isInside = parent !== undefined && parent.executable !== null && !isRuntime(parent.executable);
    return isInside ? (parent.container ?? null) : null;
  }
  if (parent !== undefined) return parent.container ?? null;
  return before?.parentPid === parentPid ? (before.container ?? null) : null;
}
