export interface Section {
  readonly name: string;
  /** In the file. */
  readonly offset: number;
  readonly bytes: number;
  /** Where it is loaded; 0 when it is not. */
  readonly address: number;
}

/** What a header says of a program: its sections, and for programs without a section table the parts that are loaded. */
export interface Layout {
  readonly format: 'elf' | 'pe' | 'mach-o';
  readonly isLittle: boolean;
  readonly sections: readonly Section[];
  /** The header tells of tables that are not in the file. */
  readonly isDamaged?: true;
  /** Of PE alone: what relative addresses count from, and the relative addresses of the data directories (0 where there is none). */
  readonly pe?: { readonly base: number; readonly directories: readonly number[] };
}

/** Reads `length` bytes from `offset` on; fewer at the end. */
export type ReadAt = (offset: number, length: number) => Buffer;

/** Section tables of the largest programs have some hundred entries. */
export const maxSections = 4096;
