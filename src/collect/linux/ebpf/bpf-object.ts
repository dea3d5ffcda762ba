import koffi from 'koffi';
import { errorName } from '../names.ts';

class BpfError extends Error {
  override readonly name = 'BpfError';
}

/** libbpf 1.x, loaded when first asked for: most machines have none. */
function loadLibrary() {
  const library = koffi.load('libbpf.so.1');
  // Its talk goes to standard error otherwise.
  library.func('void *libbpf_set_print(void *)')(null);
  return {
    open: library.func('void *bpf_object__open_file(const char *, const void *)'),
    load: library.func('int bpf_object__load(void *)'),
    close: library.func('void bpf_object__close(void *)'),
    nextProgram: library.func('void *bpf_object__next_program(void *, void *)'),
    attach: library.func('void *bpf_program__attach(void *)'),
    destroyLink: library.func('int bpf_link__destroy(void *)'),
    mapDescriptor: library.func('int bpf_object__find_map_fd_by_name(void *, const char *)'),
    update: library.func('int bpf_map_update_elem(int, const void *, const void *, uint64_t)'),
    lookUp: library.func('int bpf_map_lookup_elem(int, const void *, _Out_ uint8_t *)'),
  };
}

/** Programs and maps of an object file in the kernel; they are gone when it is closed or the process ends. */
export class BpfObject {
  readonly #library = loadLibrary();
  readonly #object: unknown;
  readonly #links: unknown[] = [];

  /** Needs CAP_BPF and CAP_PERFMON (root), and libbpf; throws where the kernel refuses. */
  constructor(path: string) {
    const object: unknown = this.#library.open(path, null);
    if (object === null) throw new BpfError(`the program cannot be opened: ${lastError()}`);
    this.#object = object;
    const result = this.#library.load(object) as number;
    if (result === 0) return;
    this.#library.close(object);
    throw new BpfError(`the kernel refuses the program: ${errorName(-result) ?? `error ${-result}`}`);
  }

  /** From now on the programs run. */
  attach(): void {
    let program: unknown = this.#library.nextProgram(this.#object, null);
    for (; program !== null; program = this.#library.nextProgram(this.#object, program)) {
      const link: unknown = this.#library.attach(program);
      if (link === null) throw new BpfError(`the kernel does not run the program: ${lastError()}`);
      this.#links.push(link);
    }
  }

  mapDescriptor(name: string): number {
    const descriptor = this.#library.mapDescriptor(this.#object, name) as number;
    if (descriptor < 0) throw new BpfError(`the program has no map ${name}`);
    return descriptor;
  }

  update(map: number, key: Buffer, value: Buffer): void {
    if (this.#library.update(map, key, value, 0) !== 0) throw new BpfError(`a map cannot be set: ${lastError()}`);
  }

  /** Puts the value of a key into `value`, which must be as large as the map says. */
  lookUp(map: number, key: Buffer, value: Buffer): void {
    if (this.#library.lookUp(map, key, value) !== 0) throw new BpfError(`a map cannot be read: ${lastError()}`);
  }

  close(): void {
    for (const link of this.#links.splice(0)) this.#library.destroyLink(link);
    this.#library.close(this.#object);
  }
}

function lastError(): string {
  const error = koffi.errno();
  return errorName(error) ?? `error ${error}`;
}
