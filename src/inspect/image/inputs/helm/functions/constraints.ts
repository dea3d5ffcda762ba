import { orderOf } from '../../../../packages/advisories/ecosystems.ts';

const semver = orderOf('npm');

/** Whether a version is in a range of Masterminds/semver: `>=1.19-0`, `^1.2, <2 || 3.x`. */
export function satisfies(version: string, constraint: string): boolean {
  const plain = fill(version);
  return constraint.split('||').some((part) => {
    const tests = part.trim().match(/(?:[<>=!~^]+\s*)?v?[\dxX*][^\s,]*/g) ?? [];
    return tests.every((test) => holds(plain, test));
  });
}

/** A version beside the one that a test names, of which it may leave out numbers. */
interface Comparison {
  /** Of the version to the one that is named. */
  readonly order: number;
  readonly numbers: readonly string[];
  readonly isPartial: boolean;
  /** The first numbers are those that are named. */
  readonly shares: (count: number) => boolean;
}

const signs: Readonly<Record<string, (comparison: Comparison) => boolean>> = {
  '>': ({ order }) => order > 0,
  '>=': ({ order }) => order >= 0,
  '=>': ({ order }) => order >= 0,
  '<': ({ order }) => order < 0,
  '<=': ({ order, isPartial, numbers, shares }) => order <= 0 || (isPartial && shares(numbers.length)),
  '=<': ({ order, isPartial, numbers, shares }) => order <= 0 || (isPartial && shares(numbers.length)),
  '!=': ({ order }) => order !== 0,
  '^': ({ order, numbers, shares }) => order >= 0 && shares(numbers[0] === '0' ? 2 : 1),
  '~': ({ order, numbers, shares }) => order >= 0 && shares(Math.min(numbers.length, 2)),
};

function isSame({ order, isPartial, numbers, shares }: Comparison): boolean {
  return isPartial ? shares(numbers.length) : order === 0;
}

const isWildcard = (part: string): boolean => /^[xX*]$/.test(part);

function holds(version: string, test: string): boolean {
  const { sign = '', wanted = '' } = /^(?<sign>[<>=!~^]*)\s*v?(?<wanted>.*)$/.exec(test)?.groups ?? {};
  const numbers = wanted.split('-')[0]?.split('.') ?? [];
  const own = version.split('-')[0]?.split('.') ?? [];
  return (signs[sign] ?? isSame)({
    order: semver?.compare(version, fill(wanted)) ?? 0,
    numbers,
    isPartial: numbers.length < 3 || numbers.some(isWildcard),
    shares: (count) =>
      numbers.slice(0, count).every((part, index) => isWildcard(part) || Number(part) === Number(own[index])),
  });
}

/** `v1.19-0` as `1.19.0-0`; wildcards are 0. */
function fill(version: string): string {
  const [numbers = '', ...rest] = version.trim().replace(/^v/, '').split('-');
  const given = numbers.split('+')[0]?.split('.') ?? [];
  const full = [...given.map((part) => (/^\d+$/.test(part) ? part : '0')), '0', '0', '0'].slice(0, 3).join('.');
  return rest.length === 0 ? full : `${full}-${rest.join('-')}`;
}
