/** Where a format says that a file is over. */
export type ContainerEnd =
  | {
      /** Byte after the last one that belongs to the format. */
      readonly end: number;
      /** Type of what the file itself says that follows. */
      readonly announced?: string;
    }
  | { readonly fault: string };
