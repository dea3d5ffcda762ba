import type { GuardedPath } from './guarded.ts';

/** What happens while a sensor records. */
export interface SensorEvents {
  /** Records that did not arrive: dropped by the kernel, or more than the buffer held. `count` is what is known, at least 1. */
  onLost(count: number, why: string): void;
  /** Something that the user should know and that is no loss. */
  onNote(message: string): void;
  /** A process of this machine that belongs to a container, told as soon as it is seen: it may be gone a moment later. */
  onContainerProcess(pid: number, containerId: string): void;
  /** What an engine says of a container. */
  onContainer(container: ContainerFacts): void;
}

/** A container as its engine knows it. */
export interface ContainerFacts {
  /** 64 hexadecimal digits. */
  readonly id: string;
  readonly name: string;
  readonly image: string;
  /** Its first process; 0 while it does not run. */
  readonly pid: number;
  /** What makes it powerful; undefined while that is not known. */
  readonly powers?: ContainerPowers;
}

/** What a container was given beyond the usual. */
export interface ContainerPowers {
  readonly privileged: boolean;
  /** It shares these with the machine. */
  readonly host_pid: boolean;
  readonly host_network: boolean;
  readonly host_ipc: boolean;
  /** SHA-256 of the image's configuration in hexadecimal digits, its address in its network and when it was started, where they are told. */
  readonly image_id?: string;
  readonly ip?: string;
  /** Nanoseconds since 1970. */
  readonly start_ns?: number;
  /** Its pod, by the labels that Kubernetes gives. */
  readonly pod_name?: string;
  readonly pod_namespace?: string;
  readonly pod_uid?: string;
  /** As Falco writes them: `source:destination:mode:writable:propagation`. */
  readonly mounts: readonly string[];
}

export interface RecordContext extends SensorEvents {
  /** An empty or its own earlier folder. Files in it are written by appending only, in a format that a source reads, and rotated. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** For a sensor that is pointed at something: at what. Its readme has the forms. */
  readonly inputs?: readonly string[];
  /** How often what was recorded is handed on, where the sensor hands on whole files. */
  readonly everyMs?: number;
  /** Files and folders of this program that nobody should change while it watches. */
  readonly guarded: readonly GuardedPath[];
}

/**
 * Live capture on this machine. A sensor writes records down as they come, in the native form that a source decodes; from then on they
 * are evidence like any log: nothing is judged that is not also kept. It never changes the machine.
 */
export interface Sensor<Id extends string = string> {
  readonly id: Id;
  readonly title: string;
  /** What it captures and what it cannot see: the text of the reference page. */
  readonly description: string;
  readonly references: readonly string[];
  /** Points of the guides that it serves. */
  readonly guide: readonly string[];
  /** What it must be given: capabilities, kernel features. For people. */
  readonly needs: string;
  /** Source that decodes what it writes. */
  readonly source: string;
  /** It records what it is pointed at (`RecordContext.inputs`), and nothing by itself: `auto` does not start it. */
  readonly isPointed?: true;
  /** It tells in another way what others tell too, or costs more than they do: `auto` does not start it. */
  readonly isNamedOnly?: true;
  /** Why it cannot run here and what would help; undefined when it can. Changes nothing. */
  whyNot(inputs?: readonly string[]): Promise<string | undefined>;
  /**
   * For a sensor of what is written down elsewhere too: brings in what came before, or while nobody recorded. What it records here is history, as
   * what stands in a log that is followed.
   */
  catchUp?(context: RecordContext): Promise<void>;
  /** Records until the signal; resolves when everything is written. Rejects when it cannot go on. */
  record(context: RecordContext): Promise<void>;
}

/** Checks a sensor definition while keeping its literal id. */
export function defineSensor<const Id extends string>(sensor: Sensor<Id>): Sensor<Id> {
  return sensor;
}
