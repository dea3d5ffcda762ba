import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const busybox = '/bin/busybox';
const applets = ['sh', 'cat', 'umount', 'nc', 'sleep', 'mkfifo', 'rm', 'cp', 'ls', 'id', 'mount', 'chroot'];
/** What works without rights over limits and control groups, as in a machine of CI. */
const limits = ['--ulimit', 'nofile=1024:1024', '--ulimit', 'nproc=1000:1000', '--network', 'none'];

/** A podman with a store, an image of busybox and an engine socket of its own, all below one folder. */
export class OwnPodman {
  readonly image = 'localhost/vakthund-test:1';
  /** Where its engine listens. */
  readonly socket: string;
  readonly #options: readonly string[];
  #service: ChildProcess | undefined;

  /** `folder` must be short: the path of a socket has at most 108 bytes. */
  private constructor(folder: string) {
    this.socket = join(folder, 'podman.sock');
    this.#options = ['--root', join(folder, 'store'), '--runroot', join(folder, 'run'), '--runtime', 'runc'];
  }

  /** Undefined where podman, runc or a busybox for containers is missing, or no container starts. */
  static async start(folder: string): Promise<OwnPodman | undefined> {
    if (!existsSync(busybox) || spawnSync('podman', ['--version']).status !== 0) return undefined;
    const podman = new OwnPodman(folder);
    if (podman.#runs(packedRoot(folder)) && (await podman.#serves())) return podman;
    await podman.stop();
    return undefined;
  }

  #runs(archive: string): boolean {
    if (this.do('import', archive, this.image) !== 0) return false;
    return this.do('run', '--rm', ...limits, this.image, 'sh', '-c', 'exit 0') === 0;
  }

  async #serves(): Promise<boolean> {
    this.#service = this.#spawn('system', 'service', '--time', '0', `unix://${this.socket}`);
    for (let tries = 0; tries < 400; tries++) {
      if (existsSync(this.socket)) return true;
      await sleep(50);
    }
    return false;
  }

  /** How a shell calls it. */
  get command(): string {
    return ['podman', ...this.#options].join(' ');
  }

  /** Options that a container needs here, as words of a shell. */
  get limits(): string {
    return limits.slice(0, 4).join(' ');
  }

  /** Runs a command of podman to its end; gives its exit code. */
  do(...args: readonly string[]): number | null {
    return spawnSync('podman', [...this.#options, ...args], { stdio: 'ignore', timeout: 60_000 }).status;
  }

  /** Starts a container of that name that stays; more options come before the image. */
  run(name: string, ...options: readonly string[]): void {
    this.do('run', '-d', '--name', name, ...limits, ...options, this.image, 'sleep', '600');
  }

  /** Runs a line of the shell in it. */
  exec(name: string, line: string): void {
    this.do('exec', name, 'sh', '-c', line);
  }

  /** Types lines into a shell in it: no program is given them as its command line. */
  type(name: string, lines: readonly string[]): void {
    const input = `${lines.join('\n')}\n`;
    const args = [...this.#options, 'exec', '-i', name, 'sh'];
    spawnSync('podman', args, { input, stdio: ['pipe', 'ignore', 'ignore'], timeout: 60_000 });
  }

  /** Lines of the shell that start and enter so many containers, one after the other. */
  lines(count: number): string[] {
    const one = `${this.command} run --rm ${limits.join(' ')} ${this.image} sh -c 'ls /; cat /etc/passwd; sleep 0.2'`;
    return Array.from({ length: count }, () => one);
  }

  async stop(): Promise<void> {
    this.do('rm', '-f', '-a', '-t', '0');
    const service = this.#service;
    service?.kill();
    if (service?.exitCode === null) await new Promise((done) => service.once('exit', done));
    // What podman mounted for its store would keep the folder from being removed.
    this.do('unmount', '-a');
  }

  #spawn(...args: readonly string[]): ChildProcess {
    return spawn('podman', [...this.#options, ...args], { stdio: 'ignore' });
  }
}

function packedRoot(folder: string): string {
  const root = join(folder, 'root');
  for (const name of ['bin', 'etc/cron.d', 'tmp', 'proc', 'dev', 'sys', 'root', 'var/run']) {
    mkdirSync(join(root, name), { recursive: true });
  }
  copyFileSync(busybox, join(root, 'bin/busybox'));
  chmodSync(join(root, 'bin/busybox'), 0o755);
  for (const applet of applets) symlinkSync('busybox', join(root, 'bin', applet));
  writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
  writeFileSync(join(root, 'etc/shadow'), 'root:*:1:0:99999:7:::\n');
  const archive = join(folder, 'root.tar');
  spawnSync('tar', ['-C', root, '-cf', archive, '.']);
  return archive;
}
