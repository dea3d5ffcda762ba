import type { BundleLimits } from './bundle.ts';
import type { ProcAnswer } from '../proc/recorded-proc.ts';
import { textOf, type Unpacked } from './unpack.ts';

const livePattern = /^(?:[^/]+\/)?live_response\/(?<path>.+)\.txt$/;
/** Files of `/proc/PID` that UAC copies as they are. */
const ofProcess =
  /^process\/proc\/(?<pid>\d{1,10})\/(?<file>cmdline|comm|maps|mounts|stat|status|environ|fd|net\/unix)$/;
/** `… 12 -> socket:[4711]` in a list of `ls -l`, the name with its folder or without. */
const linkPattern = / (?<name>\S{1,64}) -> (?<to>.{1,4096})$/;
const processLink = /^\/proc\/(?<pid>\d{1,10})\/(?:exe|cwd)$/;

/**
 * What UAC wrote of `/proc`, as answers of it: the files of each process, its descriptors, program and folder, the connections of the
 * whole machine and the modules of its kernel. UAC takes no namespaces: that of a process is told by what is mounted as its root.
 */
export function procAnswersOf(unpacked: Unpacked, limits: BundleLimits): ProcAnswer[] {
  const answers: ProcAnswer[] = [];
  const roots = new Map<string, string>();
  const pids = new Set<string>();
  const sockets: [file: string, text: string][] = [];
  for (const name of unpacked.members.keys()) {
    const path = livePattern.exec(name)?.groups?.['path'];
    if (path === undefined) continue;
    const { pid = '', file = '' } = ofProcess.exec(path)?.groups ?? {};
    const text = (): string => textOf(unpacked, name, limits.textBytes) ?? '';
    if (pid !== '') {
      pids.add(pid);
      answers.push(...answersOf(pid, file, text()));
      if (file === 'mounts') roots.set(pid, rootMount(text()));
    } else if (path === 'process/running_processes_full_paths' || path === 'process/ls_-l_proc_pid_cwd') {
      const links = linksIn(text()).filter(({ name: at }) => processLink.test(at));
      answers.push(...links.map(({ name: at, to }) => link(at.slice('/proc/'.length), to)));
    } else if (path === 'system/lsmod') answers.push(modulesOf(text()));
    else if (path.startsWith('network/proc_net_')) sockets.push([path.slice('network/proc_net_'.length), text()]);
  }
  const [first] = [...pids].sort((a, b) => Number(a) - Number(b));
  if (first === undefined) return answers;
  answers.push({ path: '.', names: [...pids] });
  // Each process sees the connections of its network; here they are those of the machine's own, which the first one lives in.
  answers.push({ path: `${first}/net`, names: sockets.map(([file]) => file) });
  for (const [file, text] of sockets) answers.push(content(`${first}/net/${file}`, text));
  const own = roots.get('1');
  if (own === undefined) return answers;
  return [...answers, link('self/ns/mnt', own), ...[...roots].map(([pid, root]) => link(`${pid}/ns/mnt`, root))];
}

/** What is mounted as the root: processes with another one than the first process live elsewhere, in containers. */
function rootMount(text: string): string {
  return text.split('\n').find((line) => line.split(' ', 2)[1] === '/') ?? '';
}

function answersOf(pid: string, file: string, text: string): ProcAnswer[] {
  if (file === 'fd') {
    const links = linksIn(text).filter(({ name }) => /^\d{1,9}$/.test(name));
    const names = links.map(({ name }) => name);
    return [{ path: `${pid}/fd`, names }, ...links.map(({ name, to }) => link(`${pid}/fd/${name}`, to))];
  }
  // Variables come one on a line, through strings(1).
  return [content(`${pid}/${file}`, file === 'environ' ? text.replaceAll('\n', '\0') : text)];
}

function linksIn(text: string): { readonly name: string; readonly to: string }[] {
  return text.split('\n').flatMap((line) => {
    const { name, to } = linkPattern.exec(line)?.groups ?? {};
    return name === undefined || to === undefined ? [] : [{ name, to }];
  });
}

/** `/proc/modules` of what `lsmod` told of it: name, size, uses, by whom. */
function modulesOf(text: string): ProcAnswer {
  const lines = text.split('\n').flatMap((line) => {
    const [name = '', size = '', uses = '', by] = line.trim().split(/\s+/, 4);
    return /^\d{1,12}$/.test(size) ? [`${name} ${size} ${uses} ${by === undefined ? '-' : `${by},`} Live 0x0`] : [];
  });
  return content('modules', `${lines.join('\n')}\n`);
}

function content(path: string, text: string): ProcAnswer {
  return { path, bytes: Buffer.from(text).toString('base64') };
}

function link(path: string, to: string): ProcAnswer {
  return { path, link: to };
}
