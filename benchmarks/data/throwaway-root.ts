import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const rules = fileURLToPath(new URL('../../content/audit-rules/vakthund.rules', import.meta.url));
/** Small packages whose scripts do what those of large ones do: users, services, cron files, alternatives, set-user-id programs. */
const packages = [
  'cron',
  'openssh-server',
  'sudo',
  'logrotate',
  'rsyslog',
  'at',
  'nginx-light',
  'redis-server',
  'python3-minimal',
  'git',
  'vim-tiny',
  'postfix',
];
const buildMs = 600_000;

/** A Debian below a folder that packages are really installed into, from an archive and with all their scripts. */
export class ThrowawayRoot {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Undefined where it cannot be made: debootstrap is missing, or no archive answers. */
  static make(folder: string): ThrowawayRoot | undefined {
    const path = join(folder, 'debian');
    const run = spawnSync('debootstrap', ['--variant=minbase', 'bookworm', path], {
      stdio: 'ignore',
      timeout: buildMs,
    });
    if (run.status !== 0) return undefined;
    // No service starts: it would take the ports of this machine.
    writeFileSync(join(path, 'usr/sbin/policy-rc.d'), '#!/bin/sh\nexit 101\n', { mode: 0o755 });
    return new ThrowawayRoot(path);
  }

  /** The shipped watches over files, for those below the root. */
  get auditRules(): string[] {
    return readFileSync(rules, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('-w /'))
      .map((line) => line.replace('-w ', `-w ${this.#folder}`));
  }

  /** Lines of the shell: packages come, run, are configured anew and go again. */
  get lines(): string[] {
    const inside = (line: string): string => `DEBIAN_FRONTEND=noninteractive chroot ${this.#folder} ${line}`;
    return [
      inside('apt-get update -q'),
      ...packages.flatMap((name) => [
        inside(`apt-get install -y -q --no-install-recommends ${name}`),
        inside(`dpkg-reconfigure ${name}`),
      ]),
      inside('useradd -m -s /bin/bash worker'),
      inside('sh -c \'su worker -c "ls -la; python3 -c 1; git init -q x"; userdel -r worker\''),
      inside(`apt-get purge -y -q --auto-remove ${packages.join(' ')}`),
    ];
  }
}
