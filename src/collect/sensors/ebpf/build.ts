import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { arch, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('calls.bpf.c', import.meta.url));
const targets: Readonly<Record<string, string>> = { x64: 'x86', arm64: 'arm64' };
/** As Debian calls them. */
const compilers = ['clang', ...Array.from({ length: 10 }, (_none, index) => `clang-${22 - index}`)];
const maxMs = 60_000;

/** A compiler of this machine that makes BPF; undefined where there is none. */
export function findCompiler(): string | undefined {
  return compilers.find((name) => spawnSync(name, ['--version'], { timeout: maxMs }).status === 0);
}

/** Whether the program has been written for processors such as this one. */
export function isKnownProcessor(): boolean {
  return targets[arch()] !== undefined;
}

/** Builds the program from its source and hands over the object file, which is gone afterwards. Throws with what the compiler said. */
export function withProgram<Result>(compiler: string, use: (path: string) => Result): Result {
  const folder = mkdtempSync(join(tmpdir(), 'vakthund-ebpf-'));
  try {
    const object = join(folder, 'calls.o');
    const flags = ['-O2', '-g', '-Wall', '-Werror', '-target', 'bpf', `-D__TARGET_ARCH_${targets[arch()]}`];
    const made = spawnSync(compiler, [...flags, '-c', source, '-o', object], { encoding: 'utf8', timeout: maxMs });
    if (made.status !== 0) throw new Error(`${compiler} does not build the program: ${made.stderr.slice(0, 500)}`);
    return use(object);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
