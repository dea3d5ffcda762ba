import type { Severity } from '../../../src/events/finding.ts';
import type { FakeProcess } from '../fake-proc.ts';
import type { MemoryFile } from '../memory-tree.ts';

export type PlantedFiles = Readonly<Record<string, MemoryFile>>;

/** What stands on a machine: files, and what its kernel says. Without the last two nothing runs there. */
export interface Scene {
  readonly files?: PlantedFiles;
  readonly processes?: readonly FakeProcess[];
  /** Files below `/proc`, by name; `../sys/…` stands beside it. */
  readonly proc?: Readonly<Record<string, string>>;
}

/** Planted in the small Debian of the tests, and how it must come out. */
export interface Plant extends Scene {
  /** Of the finding, without `persistence/`. */
  readonly detector: string;
  /** The highest of the findings there. */
  readonly severity: Severity;
  readonly path: string;
}

/** The same place used honestly: nothing above low may come of it. */
export interface Twin extends Scene {
  readonly what: string;
}

/** A class of persistence or backdoor of the inventory: what of ours covers it, and the proof. */
export interface InventoryRow {
  readonly id: string;
  readonly title: string;
  /** Techniques that look at it. */
  readonly techniques: readonly string[];
  /** What else covers it: `source autoruns`, `table usb_devices`. */
  readonly others?: readonly string[];
  /** What makes it suspicious here. */
  readonly judged: string;
  /** What of the class is not looked at. */
  readonly open?: string;
  /** Simulations of the corpus that plant it on a live machine. */
  readonly simulations?: readonly string[];
  /** Left out for what no tree or process shows: `others` have tests of their own. */
  readonly plant?: Plant;
  /** `packaged`: the planted files as an installed package delivers them. */
  readonly twin?: 'packaged' | Twin;
}
