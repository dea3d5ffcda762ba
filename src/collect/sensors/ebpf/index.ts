import { messageOf } from '../../../base/errors.ts';
import { defineSensor } from '../../sensor.ts';
import { recordInThread } from '../_shared/record-in-thread.ts';

export const sensor = defineSensor({
  id: 'ebpf',
  title: 'System calls',
  description:
    'Programs that start, and system calls that change files, reach out or act on other processes, as they return: opening to write, renaming, linking, deleting, changing rights, mounting, connecting, binding, packet sockets, a connection that becomes standard input or output, memfd_create, ptrace, process_vm_writev, setns, unshare, bpf, io_uring_setup, kernel modules, kexec; of 32-bit programs too, and failed tries. A small program runs in the kernel (built from `calls.bpf.c` when the sensor starts), for many calls a second. Arguments of programs are read before these can change them. Paths are told as they were given: another thread may change one while the kernel reads it, which the sensor `fanotify` is not fooled by. Reading is told of files with secrets only, by their names, and what io_uring does by itself not at all. Calls of one process on one path are told once in ten seconds.',
  references: [
    'https://docs.kernel.org/bpf/',
    'https://docs.kernel.org/bpf/ringbuf.html',
    'https://libbpf.readthedocs.io/en/latest/',
  ],
  guide: ['C15', 'C16', 'B03', 'B06'],
  needs:
    'CAP_BPF and CAP_PERFMON in the first user namespace (root), Linux 5.8 with BTF, libbpf 1 (apt install libbpf1) and clang (apt install clang); CAP_NET_ADMIN to know the ancestors of what ended at once.',
  source: 'vakthund-export',
  isNamedOnly: true,
  async whyNot() {
    const { findCompiler, isKnownProcessor, withProgram } = await import('./build.ts');
    if (!isKnownProcessor()) return 'it runs on x86-64 and arm64 only';
    const compiler = findCompiler();
    if (compiler === undefined) return 'there is no clang to build its program with (apt install clang)';
    try {
      const { BpfObject } = await import('../../linux/ebpf/bpf-object.ts');
      withProgram(compiler, (path) => new BpfObject(path).close());
      return undefined;
    } catch (error) {
      return `its program cannot be loaded: ${messageOf(error)} (it needs root, Linux 5.8 with BTF, and libbpf 1)`;
    }
  },
  record: (context) => recordInThread(new URL('recorder.ts', import.meta.url), context),
});
