import type { Micros } from '../../../src/base/time.ts';
import type { Flow } from '../model/network.ts';
import type { Scene } from '../model/scene.ts';
import { tcp } from './tcp.ts';

export interface SshPlan {
  readonly time: Micros;
  readonly client: string;
  readonly server: string;
  readonly upBytes: number;
  readonly downBytes: number;
  readonly durationMicros: number;
  readonly clientVersion?: string;
  readonly serverVersion?: string;
  readonly isLoggedIn?: boolean;
}

/** An SSH session with a key. */
export function sshSession(scene: Scene, plan: SshPlan): Flow {
  const flow = tcp(scene, {
    time: plan.time,
    client: plan.client,
    server: plan.server,
    serverPort: 22,
    upBytes: plan.upBytes + 2_800,
    downBytes: plan.downBytes + 3_100,
    durationMicros: plan.durationMicros,
    services: ['ssh'],
    appProto: 'ssh',
  });
  scene.evidence.ssh.push({
    flow,
    clientVersion: plan.clientVersion ?? 'SSH-2.0-OpenSSH_for_Windows_9.5',
    serverVersion: plan.serverVersion ?? 'SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u5',
    isLoggedIn: plan.isLoggedIn ?? true,
    attempts: 1,
  });
  return flow;
}
