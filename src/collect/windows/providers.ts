import type { Provider } from './provider.ts';
import { bits } from './providers/bits.ts';
import { defender } from './providers/defender.ts';
import { eventLog } from './providers/event-log.ts';
import { firewall } from './providers/firewall.ts';
import { powershell } from './providers/powershell.ts';
import { openssh } from './providers/openssh.ts';
import { remoteDesktop, remoteDesktopCore } from './providers/remote-desktop.ts';
import { security } from './providers/security.ts';
import { serviceControl } from './providers/service-control.ts';
import { sysmon } from './providers/sysmon.ts';
import { taskScheduler } from './providers/task-scheduler.ts';
import { wmi } from './providers/wmi.ts';

/** Providers whose events become events of a kind of their own. */
export const providers: readonly Provider[] = [
  bits,
  defender,
  eventLog,
  firewall,
  openssh,
  powershell,
  remoteDesktop,
  remoteDesktopCore,
  security,
  serviceControl,
  sysmon,
  taskScheduler,
  wmi,
];
