import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Top folders of a root that belong to the system; the others, and homes, are left empty in the copy. */
const systemFolders = new Set([
  'bin',
  'boot',
  'dev',
  'etc',
  'lib',
  'lib32',
  'lib64',
  'libx32',
  'opt',
  'run',
  'sbin',
  'srv',
  'sys',
  'proc',
  'usr',
  'var',
]);

/**
 * A copy of this machine that is thrown away: an overlay over its root, with process, mount and network namespaces of its own. Whatever
 * runs in it changes nothing outside and reaches nothing but its own loopback.
 */
export class ThrowAwayHost {
  /** Where its root stands, seen from here. */
  readonly root: string;
  readonly #base: string;
  readonly #mounted: string[] = [];
  #init: ChildProcess | undefined;

  /** Undefined where it cannot be made: without root, or without the namespaces or the overlay. */
  static create(): ThrowAwayHost | undefined {
    if (process.getuid?.() !== 0) return undefined;
    const host = new ThrowAwayHost();
    if (host.#mount()) return host;
    host.close();
    return undefined;
  }

  private constructor() {
    this.#base = mkdtempSync(join(tmpdir(), 'vakthund-host-'));
    this.root = join(this.#base, 'root');
  }

  /** Runs shell scripts in it one after the other, and leaves what they started running. Gives their exit codes. */
  async run(scripts: readonly string[]): Promise<number[]> {
    const folder = join(this.root, 'tmp/scripts');
    mkdirSync(folder, { recursive: true });
    for (const [index, script] of scripts.entries()) writeFileSync(join(folder, `${index}.sh`), script);
    const results = join(this.root, 'tmp/results');
    const steps = [
      'mount -t proc proc /proc; ip link set lo up 2>/dev/null',
      `cd /; for i in $(seq 0 ${scripts.length - 1}); do timeout 20 bash /tmp/scripts/$i.sh >/dev/null 2>&1 </dev/null; echo $? >>/tmp/results; done`,
      'rm -r /tmp/scripts; echo done >>/tmp/results; exec sleep 3600',
    ];
    const command = [
      '-p',
      '-m',
      '-n',
      '--fork',
      '--kill-child',
      'chroot',
      this.root,
      '/bin/bash',
      '-c',
      steps.join('\n'),
    ];
    const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root' };
    this.#init = spawn('unshare', command, { stdio: 'ignore', env });
    for (let waited = 0; waited < 1200; waited++) {
      const lines = existsSync(results) ? readFileSync(results, 'utf8').split('\n') : [];
      if (lines.includes('done')) {
        rmSync(results);
        return lines.slice(0, scripts.length).map(Number);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error('the scripts did not come to their end');
  }

  /** Ends everything that runs in it and takes its mounts away. */
  close(): void {
    this.#init?.kill('SIGKILL');
    spawnSync('chattr', ['-R', '-i', join(this.root, 'usr/local')], { stdio: 'ignore' });
    for (const point of this.#mounted.reverse()) spawnSync('umount', ['-l', point]);
    rmSync(this.#base, { recursive: true, force: true });
  }

  #mount(): boolean {
    if (!this.#run('tmpfs', this.#base, ['-t', 'tmpfs'])) return false;
    const [upper, work] = [join(this.#base, 'upper'), join(this.#base, 'work')];
    for (const folder of [upper, work, this.root]) mkdirSync(folder);
    const options = `lowerdir=/,upperdir=${upper},workdir=${work}`;
    if (!this.#run('overlay', this.root, ['-t', 'overlay', '-o', options])) return false;
    for (const name of readdirSync('/')) {
      const point = join(this.root, name);
      if (systemFolders.has(name) || !statSync(point).isDirectory()) continue;
      if (!this.#run('tmpfs', point, ['-t', 'tmpfs'])) return false;
    }
    if (!this.#run('/dev', join(this.root, 'dev'), ['--bind'])) return false;
    return this.#run('tmpfs', join(this.root, 'dev/shm'), ['-t', 'tmpfs']);
  }

  #run(source: string, point: string, options: readonly string[]): boolean {
    const isMounted = spawnSync('mount', [...options, source, point], { stdio: 'ignore' }).status === 0;
    if (isMounted) this.#mounted.push(point);
    return isMounted;
  }
}
