import koffi from 'koffi';
import { errorName } from '../names.ts';
import { readFanotifyEvents, type FanotifyEvent } from './fanotify-event.ts';

/** Numbers of `linux/fanotify.h` and `fcntl.h`, as on x86-64 and arm64. */
const closeOnExec = 0x1;
const nonBlocking = 0x2;
const reportFile = 0x200;
const reportFolder = 0x400;
const reportName = 0x800;
const reportTarget = 0x1000;
const markAdd = 0x1;
const markFileSystem = 0x100;
const currentFolder = -100;
const eAgain = 11;
const eIntr = 4;

const libc = koffi.load('libc.so.6');
const fanotifyInit = libc.func('int fanotify_init(unsigned int, unsigned int)');
const fanotifyMark = libc.func('int fanotify_mark(int, unsigned int, uint64_t, int, const char *)');
const read = libc.func('long read(int, void *, size_t)');
const close = libc.func('int close(int)');

class FanotifyError extends Error {
  override readonly name = 'FanotifyError';
}

/** A group of fanotify(7) that tells of files by handle and name. It only hears: nothing waits for it. */
export class FanotifyGroup {
  readonly descriptor: number;
  readonly #buffer = Buffer.alloc(256 * 1024);

  /** Needs CAP_SYS_ADMIN and Linux 5.17. Its queue is bounded by `fs.fanotify.max_queued_events`; an overflow is an event. */
  constructor() {
    const flags = closeOnExec | nonBlocking | reportFile | reportFolder | reportName | reportTarget;
    this.descriptor = fanotifyInit(flags, 0) as number;
    if (this.descriptor < 0) throw new FanotifyError(`fanotify_init failed with ${lastError()}`);
  }

  /** Asks for events of the whole file system that a path lies in; gives what the kernel says against it. */
  addFileSystem(path: string, mask: number): string | undefined {
    return this.#mark(markAdd | markFileSystem, mask, path);
  }

  /** Asks for events of one file, by whatever path it is reached. */
  addFile(path: string, mask: number): string | undefined {
    return this.#mark(markAdd, mask, path);
  }

  /** What waits; undefined when nothing does. Handles in it are valid until the next call. */
  read(): Iterable<FanotifyEvent> | undefined {
    const length = Number(read(this.descriptor, this.#buffer, this.#buffer.length));
    if (length > 0) return readFanotifyEvents(this.#buffer.subarray(0, length));
    const error = koffi.errno();
    if (length === 0 || error === eAgain || error === eIntr) return undefined;
    throw new FanotifyError(`reading what happens to files failed with ${lastError()}`);
  }

  close(): void {
    close(this.descriptor);
  }

  #mark(flags: number, mask: number, path: string): string | undefined {
    return fanotifyMark(this.descriptor, flags, mask, currentFolder, path) === 0 ? undefined : lastError();
  }
}

function lastError(): string {
  const error = koffi.errno();
  return errorName(error) ?? `error ${error}`;
}
