import type { Reason } from '../../../events/finding.ts';

/** What a command that Windows is told to start says about who told it. */
interface Sign {
  readonly what: string;
  readonly pattern: RegExp;
  readonly weight: number;
}

/** Looked for in the command in lower case; of one group only the first that is there counts. */
const signGroups: readonly (readonly Sign[])[] = [
  [
    {
      what: 'fetches something or hides what it runs',
      pattern:
        /https?:\/\/|\s[-/]e(?:nc|ncodedcommand)?\s|frombase64string|downloadstring|invoke-expression|\biex\b|scrobj/,
      weight: 0.35,
    },
    {
      what: 'is a command of a tool for remote execution',
      pattern: /%comspec%|\\\\(?:127\.0\.0\.1|localhost)\\|\\\\\.\\pipe\\|\/q \/c echo/,
      weight: 0.45,
    },
  ],
  [
    {
      what: 'runs a script, a shell or a loader',
      pattern:
        /\b(?:powershell|pwsh|cmd|wscript|cscript|mshta|rundll32|regsvr32|msbuild|installutil|certutil|bitsadmin|wmic)(?:\.exe)?\b|\.(?:bat|vbs|vbe|js|jse|wsf|hta|ps1|scr)\b/,
      weight: 0.2,
    },
  ],
  [
    {
      what: 'starts from a place that anybody may write to',
      pattern: /\\(?:temp|tmp|perflogs|\$recycle\.bin)\\|\\users\\public\\|\\downloads\\|\\programdata\\[^\\]{1,100}$/,
      weight: 0.3,
    },
    { what: 'starts from the folders of a user', pattern: /\\appdata\\|\\users\\[^\\]{1,100}\\/, weight: 0.1 },
  ],
];

/** Tools by which people and scripts set such things by hand. */
const handTools: ReadonlySet<string> = new Set([
  'reg.exe',
  'sc.exe',
  'schtasks.exe',
  'powershell.exe',
  'pwsh.exe',
  'cmd.exe',
  'wscript.exe',
  'cscript.exe',
  'mshta.exe',
  'rundll32.exe',
  'python.exe',
  'wmiprvse.exe',
  'winword.exe',
  'excel.exe',
]);
/** Whose business it is. */
const installers: ReadonlySet<string> = new Set(['msiexec.exe', 'trustedinstaller.exe', 'tiworker.exe', 'msmpeng.exe']);

/** Longer commands are looked at up to here. */
const maxCommandLength = 8192;

export function commandSigns(command: string): Reason[] {
  const lower = command.slice(0, maxCommandLength).toLowerCase();
  return signGroups.flatMap((group) => {
    const sign = group.find(({ pattern }) => pattern.test(lower));
    return sign === undefined ? [] : [{ what: sign.what, value: command.slice(0, 300), weight: sign.weight }];
  });
}

export function actorSigns(processName: string): Reason[] {
  const name = processName.toLowerCase();
  if (handTools.has(name)) return [{ what: 'set by a shell, script or document', value: processName, weight: 0.2 }];
  return installers.has(name) ? [{ what: 'set by an installer', value: processName, weight: -0.15 }] : [];
}
