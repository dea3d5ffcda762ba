import type { FaultPolicy } from '../../../../collect/tls-proxy/proxy-options.ts';

/** As commander hands them over: numbers are still text. */
export interface TlsProxyOptions {
  readonly ca: string;
  readonly caExport?: boolean;
  readonly output?: string;
  readonly connect: readonly string[];
  readonly socks: readonly string[];
  readonly transparent: readonly string[];
  readonly transparentPort: string;
  readonly allowFrom: readonly string[];
  readonly rules?: string;
  readonly upstreamCa?: string;
  readonly onBadOrigin: FaultPolicy;
  readonly failOpen: string;
  readonly pcapOverIp?: string;
  readonly capturePort?: string;
  readonly keylog?: string;
  readonly rotateMb: string;
  readonly keepMb: string;
  readonly maxConnections: string;
  readonly idle: string;
  readonly for?: string;
}
