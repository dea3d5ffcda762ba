import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ThrowAwayHost } from './throw-away-host.ts';

const name = 'throw-away';
/** Rights that a container has where somebody works as root in it, and what works without rights over limits and control groups. */
const rights = ['NET_RAW', 'LINUX_IMMUTABLE', 'SETFCAP'].flatMap((right) => ['--cap-add', right]);
const limits = ['--network', 'none', '--ulimit', 'nofile=1024:1024', '--ulimit', 'nproc=1000:1000'];
/** What podman mounts there runs no programs; other engines let it. */
const memory = ['--tmpfs', '/dev/shm:rw,exec,mode=1777'];

/** A container of podman whose root is a copy of this machine that is thrown away. */
export class ThrowAwayContainer {
  /** Its root, as whoever inspects it from outside names it. */
  readonly root: string;
  readonly #host: ThrowAwayHost;
  readonly #podman: readonly string[];
  readonly #folder: string;

  /** Undefined where it cannot be made: without root, podman, runc, or the overlay. */
  static create(): ThrowAwayContainer | undefined {
    const host = ThrowAwayHost.create();
    if (host === undefined) return undefined;
    const container = ThrowAwayContainer.#start(host);
    if (container === undefined) host.close();
    return container;
  }

  static #start(host: ThrowAwayHost): ThrowAwayContainer | undefined {
    const folder = mkdtempSync(join(tmpdir(), 'vkt-c-'));
    const podman = ['--root', join(folder, 'store'), '--runroot', join(folder, 'run'), '--runtime', 'runc'];
    const call = (...args: readonly string[]): string =>
      spawnSync('podman', [...podman, ...args], { encoding: 'utf8', timeout: 60_000 }).stdout ?? '';
    call('run', '-d', '--name', name, ...rights, ...limits, ...memory, '--rootfs', host.root, 'sleep', '3600');
    const pid = Number(call('inspect', '-f', '{{.State.Pid}}', name));
    if (pid > 0) return new ThrowAwayContainer(host, podman, folder, pid);
    rmSync(folder, { recursive: true, force: true });
    return undefined;
  }

  private constructor(host: ThrowAwayHost, podman: readonly string[], folder: string, pid: number) {
    this.#host = host;
    this.#podman = podman;
    this.#folder = folder;
    this.root = `/proc/${pid}/root`;
  }

  /** Runs shell scripts in it one after the other, and leaves what they started running. Gives their exit codes. */
  run(scripts: readonly string[]): number[] {
    mkdirSync(join(this.#host.root, 'opt/steps'), { recursive: true });
    for (const [index, script] of scripts.entries()) writeFileSync(join(this.#host.root, `opt/steps/${index}`), script);
    const all = `for i in $(seq 0 ${scripts.length - 1}); do timeout 20 bash /opt/steps/$i; echo $? >>/opt/codes; done`;
    const args = [...this.#podman, 'exec', name, 'bash', '-c', all];
    spawnSync('podman', args, { stdio: 'ignore', timeout: 300_000 });
    const codes = readFileSync(join(this.#host.root, 'opt/codes'), 'utf8').trim().split('\n').map(Number);
    rmSync(join(this.#host.root, 'opt/steps'), { recursive: true });
    rmSync(join(this.#host.root, 'opt/codes'));
    return codes;
  }

  /** Ends it and takes its mounts away. */
  close(): void {
    for (const verb of [
      ['rm', '-f', '-a', '-t', '0'],
      ['unmount', '-a'],
    ]) {
      spawnSync('podman', [...this.#podman, ...verb], { stdio: 'ignore', timeout: 60_000 });
    }
    this.#host.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
