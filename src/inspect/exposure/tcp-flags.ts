import type { Match } from './firewall.ts';

/** What a rule compares the flags of a TCP header with: those of `mask`, or all when it is undefined. */
export interface FlagTest {
  readonly mask: readonly string[] | undefined;
  readonly flags: readonly string[];
  /** `any`: one of them is set; `exactly`: of those of the mask only these. */
  readonly wants: 'exactly' | 'any';
  readonly negated: boolean;
}

/** Of the first packet of a connection SYN is set, and nothing else. */
export function flagsMatch({ mask, flags, wants, negated }: FlagTest): Match {
  const isSynSeen = mask === undefined || mask.includes('syn');
  const isSynOnly = flags.length === 1 && flags[0] === 'syn';
  const isExact = isSynSeen ? isSynOnly : flags.length === 0;
  const holds = wants === 'any' ? isSynSeen && flags.includes('syn') : isExact;
  // Whoever opens a connection, this holds or it does not.
  return { kind: 'state', states: holds ? ['new'] : [], negated };
}

/** `(fin | syn)`, `fin|syn`, `fin,syn`, `0x0`. */
export function flagsIn(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^a-z\dx]+/)
    .filter((flag) => flag !== '' && flag !== '0x0' && flag !== '0' && flag !== 'none');
}

const forms = [
  /^& (?<mask>\([^)]*\)|[\w,|]+) (?<op>==|!=) (?<flags>\([^)]*\)|[\w,|]+)(?= |$)/,
  /^(?:(?<op>==|!=) )?(?<flags>[\w,|]+) \/ (?<mask>[\w,|]+)(?= |$)/,
  /^(?:(?<op>==|!=|!) )?(?<flags>[\w,|]+(?: \| \w+)*)(?= |$)/,
];

/** `tcp flags syn`, `syn / fin,syn,rst,ack`, `& (fin | syn) == syn`, `! syn`, of the words behind `flags`; undefined for sets. */
export function nftFlagTest(words: string): { readonly test: FlagTest; readonly taken: number } | undefined {
  for (const form of forms) {
    const found = form.exec(words);
    if (found?.groups === undefined) continue;
    const { mask, op, flags = '' } = found.groups;
    const isExact = mask !== undefined || op === '==' || op === '!=';
    const test: FlagTest = {
      mask: mask === undefined ? undefined : flagsIn(mask),
      flags: flagsIn(flags),
      wants: isExact ? 'exactly' : 'any',
      negated: op === '!=' || op === '!',
    };
    return { test, taken: found[0].split(' ').length };
  }
  return undefined;
}
