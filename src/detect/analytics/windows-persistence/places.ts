/** A registry value from which Windows starts something, or loads code into what it starts. */
export interface RegistryPlace {
  readonly says: string;
  /** The whole path in lower case. */
  readonly path: RegExp;
  /** A part of such paths without backslashes, by which the store narrows. */
  readonly part: string;
  /** How much a change there says on its own, 0 to 1. */
  readonly weight: number;
  readonly attack: readonly string[];
}

/** ATT&CK T1547 and T1546 name them; weights are low where installers of everyday programs write too. */
export const registryPlaces: readonly RegistryPlace[] = [
  {
    says: 'start at log-on (Run key)',
    path: /\\microsoft\\windows\\currentversion\\(?:policies\\explorer\\)?run(?:once|onceex|services|servicesonce)?\\/,
    part: 'currentversion',
    weight: 0.25,
    attack: ['T1547.001'],
  },
  {
    says: 'program of the log-on itself (Winlogon)',
    path: /\\windows nt\\currentversion\\winlogon\\(?:userinit|shell|taskman|system|vmapplet|notify\\[^\\]{1,100}\\dllname)$/,
    part: 'winlogon',
    weight: 0.55,
    attack: ['T1547.004'],
  },
  {
    says: 'log-on script of a user',
    path: /\\environment\\userinitmprlogonscript$/,
    part: 'userinitmprlogonscript',
    weight: 0.55,
    attack: ['T1037.001'],
  },
  {
    says: 'program that starts instead of another (Image File Execution Options)',
    path: /\\image file execution options\\[^\\]{1,260}\\(?:debugger|verifierdlls)$/,
    part: 'image file execution options',
    weight: 0.6,
    attack: ['T1546.012'],
  },
  {
    says: 'program that starts when another ends (SilentProcessExit)',
    path: /\\silentprocessexit\\[^\\]{1,260}\\monitorprocess$/,
    part: 'silentprocessexit',
    weight: 0.65,
    attack: ['T1546.012'],
  },
  {
    says: 'library that is loaded into every program (AppInit)',
    path: /\\windows nt\\currentversion\\windows\\(?:appinit_dlls|load|run)$/,
    part: 'currentversion',
    weight: 0.5,
    attack: ['T1546.010'],
  },
  {
    says: 'library that is loaded into every program (AppCert)',
    path: /\\session manager\\appcertdlls\\/,
    part: 'appcertdlls',
    weight: 0.65,
    attack: ['T1546.009'],
  },
  {
    says: 'library that is loaded into the security authority (LSA)',
    path: /\\control\\lsa\\(?:(?:osconfig\\)?security packages|authentication packages|notification packages)$/,
    part: 'packages',
    weight: 0.55,
    attack: ['T1547.005'],
  },
  {
    says: 'set-up at log-on (Active Setup)',
    path: /\\active setup\\installed components\\[^\\]{1,100}\\stubpath$/,
    part: 'active setup',
    weight: 0.35,
    attack: ['T1547.014'],
  },
  {
    says: 'library of the print service',
    path: /\\control\\print\\monitors\\[^\\]{1,100}\\driver$/,
    part: 'monitors',
    weight: 0.4,
    attack: ['T1547.010'],
  },
  {
    says: 'library of netsh',
    path: /\\microsoft\\netsh\\[^\\]{1,100}$/,
    part: 'netsh',
    weight: 0.45,
    attack: ['T1546.007'],
  },
  {
    says: 'library that Office loads',
    path: /\\office test\\special\\perf\\/,
    part: 'office test',
    weight: 0.6,
    attack: ['T1137.002'],
  },
  {
    says: 'COM class of a user',
    path: /^hku\\[^\\]{1,100}\\(?:software\\classes\\)?clsid\\[^\\]{1,60}\\(?:inprocserver32|localserver32)\\\(default\)$/,
    part: 'server32',
    weight: 0.2,
    attack: ['T1546.015'],
  },
  {
    says: 'program or library of a service',
    path: /\\services\\[^\\]{1,260}\\(?:imagepath|failurecommand|parameters\\servicedll)$/,
    part: 'services',
    weight: 0.15,
    attack: ['T1543.003'],
  },
];

/** Longer paths are looked at up to here. */
const maxPathLength = 1024;

export function placeOf(path: string): RegistryPlace | undefined {
  const lower = path.slice(0, maxPathLength).toLowerCase();
  return registryPlaces.find((place) => place.path.test(lower));
}
