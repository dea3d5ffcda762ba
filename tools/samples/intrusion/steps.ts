/** The intrusion in order. The ids stand in `samples/answers.json`. */
export const steps = {
  probe: {
    title: 'A client outside sends requests with an obfuscated JNDI look-up in their headers to web01',
    attack: ['T1190'],
  },
  callback: {
    title: "web01's Java asks the LDAP server that the look-up names",
    attack: ['T1190', 'T1071'],
  },
  payload: {
    title: 'Java fetches a class over HTTP and runs it',
    attack: ['T1105', 'T1203'],
  },
  shell: {
    title: 'Java starts a shell; curl piped into bash fetches a script and a hidden binary',
    attack: ['T1059.004', 'T1105', 'T1564.001'],
  },
  persistence: {
    title: "A cron file is written to the host through a mount and the host's cron starts the hidden binary",
    attack: ['T1053.003', 'T1611'],
  },
  collection: {
    title: 'The binary reads the password file',
    attack: ['T1003.008'],
  },
  beacon: {
    title: 'The binary calls home by TLS about every ten minutes',
    attack: ['T1071.001', 'T1573'],
  },
  exfiltration: {
    title: 'The binary sends a file out in the labels of DNS questions',
    attack: ['T1048.003', 'T1071.004'],
  },
} as const satisfies Readonly<Record<string, { readonly title: string; readonly attack: readonly string[] }>>;

export type StepId = keyof typeof steps;
