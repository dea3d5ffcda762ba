import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const program = '/usr/lib/systemd/systemd-journald';
const nameSpace = 'vakthund';

/** Whether one can be run here: systemd is installed, and mount namespaces are allowed. */
export const canRunJournald = existsSync(program) && spawnSync('unshare', ['-m', 'true']).status === 0;

/** A systemd-journald of its own that keeps its files in a folder, in a mount namespace that nobody else sees. */
export class OwnJournald {
  /** Where its journals are. */
  readonly journals: string;
  readonly #child: ChildProcess;

  constructor(folder: string) {
    this.journals = join(folder, 'journal');
    const run = join(folder, 'run');
    for (const path of [this.journals, run]) mkdirSync(path, { recursive: true });
    const script = [
      'mkdir -p /var/log/journal /run/systemd',
      `mount --bind ${this.journals} /var/log/journal && mount --bind ${run} /run/systemd`,
      `${program} ${nameSpace} & JOURNALD=$!`,
      `until [ -S /run/systemd/journal.${nameSpace}/dev-log ]; do sleep 0.05; done`,
      'while read -r line; do eval "$line"; done; kill $JOURNALD; wait',
    ].join('\n');
    this.#child = spawn('unshare', ['-m', '--propagation', 'private', 'sh', '-c', script], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
  }

  /** Writes an entry as syslog does. */
  log(tag: string, message: string): void {
    this.#do(`logger -u /run/systemd/journal.${nameSpace}/dev-log -t ${tag} '${message}'`);
  }

  /** Begins new files. */
  rotate(): void {
    this.#do('kill -USR2 $JOURNALD');
  }

  /** Names of the journal files that there are. */
  files(): string[] {
    return readdirSync(this.journals, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.includes('.journal'),
    );
  }

  /** Cursors of all entries in the order of their writing, by journalctl. */
  cursors(): string[] {
    const [folder = ''] = readdirSync(this.journals);
    const args = ['-D', join(this.journals, folder), '-o', 'export', '--no-pager'];
    const { stdout } = spawnSync('journalctl', args, { encoding: 'latin1', maxBuffer: 1 << 28 });
    return [...stdout.matchAll(/^__CURSOR=(?<cursor>.*)$/gm)].map(({ groups }) => groups?.['cursor'] ?? '');
  }

  async stop(): Promise<void> {
    this.#child.stdin?.end();
    if (this.#child.exitCode === null) await new Promise((done) => this.#child.once('exit', done));
  }

  #do(command: string): void {
    this.#child.stdin?.write(`${command}\n`);
  }
}
