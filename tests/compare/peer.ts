export interface Comparison {
  /** Every difference, one line each: the place, what we have, what the peer has. */
  readonly differences: readonly string[];
  readonly figures: Readonly<Record<string, number | string>>;
}

/** Another program, run on the same input as ours. Each file of `peers/` exports one as `peer`. */
export interface Peer {
  /** Name of the program and what is compared: `awk/zeek-rows`, from the file's name `awk-zeek-rows.ts`. */
  readonly id: string;
  /** True when the program and the input are on this machine. */
  isAvailable(): Promise<boolean>;
  run(): Promise<Comparison>;
}
