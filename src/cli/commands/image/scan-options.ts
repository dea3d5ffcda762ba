import type { Command as Commander } from 'commander';
import { collect, type ImageOptions } from './image-options.ts';

/** Options of every command that judges packages by advisories. */
export interface AssessmentOptions extends ImageOptions {
  readonly advisories: readonly string[];
  readonly store?: string;
  /** Image whose change logs tell what was repaired. */
  readonly changelogs?: string;
  /** Indexes of package archives: what they have newer is a pending update. */
  readonly archive?: readonly string[];
  readonly asOf?: string;
  readonly vex: readonly string[];
  readonly ignore: readonly string[];
  readonly withDevelopment?: boolean;
}

/** Adds the options that say by which advisories, as of when, and without what. */
export function addScanOptions(command: Commander): Commander {
  return command
    .option('--advisories <path...>', 'files and folders of advisories instead of the store', collect, [])
    .option('--store <folder>', 'folder of the advisory store; see `vakthund feeds status`')
    .option(
      '--changelogs <image>',
      'updated image of the same Debian or Ubuntu: what its change logs repaired is advice',
    )
    .option('--as-of <day>', 'use what was published until then: 2023-09-22')
    .option(
      '--vex <file>',
      'statements that say what does not matter: OpenVEX, CSAF, CycloneDX (repeatable)',
      collect,
      [],
    )
    .option('--ignore <file>', 'vulnerabilities to leave out, with reason and end (repeatable)', collect, [])
    .option('--with-development', 'also judge what lock files want for development only');
}
