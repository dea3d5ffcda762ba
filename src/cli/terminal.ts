/** What a command may do to the outside: results to `out`, talk to `talk`, and the switches that shape them. */
export interface Terminal {
  out(text: string): void;
  talk(text: string): void;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly color: boolean;
  /** Columns; 80 when it is not a terminal. */
  readonly width: number;
  /** Progress may be drawn: standard error is a terminal and `--quiet` is off. */
  readonly isInteractive: boolean;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}
