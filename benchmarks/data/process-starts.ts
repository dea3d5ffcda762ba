import { allOf, anyOf, fieldSubject, not, type Condition, type TextTest } from '../../src/match/condition/condition.ts';
import type { StreamResolver } from '../../src/match/condition/resolver.ts';
import { Random } from '../../tests/fuzz/random.ts';

/** A started process as Windows logs it. */
export type ProcessStart = Readonly<
  Record<'Image' | 'CommandLine' | 'ParentImage' | 'User' | 'OriginalFileName', string>
>;

export const processStartFields: StreamResolver<ProcessStart> = {
  field: ({ name }) => {
    switch (name) {
      case 'Image':
      case 'CommandLine':
      case 'ParentImage':
      case 'User':
      case 'OriginalFileName':
        return { type: 'text', get: (start) => start[name] };
      default:
        return { absent: `${name} is not recorded` };
    }
  },
  allFields: () => ({ type: 'list', get: (start) => Object.values(start) }),
};

const programs = [
  'powershell',
  'cmd',
  'rundll32',
  'regsvr32',
  'wmic',
  'mshta',
  'certutil',
  'bitsadmin',
  'schtasks',
  'net',
  'svchost',
  'chrome',
  'explorer',
  'msedge',
  'teams',
  'outlook',
  'conhost',
  'taskhostw',
];
const words = [
  '-enc',
  'bypass',
  'hidden',
  'downloadstring',
  'invoke-',
  '/create',
  '/add',
  'javascript:',
  'process call create',
  'urlcache',
  'comsvcs.dll',
  'minidump',
  '\\appdata\\',
  '\\temp\\',
  'http://',
  '--type=renderer',
  '/c start',
  'sekurlsa',
  'shadowcopy',
  'delete',
];

function one<T>(draw: Random, list: readonly T[]): T {
  const value = list[draw.below(list.length)];
  if (value === undefined) throw new Error('nothing to draw from');
  return value;
}

/** The same for the same count on every machine; a twentieth of the command lines hold something that rules look for. */
export function makeProcessStarts(count: number): ProcessStart[] {
  const draw = new Random(3);
  return Array.from({ length: count }, () => {
    const program = one(draw, programs);
    const extra =
      draw.below(20) === 0
        ? `${one(draw, words)} ${one(draw, words)}`
        : `--session=${draw.below(1e9)} --profile "Default ${draw.below(50)}"`;
    return {
      Image: `C:\\Windows\\System32\\${program}.exe`,
      CommandLine: `"C:\\Windows\\System32\\${program}.exe" ${extra} C:\\Users\\user${draw.below(300)}\\Documents\\file${draw.below(1e6)}.docx`,
      ParentImage: `C:\\Program Files\\Vendor${draw.below(40)}\\${one(draw, programs)}.exe`,
      User: `CORP\\user${draw.below(300)}`,
      OriginalFileName: `${program.toUpperCase()}.EXE`,
    };
  });
}

/** Rules in the manner of Sigma's: ends of paths, parts of command lines, alternatives, filters; case does not count. */
export function makeProcessRules(count: number): Condition[] {
  const draw = new Random(5);
  const text = (name: string, operator: TextTest['operator'], ...values: string[]): Condition => ({
    kind: 'text',
    subject: fieldSubject(name),
    operator,
    values,
    ignoreCase: true,
  });
  const part = (): string => (draw.below(3) === 0 ? one(draw, words) : `${one(draw, words)}${draw.below(400)}`);
  const program = (): Condition => {
    const name = one(draw, programs);
    return anyOf([text('Image', 'endsWith', `\\${name}.exe`), text('OriginalFileName', 'equals', `${name}.exe`)]);
  };
  const selections: (() => Condition)[] = [
    () => allOf([program(), text('CommandLine', 'contains', part(), part(), part())]),
    () => allOf([program(), text('CommandLine', 'contains', part()), text('CommandLine', 'contains', part())]),
    () => text('Image', 'endsWith', `\\tool${draw.below(2000)}.exe`, `\\tool${draw.below(2000)}.exe`),
    () =>
      allOf([
        text('ParentImage', 'endsWith', `\\${one(draw, programs)}.exe`),
        text('Image', 'endsWith', `\\tool${draw.below(2000)}.exe`),
      ]),
    () => anyOf([text('CommandLine', 'contains', part(), part()), text('CommandLine', 'endsWith', ` ${part()}`)]),
  ];
  return Array.from({ length: count }, () => {
    const selection = one(draw, selections)();
    return draw.below(3) === 0
      ? allOf([selection, not(text('ParentImage', 'startsWith', `C:\\Program Files\\Vendor${draw.below(40)}\\`))])
      : selection;
  });
}
