/** A way to work on another machine. */
export interface RemoteService {
  readonly name: string;
  readonly ports: readonly number[];
  /** What sensors call the protocol. */
  readonly protocols: readonly string[];
  readonly attack: string;
}

export const remoteServices: readonly RemoteService[] = [
  { name: 'SSH', ports: [22], protocols: ['ssh'], attack: 'T1021.004' },
  { name: 'SMB', ports: [139, 445], protocols: ['smb'], attack: 'T1021.002' },
  { name: 'RDP', ports: [3389], protocols: ['rdp'], attack: 'T1021.001' },
  { name: 'WinRM', ports: [5985, 5986], protocols: ['winrm'], attack: 'T1021.006' },
  { name: 'RPC', ports: [135], protocols: ['dce_rpc', 'dcerpc'], attack: 'T1021.003' },
  { name: 'VNC', ports: [5900, 5901, 5902, 5903], protocols: ['rfb', 'vnc'], attack: 'T1021.005' },
];

/** Log-ins that a machine itself wrote down; by which service is not told. */
export const logOn = 'log-on';

/** What is done on another machine through RPC (MS-SCMR, MS-TSCH, MS-WMI) or a share of administrators. */
export interface RemoteAct {
  readonly id: string;
  readonly says: string;
  readonly weight: number;
  readonly attack: string;
}

export const remoteActs: readonly RemoteAct[] = [
  { id: 'service', says: 'makes or changes services there', weight: 0.25, attack: 'T1569.002' },
  { id: 'task', says: 'makes scheduled tasks there', weight: 0.25, attack: 'T1053.005' },
  { id: 'wmi', says: 'runs methods of WMI there', weight: 0.2, attack: 'T1047' },
  { id: 'share', says: 'opens shares of administrators', weight: 0.1, attack: 'T1021.002' },
];
