import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A process as its folder below `/proc` tells it. */
export interface FakeProcess {
  readonly pid: number;
  readonly name: string;
  /** What its link says. */
  readonly exe: string;
  readonly argv?: readonly string[];
  readonly parent?: number;
  readonly tracer?: number;
  readonly environment?: string;
  readonly maps?: string;
  readonly descriptors?: Readonly<Record<number, string>>;
  /** Files of `net`, by name. Namespaces are told apart by process here, so that each reads its own. */
  readonly net?: Readonly<Record<string, string>>;
  readonly mountinfo?: string;
  readonly root?: string;
}

/** Writes the folder of a process into `proc`, which stands for `/proc`. */
export function writeProcess(proc: string, process: FakeProcess): void {
  const { pid, name, exe, argv = [name], parent = 1, tracer = 0, descriptors = {}, net = {}, root = '/' } = process;
  const put = (path: string, text: string): void => writeProcFile(proc, `${pid}/${path}`, text);
  const link = (path: string, target: string): void => {
    mkdirSync(dirname(join(proc, `${pid}/${path}`)), { recursive: true });
    symlinkSync(target, join(proc, `${pid}/${path}`));
  };
  put('stat', `${pid} (${name}) S ${parent} ${pid} ${pid} 0 -1 4194304 0 0 0 0 1 1 0 0 20 0 1 0 100 4096 1 0\n`);
  put('status', `Tgid:\t${pid}\nTracerPid:\t${tracer}\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\n`);
  put('cmdline', `${argv.join('\0')}\0`);
  put('environ', process.environment ?? '');
  put('maps', process.maps ?? '');
  put('mountinfo', process.mountinfo ?? '');
  for (const [file, text] of Object.entries(net)) put(`net/${file}`, text);
  link('exe', exe);
  link('root', root);
  link('ns/net', `net:[${pid}]`);
  link('ns/mnt', process.mountinfo === undefined ? 'mnt:[1]' : 'mnt:[2]');
  for (const [number, target] of Object.entries(descriptors)) link(`fd/${number}`, target);
}

/** Writes one file below `proc`. */
export function writeProcFile(proc: string, path: string, text: string): void {
  mkdirSync(dirname(join(proc, path)), { recursive: true });
  writeFileSync(join(proc, path), text);
}
