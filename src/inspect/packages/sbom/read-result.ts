import { ProblemList, type Problem } from '../../../base/problem.ts';
import type { Micros } from '../../../base/time.ts';
import type { Distribution, Package } from '../package.ts';
import type { Sbom, SbomSubject } from './sbom.ts';

/** A bill that was read, and what of it could not be. */
export interface ReadSbom {
  readonly sbom: Sbom;
  /** Name and version of the format, as the bill says it. */
  readonly format: string;
  readonly problems: readonly Problem[];
}

/** Packages of a bill that is being read. */
export class SbomDraft {
  distribution: Distribution | undefined;
  readonly #packages: Package[] = [];
  readonly #problems = new ProblemList();

  add(one: Package): void {
    this.#packages.push(one);
  }

  problem(message: string): void {
    this.#problems.add({ code: 'bad-record', at: {}, message });
  }

  done(format: string, subject: SbomSubject, created: Micros): ReadSbom {
    const sbom = { subject, created, distribution: this.distribution, packages: this.#packages };
    return { sbom, format, problems: this.#problems.drain() };
  }
}
