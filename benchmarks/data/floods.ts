import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Flood {
  readonly id: string;
  /** Kind of its events, and the condition that tells them. */
  readonly kind: string;
  readonly condition: string;
  /** Events that were made, and how long it took. */
  readonly run: () => { readonly made: number; readonly seconds: number };
  /** One event of the same kind that is none of the flood; what a sensor records behind all that came before. */
  readonly mark: () => void;
  readonly markCondition: string;
}

/** Paces itself: so many a second, for so many seconds, of `exec` or `open` of a file. Prints how many were made, and the seconds. */
const source = `#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
extern char **environ;
static double now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec + t.tv_nsec / 1e9; }
int main(int argc, char **argv) {
  int starts = !strcmp(argv[1], "exec");
  long rate = atol(argv[2]), total = rate * atol(argv[3]), done = 0;
  char *what = argv[4], *args[] = {what, NULL};
  double start = now();
  while (done < total) {
    if (now() - start <= done / (double)rate) { usleep(50); continue; }
    if (starts) { pid_t child; if (!posix_spawn(&child, what, NULL, NULL, args, environ)) waitpid(child, NULL, 0); }
    else { int file = open(what, O_RDONLY); if (file >= 0) close(file); }
    done++;
  }
  printf("%ld %.3f\\n", done, now() - start);
}
`;

const seconds = 3;

/** Programs started, and files opened, as fast as a busy build server does at its worst. Empty without a C compiler. */
export function floods(folder: string): readonly Flood[] {
  const inFolder = (name: string): string => join(folder, name);
  const [flood, empty, opened] = [inFolder('flood'), inFolder('empty'), inFolder('opened/file')];
  const [started, looked] = [inFolder('started'), inFolder('opened/looked')];
  writeFileSync(`${flood}.c`, source);
  writeFileSync(`${empty}.c`, 'int main(void) { return 0; }\n');
  writeFileSync(opened, '');
  const isBuilt = [flood, empty].every((path) => spawnSync('cc', ['-O2', '-o', path, `${path}.c`]).status === 0);
  if (!isBuilt) {
    process.stderr.write('no floods: there is no C compiler\n');
    return [];
  }
  copyFileSync(empty, started);
  writeFileSync(looked, '');
  const run = (what: string, rate: number, path: string) => () => {
    const { stdout } = spawnSync(flood, [what, String(rate), String(seconds), path], { encoding: 'utf8' });
    const [made = 0, took = 1] = stdout.trim().split(' ').map(Number);
    return { made, seconds: took };
  };
  return [
    {
      id: 'execs',
      kind: 'process',
      condition: `process_executable = '${empty}'`,
      run: run('exec', 5000, empty),
      mark: () => void spawnSync(started),
      markCondition: `process_executable = '${started}'`,
    },
    {
      id: 'opens',
      kind: 'file_access',
      condition: `file_path = '${opened}'`,
      run: run('open', 50_000, opened),
      mark: () => void readFileSync(looked),
      markCondition: `file_path = '${looked}'`,
    },
  ];
}
