import type { DescriptorTable } from './descriptor-table.ts';

/** Flags of clone(2), by the numbers of the format. */
export const cloneFlag = {
  files: 1,
  newPid: 64,
  parent: 256,
  thread: 8192,
  newUser: 1 << 20,
  inverted: 1 << 16,
  childInPidNamespace: 1 << 29,
} as const;

/** What a user id that is not known is written as. */
export const unsetId = 0xffff_ffff;

/** What is known of one thread; of a process it is the main thread that holds descriptors, directory and environment. */
export class Thread {
  readonly tid: number;
  pid = -1;
  parent = -1;
  virtualTid = -1;
  virtualPid = -1;
  session = -1;
  group = -1;
  name = '';
  exe = '';
  path = '';
  /** Arguments after the first. */
  args: readonly string[] = [];
  env: readonly string[] = [];
  directory = '';
  root = '/';
  cgroups = '';
  /** First twelve digits for most engines; empty on the host. */
  container = '';
  flags = 0;
  uid = unsetId;
  gid = unsetId;
  loginUid = unsetId;
  tty = 0;
  fdLimit = -1;
  inheritable = 0n;
  permitted = 0n;
  effective = 0n;
  exeWritable = false;
  exeUpperLayer = false;
  exeLowerLayer = false;
  exeFromMemfd = false;
  exeInode = 0n;
  exeChanged = 0n;
  exeModified = 0n;
  /** When it was cloned, ns since 1970 in two halves; both 0 when it was there before the capture. */
  startHigh = 0;
  startLow = 0;
  /** Living threads of the process beside this one, which is the main one. */
  readonly members = new Set<number>();
  /** The main thread has ended while others live. */
  isClosed = false;
  /** Nothing is known but the id: it appeared in an event and was never described. */
  isUnknown = false;
  table: DescriptorTable;
  /** Descriptor of the event at hand or of the enter event before it; -1 for none. */
  lastFd = -1;
  /** Event that the thread entered and has not left; -1 for none. */
  lastEnter = -1;
  /** When it did, ns since 1970 in two halves. */
  enteredHigh = 0;
  enteredLow = 0;
  /** The enter event at hand carries parameters that the exit event needs. */
  enterLength = 0;
  enterBytes: Buffer | undefined;

  constructor(tid: number, table: DescriptorTable) {
    this.tid = tid;
    this.table = table;
  }

  get isMain(): boolean {
    return this.tid === this.pid;
  }

  /** `name arg1 arg2`: Falco's command line begins with the short name. */
  get commandLine(): string {
    this.#commandLine ??= [this.name, ...this.args].join(' ');
    return this.#commandLine;
  }
  #commandLine: string | undefined;

  get argumentText(): string {
    this.#argumentText ??= this.args.join(' ');
    return this.#argumentText;
  }
  #argumentText: string | undefined;

  /** Sets short name and arguments, which the command line is made of. */
  setProgram(name: string, args: readonly string[]): void {
    this.name = name;
    this.args = args;
    this.#commandLine = undefined;
    this.#argumentText = undefined;
  }
}
